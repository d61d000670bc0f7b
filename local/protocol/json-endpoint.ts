import { type HttpCall, type LocalEndpoint, startHttpEndpoint } from './http-endpoint.ts';
import { ServiceError } from './service-error.ts';

export interface JsonCall {
  /** Name of the operation, such as `StartExecution`. */
  operation: string;
  body: unknown;
  /** Access key id that signed the request. */
  caller: string;
}

export interface JsonEndpointOptions {
  /** What stands before the dot in `X-Amz-Target`, such as `AWSStepFunctions`. */
  target: string;
  version: '1.0' | '1.1';
  maxRequestBytes: number;
  /** The result, or a ServiceError, AccessDenied, AnswerLost or ZodError. */
  answer: (call: JsonCall) => unknown;
}

/** A service of one target whose answers are objects. */
export const startJsonEndpoint = ({ target, version, maxRequestBytes, answer }: JsonEndpointOptions): Promise<LocalEndpoint> => {
  const contentType = `application/x-amz-json-${version}`;
  return startHttpEndpoint({
    contentType,
    maxRequestBytes,
    answer: async (call) => {
      if (!call.target.startsWith(`${target}.`)) throw new ServiceError('UnknownOperationException', `no such target: ${call.target}`);
      const result = await answer({ operation: call.operation, body: parse(call), caller: call.caller });
      return { status: 200, headers: { 'content-type': contentType }, body: JSON.stringify(result ?? {}) };
    },
  });
};

const parse = ({ body }: HttpCall): unknown => {
  try {
    return JSON.parse(body === '' ? '{}' : body);
  } catch (cause) {
    throw Object.assign(new ServiceError('SerializationException', 'the request is not JSON'), { cause });
  }
};
