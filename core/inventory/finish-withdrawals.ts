import type { Row, Write } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import type { Clock, Ids, Log, Rows } from '../ports.ts';
import { answerIdempotency, freeIdempotency, isReserved } from '../request.ts';
import { type Author, changed } from './changes.ts';
import { fromRow, resourceKey, typeOf } from './resource.ts';
import { poolSchema, type ResourceType, schemas, vpoolSchema } from './schemas.ts';
import { userOf } from './users.ts';
import { dropMark, openMarks, type WithdrawalMark } from './withdrawal-mark.ts';

interface Store {
  readonly rows: Rows;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'ulid'>;
  readonly log: Log;
}

/** Longer than any request lives. */
const requestMs = 60_000;

const merged = (present: readonly string[], more: readonly string[]): string[] => [...new Set([...present, ...more])];

const longestName = 128;

/** What took the name meanwhile keeps it. */
const otherName = (name: string, sk: string): string => `${name.slice(0, longestName - sk.length - 1)} ${sk}`;

/** Gives back what was taken, whatever else was changed since. */
const givenBack = (row: Row, { id, taken, sk }: WithdrawalMark, { author, isTaken }: { author: Author; isTaken: boolean }): Write[] => {
  const type = typeOf({ id }) as ResourceType;
  if (taken === 'itself') {
    const resource = fromRow(schemas[type], row);
    return changed(resource, { inactive: false, name: isTaken ? otherName(resource.name, sk) : resource.name }, { author });
  }
  if (type === 'VirtualPool') {
    const vpool = fromRow(vpoolSchema, row);
    return changed(vpool, { varrayIds: merged(vpool.varrayIds, taken) }, { author });
  }
  const pool = fromRow(poolSchema, row);
  return changed(pool, { assignedVarrayIds: merged(pool.assignedVarrayIds, taken) }, { author });
};

/** What the request's idempotency key waits for: the answer, or to be free again. */
const keyWrites = async (rows: Rows, { idempotency: key, answer }: WithdrawalMark, isUsed: boolean): Promise<Write[]> => {
  if (!key || !(await isReserved(rows, key))) return [];
  return [isUsed ? freeIdempotency(key.pk) : answerIdempotency(key, answer)];
};

/** The second look in place of the request: gives back what somebody uses; else what was taken stays away. */
const finish = async ({ rows, clock, ids, log }: Store, mark: WithdrawalMark): Promise<void> => {
  const row = await rows.get('Inventory', resourceKey(mark.id));
  const user = row && (await userOf(rows, { resource: { id: mark.id, name: String(row['name']) }, taken: mark.taken }));
  const end = [dropMark(mark), ...(await keyWrites(rows, mark, user !== undefined))];
  log.warn('a withdrawal whose request has died is ended', { id: mark.id, user: user ?? 'none' });
  if (row === undefined || user === undefined) return rows.transact(end);
  const author: Author = { actor: mark.by, at: new Date(clock.now()).toISOString(), ulid: () => ids.ulid() };
  try {
    await rows.transact([...givenBack(row, mark, { author, isTaken: false }), ...end]);
  } catch (error) {
    if (!(error instanceof ControlPlaneError && error.code === 'resource.nameTaken')) throw error;
    await rows.transact([...givenBack(row, mark, { author, isTaken: true }), ...end]);
  }
};

/** Ends what requests that died have left between their two looks. What cannot be ended now is tried again by the next tick. */
export const finishWithdrawals = async (store: Store): Promise<void> => {
  const due = (await openMarks(store.rows)).filter(({ at }) => Date.parse(at) + requestMs <= store.clock.now());
  for (const mark of due)
    try {
      await finish(store, mark);
    } catch (error) {
      store.log.error('a withdrawal could not be ended; the next tick tries again', { id: mark.id, error });
    }
};
