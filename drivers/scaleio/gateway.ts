import type * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';
import type { HttpAnswer } from '../sdk/https.ts';
import { readAnswer, requireDone } from './answer.ts';
import type { Facts } from './facts.ts';
import { failureOf } from './failures.ts';
import type { Session } from './login.ts';
import { type Context, type GatewayCall, send } from './send.ts';
import { openSession, type SessionKeeper } from './sessions.ts';
import type { SystemWire } from './wire-session.ts';

/** The array's REST interface, for the length of one run. */
export interface Gateway {
  /** As it was when the run began. */
  readonly system: SystemWire;
  /** Of the management interface, such as 3.6. */
  readonly version: string;
  readonly facts: Facts;
  get<T>(schema: z.ZodType<T>, path: string): Promise<T>;
  /** A question that the array takes by POST. */
  ask<T>(schema: z.ZodType<T>, path: string, body: unknown): Promise<T>;
  create<T>(schema: z.ZodType<T>, path: string, body: unknown): Promise<T>;
  act(path: string, body: unknown): Promise<void>;
}

const invalidSession = '248';

/** The array did not look at the call itself, so that even a changing one may be sent again. */
const isSessionLost = (answer: HttpAnswer): boolean =>
  answer.status === 401 ||
  answer.status === 403 ||
  (answer.status === 500 && failureOf({ ...answer, changes: false }).nativeCode === invalidSession);

const caller =
  (keeper: SessionKeeper, context: Context): Call =>
  async (call) => {
    const once = ({ https, authorization }: Session): Promise<HttpAnswer> => send(https, call, { context, authorization });
    const session = await keeper.current(context);
    const answer = await once(session);
    if (!isSessionLost(answer)) return answer;
    const again = await once(await keeper.renew(session, context, { isAlive: answer.status === 403 }));
    if (!isSessionLost(again)) return again;
    throw new DriverError('the array does not let this user do that', {
      outcome: 'DriverRejected',
      code: 'credentials.refused',
      nativeCode: `http-${again.status}`,
    });
  };

type Call = (call: GatewayCall) => Promise<HttpAnswer>;

export const gatewayOf = ({ system, version, facts }: Pick<Session, 'system' | 'version' | 'facts'>, call: Call): Gateway => ({
  system,
  version,
  facts,
  get: async (schema, path) => readAnswer(await call({ method: 'GET', path, kind: 'read' }), schema),
  ask: async (schema, path, body) => readAnswer(await call({ method: 'POST', path, body, kind: 'read' }), schema),
  create: async (schema, path, body) => readAnswer(await call({ method: 'POST', path, body, kind: 'change' }), schema, true),
  act: async (path, body) => requireDone(await call({ method: 'POST', path, body, kind: 'change' })),
});

export const openGateway = async (context: Context): Promise<Gateway> => {
  const keeper = await openSession(context);
  return gatewayOf(await keeper.current(context), caller(keeper, context));
};
