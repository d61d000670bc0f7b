import { createHash } from 'node:crypto';
import { asDriverError } from '../sdk/failure.ts';
import type { HttpAnswer } from '../sdk/https.ts';
import { logIn, logOut, readSystemCall, type Session, verifiedSystem } from './login.ts';
import { type Context, send } from './send.ts';

/** Of the 128 that the array allows all its clients. */
const maxKept = 4;

/** One array's session, shared by the runs of this process. */
export interface SessionKeeper {
  hasSession(): boolean;
  /** Logs in when there is no session. */
  current(context: Context): Promise<Session>;
  /** Logs in again, unless another call did since; a session that the array may still hold is given back. */
  renew(stale: Session, context: Context, was?: { isAlive: boolean }): Promise<Session>;
  drop(context: Context): Promise<void>;
}

const keepSession = (): SessionKeeper => {
  let kept: Promise<Session> | undefined;
  const login = (context: Context): Promise<Session> => {
    const attempt = logIn(context);
    kept = attempt;
    attempt.catch(() => {
      if (kept === attempt) kept = undefined;
    });
    return attempt;
  };
  return {
    hasSession: () => kept !== undefined,
    current: (context) => kept ?? login(context),
    async renew(stale, context, { isAlive } = { isAlive: false }) {
      const before = kept;
      const now = await before;
      if (kept !== undefined && kept !== before) return kept;
      if (now !== undefined && now !== stale) return now;
      const attempt = login(context);
      if (isAlive) await logOut(stale, context);
      else stale.https.close();
      return attempt;
    },
    async drop(context) {
      const dropped = kept;
      kept = undefined;
      const session = await dropped?.catch(() => undefined);
      if (session !== undefined) await logOut(session, context);
    },
  };
};

const keepers = new Map<string, SessionKeeper>();

/** Who may use a session: whoever knows the same array, the same networks and the same credentials. */
const keyOf = ({ connection, arrayId, credentials, allowedCidrs }: Context): string =>
  createHash('sha256')
    .update(JSON.stringify([connection, arrayId, credentials, allowedCidrs]))
    .digest('hex');

const keeperOf = async (context: Context): Promise<SessionKeeper> => {
  const key = keyOf(context);
  const keeper = keepers.get(key) ?? keepSession();
  keepers.delete(key);
  keepers.set(key, keeper);
  const [oldest, evicted] = [...keepers][0] ?? [];
  if (keepers.size > maxKept && oldest !== undefined) {
    keepers.delete(oldest);
    await evicted?.drop(context);
  }
  return keeper;
};

const isSessionLost = (status: number): boolean => status === 401 || status === 403;

const adopt = async (session: Session, found: { keeper: SessionKeeper; context: Context; answer: HttpAnswer }): Promise<void> => {
  try {
    session.system = verifiedSystem(found.answer, found.context);
  } catch (error) {
    await found.keeper.drop(found.context);
    throw error;
  }
};

/** Asks who answers, once in every run; a dead session or gateway leads to a new login, which asks too. */
const verify = async (keeper: SessionKeeper, context: Context): Promise<void> => {
  const session = await keeper.current(context);
  const answer = await send(session.https, readSystemCall, { context, authorization: session.authorization }).catch(asDriverError);
  if (answer instanceof Error) {
    if (answer.code !== 'array.unreachable') throw answer;
    await keeper.renew(session, context);
  } else if (isSessionLost(answer.status)) {
    await keeper.renew(session, context);
  } else {
    await adopt(session, { keeper, context, answer });
  }
};

/** A session with the pinned array, verified for this run. */
export const openSession = async (context: Context): Promise<SessionKeeper> => {
  const keeper = await keeperOf(context);
  if (keeper.hasSession()) await verify(keeper, context);
  else await keeper.current(context);
  return keeper;
};
