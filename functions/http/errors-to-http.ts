import { ControlPlaneError, errorBody, errorKinds } from '../../core/errors.ts';
import type { Log } from '../../core/ports.ts';
import type { JsonAnswer } from './json-response.ts';

const retryAfterSeconds: Readonly<Record<number, string>> = { 429: '1', 503: '5' };

const allowOf = (cause: unknown): string | undefined =>
  typeof cause === 'object' && cause !== null && 'allow' in cause ? String(cause.allow) : undefined;

const headersOf = (status: number, error: ControlPlaneError): Record<string, string> => {
  const retryAfter = retryAfterSeconds[status];
  const allow = status === 405 ? allowOf(error.cause) : undefined;
  return {
    ...(status === 401 ? { 'WWW-Authenticate': 'basic realm="Patina"' } : {}),
    ...(retryAfter ? { 'Retry-After': retryAfter } : {}),
    ...(allow ? { Allow: allow } : {}),
  };
};

/** An error nobody foresaw is logged here, once, and told by its correlation id alone; of a missing right the log has what is not told. */
const foreseen = (error: unknown, { correlationId, log }: { correlationId: string; log: Log }): ControlPlaneError => {
  if (error instanceof ControlPlaneError) {
    if (error.code === 'deployment.rightMissing') log.error('a right is missing', { correlationId, error });
    return error;
  }
  log.error('a request failed unexpectedly', { correlationId, error });
  return new ControlPlaneError(`the request failed unexpectedly; the log has it under correlation id ${correlationId}`, {
    code: 'internal.unexpected',
    cause: error,
  });
};

/** Any error as CoprHD's body with its status. */
export const errorAnswer = (error: unknown, context: { correlationId: string; log: Log }): JsonAnswer => {
  const known = foreseen(error, context);
  const { status } = errorKinds[known.code];
  return { status, body: errorBody(known.code, known.message), headers: headersOf(status, known) };
};
