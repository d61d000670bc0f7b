import type { DriverContext } from '../sdk/driver.ts';
import { DriverError } from '../sdk/errors.ts';
import type { HttpAnswer, HttpsEndpoint } from '../sdk/https.ts';
import type { ScaleioOptions } from './config.ts';

export type Context = DriverContext<ScaleioOptions>;

export interface GatewayCall {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  kind: 'login' | 'read' | 'change';
}

const timeLeftMs = ({ options, deadline, now }: Context): number => {
  const leftMs = Math.min(options.requestTimeoutSeconds * 1000, deadline - now());
  if (leftMs > 0) return leftMs;
  throw new DriverError('no time was left to ask the gateway', { outcome: 'DriverBusy', code: 'time.exhausted' });
};

/** Sends one request, within the run's deadline, and counts it. Any status is an answer. */
export const send = async (
  https: HttpsEndpoint,
  call: GatewayCall,
  { context, authorization }: { context: Context; authorization?: string },
): Promise<HttpAnswer> => {
  const timeoutMs = timeLeftMs(context);
  context.onGatewayCall(call.kind);
  return https.call({
    method: call.method,
    path: call.path,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    changes: call.kind === 'change',
    timeoutMs,
  });
};
