import { setImmediate as turn } from 'node:timers/promises';
import * as z from 'zod';
import { awsLimits } from '../../core/limits.ts';
import { AccessDenied, type Clock, type Invoke, type InvokeRequest } from '../ports.ts';
import type { Json } from './interpreter.ts';

/** An error as Retry and Catch see it: by `name`, with `message` as its Cause. */
export class TaskError extends Error {
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  constructor(name: string, cause: string, handled = true) {
    super(cause);
    this.name = name;
    this.isRetryable = handled;
    this.isCatchable = handled;
  }
}

export interface TaskPorts {
  clock: Clock;
  invoke: Invoke;
  /** Access key id of the machine's role. */
  caller: string;
  /** Aborted when the execution has ended: nothing may be called any more. */
  over: AbortSignal;
  record(type: string, details?: Record<string, unknown>): void;
}

const parametersSchema = z.looseObject({ FunctionName: z.string(), Payload: z.json().default({}) });
const lambdaErrorSchema = z.looseObject({ errorType: z.string() });
const resource = { resourceType: 'lambda', resource: 'invoke' };

/** Ends the interpreter's own loop after the execution has ended; nobody sees it. */
const executionOver = () => new TaskError('ExecutionOver', '', false);

/** What `arn:aws:states:::lambda:invoke` does, once: invokes the named function and answers as that integration does. */
export const runTask = async (ports: TaskPorts, parameters: Json, timeoutSeconds: number): Promise<Json> => {
  // The state's entry reaches the journal in this turn; the effect must not come before it.
  await turn();
  if (ports.over.aborted) throw executionOver();
  const { FunctionName, Payload } = parseParameters(parameters);
  const payload = limited(JSON.stringify(Payload));
  ports.record('TaskScheduled', { taskScheduledEventDetails: { ...resource, parameters: JSON.stringify(parameters) } });
  ports.record('TaskStarted', { taskStartedEventDetails: resource });
  try {
    const request: InvokeRequest = { caller: ports.caller, functionName: FunctionName, payload, invocationType: 'RequestResponse' };
    const result = { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: await invokeWithin(ports, request, timeoutSeconds) };
    ports.record('TaskSucceeded', { taskSucceededEventDetails: { ...resource, output: limited(JSON.stringify(result)) } });
    return result;
  } catch (error) {
    throw recorded(ports, taskErrorOf(error));
  }
};

const parseParameters = (parameters: Json) => {
  const { success, data } = parametersSchema.safeParse(parameters);
  if (!success) throw new TaskError('States.Runtime', 'Parameters have no FunctionName', false);
  return data;
};

const limited = (text: string): string => {
  if (Buffer.byteLength(text) <= awsLimits.executionPayloadBytes) return text;
  throw new TaskError('States.DataLimitExceeded', `more than ${awsLimits.executionPayloadBytes} bytes`, false);
};

const invokeWithin = (ports: TaskPorts, request: InvokeRequest, timeoutSeconds: number): Promise<Json> => {
  const { promise, resolve, reject } = Promise.withResolvers<Json>();
  // The function runs on after that, as on AWS.
  const timer = ports.clock.after(timeoutSeconds * 1000, () => reject(new TaskError('States.Timeout', '')));
  const stop = () => reject(executionOver());
  ports.over.addEventListener('abort', stop, { once: true });
  ports
    .invoke(request)
    .then((answer) => resolve(resultOf(answer.payload, answer.functionError)))
    .catch(reject);
  return promise.finally(() => {
    timer.cancel();
    ports.over.removeEventListener('abort', stop);
  });
};

const resultOf = (payload: string, functionError: string | undefined): Json => {
  const value: Json = payload === '' ? null : JSON.parse(payload);
  if (functionError === undefined) return value;
  throw new TaskError(lambdaErrorSchema.safeParse(value).data?.errorType ?? 'Lambda.Unknown', payload);
};

/** Errors of the call itself appear under the names that the Lambda integration gives them. */
const taskErrorOf = (error: unknown): TaskError => {
  if (error instanceof TaskError) return error;
  if (error instanceof AccessDenied) return new TaskError('Lambda.AWSLambdaException', error.message);
  if (!(error instanceof Error)) return new TaskError('Lambda.Unknown', String(error));
  return new TaskError(error.name.endsWith('Exception') ? `Lambda.${error.name}` : 'Lambda.SdkClientException', error.message);
};

const recorded = (ports: TaskPorts, error: TaskError): TaskError => {
  if (ports.over.aborted) return error;
  const details = { ...resource, error: error.name, cause: error.message };
  if (error.name === 'States.Timeout') ports.record('TaskTimedOut', { taskTimedOutEventDetails: details });
  else ports.record('TaskFailed', { taskFailedEventDetails: details });
  return error;
};
