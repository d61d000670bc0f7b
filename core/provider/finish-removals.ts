import { ControlPlaneError } from '../errors.ts';
import { findResource } from '../inventory/read.ts';
import type { Clock, Ids, Log, Rows } from '../ports.ts';
import { carryOutRemoval } from './remove.ts';
import { dropRemoval, openRemovals, type RemovalMark } from './removing.ts';

interface Store {
  readonly rows: Rows;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'ulid'>;
  readonly log: Log;
}

/** Longer than any request lives. */
const requestMs = 60_000;

const finish = async ({ rows, clock, ids, log }: Store, { providerId, by }: RemovalMark): Promise<void> => {
  const provider = await findResource(rows, 'system', { type: 'StorageProvider', id: providerId });
  if (!provider?.removal) return rows.transact([dropRemoval(providerId)]);
  const author = { actor: by, at: new Date(clock.now()).toISOString(), ulid: () => ids.ulid() };
  await rows.transact(await carryOutRemoval({ rows, author }, provider));
  log.warn('a storage provider whose removal was cut short is removed; send the removal again to remove its secret', { providerId });
};

/** Carries on the removals of requests that died. What cannot be ended now is tried again by the next tick. */
export const finishRemovals = async (store: Store): Promise<void> => {
  const due = (await openRemovals(store.rows)).filter(({ at }) => Date.parse(at) + requestMs <= store.clock.now());
  for (const mark of due)
    try {
      await finish(store, mark);
    } catch (error) {
      if (error instanceof ControlPlaneError && error.code === 'resource.inUse')
        store.log.warn('the removal of a storage provider was taken back', { providerId: mark.providerId, error });
      else store.log.error('the removal of a storage provider could not be ended; the next tick tries again', { error });
    }
};
