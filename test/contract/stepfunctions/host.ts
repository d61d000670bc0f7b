import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeExecutionCommand, GetExecutionHistoryCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { onTestFinished } from 'vitest';
import { createClock, type HostClock } from '../../../local/clock/clock.ts';
import type { InvokeAnswer, InvokeRequest, Usage } from '../../../local/ports.ts';
import { type LocalStepFunctions, type StepFunctionsOptions, startStepFunctions } from '../../../local/stepfunctions/start.ts';
import type { ExecutionStatusEvent } from '../../../local/stepfunctions/status-event.ts';

export const region = 'eu-central-1';
export const accountId = '000000000000';
export const machineArn = (name: string) => `arn:aws:states:${region}:${accountId}:stateMachine:${name}`;

export type Lambda = (payload: unknown, request: InvokeRequest) => unknown;

/** A Lambda's failure as the runtime reports it. */
export class LambdaFailure extends Error {
  readonly answer: InvokeAnswer;

  constructor(errorType: string, errorMessage = 'refused') {
    super(errorMessage);
    this.answer = { payload: JSON.stringify({ errorType, errorMessage, trace: [] }), functionError: 'Unhandled' };
  }
}

const invoke =
  (lambda: Lambda) =>
  async (request: InvokeRequest): Promise<InvokeAnswer> => {
    try {
      return { payload: JSON.stringify((await lambda(JSON.parse(request.payload), request)) ?? null) };
    } catch (error) {
      if (error instanceof LambdaFailure) return error.answer;
      throw error;
    }
  };

export interface Host extends LocalStepFunctions {
  client: SFNClient;
  clock: HostClock;
  ended: ExecutionStatusEvent[];
  transitions: () => Record<string, number>;
  /** Starts and returns the ARN. */
  begin: (input?: unknown, name?: string) => Promise<string>;
  /** Waits for the end. */
  settled: (arn: string) => Promise<Awaited<ReturnType<typeof describeExecution>>>;
  types: (arn: string) => Promise<string[]>;
}

const describeExecution = (client: SFNClient, executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));

export const clientOf = (url: string, accessKeyId = 'KEY') =>
  new SFNClient({ endpoint: url, region, maxAttempts: 1, credentials: { accessKeyId, secretAccessKey: 'local' } });

export const temporaryDir = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'patina-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

export interface HostOptions extends Partial<StepFunctionsOptions> {
  definition?: unknown;
  lambda?: Lambda;
  clock?: HostClock;
}

/** A Step Functions endpoint with one machine, `m`, on a clock that skips idle time. */
export const startHost = async (options: HostOptions = {}): Promise<Host> => {
  const clock = options.clock ?? createClock({ mode: 'accelerated', rate: 1, skipIdle: true });
  const ended: ExecutionStatusEvent[] = [];
  const transitions: Record<string, number> = {};
  const meter = {
    add: (caller: string, used: Partial<Usage>) => {
      transitions[caller] = (transitions[caller] ?? 0) + (used.transitions ?? 0);
    },
    snapshot: () => ({}),
  };
  const local = await startStepFunctions({
    dataDir: options.dataDir ?? temporaryDir(),
    authorize: () => undefined,
    invoke: invoke(options.lambda ?? (() => null)),
    meter,
    region,
    accountId,
    machines: [
      {
        name: 'm',
        arn: machineArn('m'),
        definition: options.definition ?? oneTask(),
        key: 'MACHINE',
        roleArn: 'arn:aws:iam::000000000000:role/machine',
      },
    ],
    onExecutionEnded: (event) => ended.push(event),
    ...options,
    clock,
  });
  const client = clientOf(local.url);
  onTestFinished(async () => {
    client.destroy();
    clock.close();
    await local.close();
  });
  return {
    ...local,
    client,
    clock,
    ended,
    transitions: () => transitions,
    begin: async (input = {}, name) => {
      const command = new StartExecutionCommand({ stateMachineArn: machineArn('m'), input: JSON.stringify(input), ...(name && { name }) });
      return (await client.send(command)).executionArn ?? '';
    },
    settled: async (arn) => {
      for (;;) {
        const described = await describeExecution(client, arn);
        if (described.status !== 'RUNNING') return described;
      }
    },
    types: async (arn) => {
      const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn: arn, maxResults: 1000 }));
      return events.map(({ type }) => String(type));
    },
  };
};

/** A Task state that invokes function `f` with the whole state. */
export const task = (fields: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  TimeoutSeconds: 60,
  Parameters: { FunctionName: 'f', 'Payload.$': '$' },
  ...fields,
});

export const oneTask = (fields: Record<string, unknown> = {}) => ({ StartAt: 'Work', States: { Work: task({ End: true, ...fields }) } });
