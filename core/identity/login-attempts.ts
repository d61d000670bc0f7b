import { createHash } from 'node:crypto';
import { absent, type Key, type Row, type Write } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import type { Clock, Rows } from '../ports.ts';
import { rootUser } from './users.ts';

/** Wrong passwords are counted for each user: after so many within so long, none is looked at for a while. */
const mostFailures = 5;
const windowSeconds = 300;
const holdSeconds = 60;

/** Names that nobody has share so many rows, however many are tried. */
const strangerRows = 1024;

export const attemptsPrefix = 'LOGIN#';

const strangerRow = (user: string): number => createHash('sha256').update(user).digest().readUInt32BE() % strangerRows;

const keyOf = (user: string): Key => ({
  pk: `${attemptsPrefix}${user === rootUser ? `USER#${user}` : `STRANGER#${strangerRow(user)}`}`,
  sk: 'FAILURES',
});

export interface AttemptPorts {
  readonly rows: Rows;
  readonly clock: Clock;
}

/** What is known of a user's wrong passwords when a login begins. */
export interface Attempts {
  readonly key: Key;
  readonly nowSeconds: number;
  readonly row: Row | undefined;
}

const holdEndsAt = (row: Row): number => Number(row['lastFailureSeconds']) + holdSeconds;

const isFull = (row: Row): boolean => Number(row['failures']) >= mostFailures;

const isOver = (row: Row, nowSeconds: number): boolean => nowSeconds >= (isFull(row) ? holdEndsAt(row) : Number(row['windowEndsSeconds']));

/** Before a password is looked at. Refuses while the user's logins are held, whatever the password. */
export const beginAttempt = async ({ rows, clock }: AttemptPorts, user: string): Promise<Attempts> => {
  const key = keyOf(user);
  const nowSeconds = Math.floor(clock.now() / 1000);
  const row = await rows.get('Coordination', key);
  if (row && isFull(row) && !isOver(row, nowSeconds))
    throw new ControlPlaneError(
      `there were ${mostFailures} wrong passwords for this user; no password is looked at for ${holdEndsAt(row) - nowSeconds} s, then try again`,
      { code: 'auth.refused' },
    );
  return { key, nowSeconds, row };
};

/** Of two that begin at once, one does. */
const first = ({ key, nowSeconds, row }: Attempts): Write => ({
  do: 'put',
  table: 'Coordination',
  row: {
    ...key,
    failures: 1,
    lastFailureSeconds: nowSeconds,
    windowEndsSeconds: nowSeconds + windowSeconds,
    expiresAtEpochSeconds: nowSeconds + windowSeconds + holdSeconds,
  },
  when: row ? [{ attribute: 'windowEndsSeconds', is: '=', value: Number(row['windowEndsSeconds']) }] : absent,
});

const another = ({ key, nowSeconds }: Attempts): Write => ({
  do: 'update',
  table: 'Coordination',
  key,
  set: { lastFailureSeconds: nowSeconds },
  add: { failures: 1 },
  when: [{ attribute: 'failures', is: '<=', value: mostFailures - 1 }],
});

const wasDone = async (rows: Rows, write: Write): Promise<boolean> => {
  try {
    await rows.transact([write]);
    return true;
  } catch (error) {
    if (error instanceof ControlPlaneError && error.code === 'resource.changed') return false;
    throw error;
  }
};

/** After a wrong password. What others counted meanwhile counts too; beyond the most nothing is written. */
export const countFailure = async ({ rows }: AttemptPorts, attempts: Attempts): Promise<void> => {
  const begins = attempts.row === undefined || isOver(attempts.row, attempts.nowSeconds);
  if (begins && (await wasDone(rows, first(attempts)))) return;
  await wasDone(rows, another(attempts));
};
