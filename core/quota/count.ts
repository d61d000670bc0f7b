import type { Condition, Write } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import { getMany, listStubs } from '../inventory/read.ts';
import { resourceKey } from '../inventory/resource.ts';
import type { Volume } from '../inventory/schemas.ts';
import { packed } from '../operation/chunks.ts';
import type { Clock, Rows } from '../ports.ts';
import { parseUrn } from '../urn.ts';
import { heldBytes } from './held-bytes.ts';
import { limits } from './limits.ts';
import { countingKey, findQuota, type Quota, quotaKey } from './quota.ts';
import { visitVolumes } from './scope.ts';

interface Store {
  readonly rows: Rows;
  readonly clock: Pick<Clock, 'now'>;
}

/** Of one volume by itself: false when it was changed since it was read. */
const written = async (rows: Rows, writes: readonly Write[]): Promise<boolean> => {
  try {
    await rows.transact(writes);
    return true;
  } catch (error) {
    if (error instanceof ControlPlaneError && error.code === 'resource.changed') return false;
    throw error;
  }
};

const poolsAtOnce = 20;

/** Orders that were planned before do not know of the quota: each of them asks for the version of its pools, and is planned again. */
const outdateOrders = async (rows: Rows): Promise<string[]> => {
  const { stubs } = await listStubs(rows, { type: 'StoragePool', scope: 'all' });
  const outdate = ({ id }: { readonly id: string }): Write => ({
    do: 'update',
    table: 'Inventory',
    key: resourceKey(id),
    add: { version: 1 },
    when: [{ attribute: 'version', is: 'present' }],
  });
  for (const some of packed(stubs, () => 1, { most: poolsAtOnce })) await Promise.all(some.map((stub) => written(rows, [outdate(stub)])));
  return stubs.map(({ id }) => id);
};

const ownWrite = ({ id, version }: Quota, change: Pick<Extract<Write, { do: 'update' }>, 'set' | 'remove' | 'add'>): Write => ({
  do: 'update',
  table: 'Inventory',
  key: quotaKey(id),
  ...change,
  when: [
    { attribute: 'version', is: '=', value: version },
    { attribute: 'state', is: '=', value: 'counting' },
  ],
});

/** Of an order in several transactions only the first one is refused for what it does not know; the others come soon, or never. */
const prepare = async ({ rows, clock }: Store, quota: Quota): Promise<string | undefined> => {
  const ids = await outdateOrders(rows);
  const pools = await getMany(rows, 'system', { type: 'StoragePool', ids });
  const now = new Date(clock.now()).toISOString();
  const countableFrom = pools.reduce((latest, { storingUntil = '' }) => (storingUntil > latest ? storingUntil : latest), now);
  return (await written(rows, [ownWrite(quota, { set: { countableFrom } })])) ? countableFrom : undefined;
};

const markOf = (id: string) => {
  const limit = limits.find(({ type }) => type === parseUrn(id)?.type);
  if (!limit) throw new RangeError(`${id} has no quota`);
  return limit.mark;
};

const asRead = ({ activeTaskId, provisionedBytes }: Volume): Condition[] => [
  { attribute: 'inactive', is: '=', value: false },
  { attribute: 'provisionedBytes', is: '=', value: provisionedBytes },
  activeTaskId === undefined ? { attribute: 'activeTaskId', is: 'absent' } : { attribute: 'activeTaskId', is: '=', value: activeTaskId },
];

interface Uncounted {
  readonly volume: Volume;
  readonly bytes: number;
}

const countWrites = (id: string, some: readonly Uncounted[]): Write[] => {
  const mark = markOf(id);
  const usedBytes = some.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    { do: 'update', table: 'Inventory', key: quotaKey(id), add: { usedBytes, moves: 1 } },
    ...some.map(
      ({ volume }): Write => ({
        do: 'update',
        table: 'Inventory',
        key: resourceKey(volume.id),
        set: { [mark]: true },
        when: [{ attribute: mark, is: 'absent' }, ...asRead(volume)],
      }),
    ),
  ];
};

const volumesAtOnce = 50;

/** Takes volumes into the counter, as they were read. What somebody changes meanwhile is left to the next round. */
const countIn = async (rows: Rows, id: string, volumes: readonly Volume[]): Promise<void> => {
  const uncounted = await Promise.all(
    volumes.map(async (volume): Promise<Uncounted> => ({ volume, bytes: await heldBytes(rows, volume) })),
  );
  for (const some of packed(uncounted, () => 1, { most: volumesAtOnce })) {
    if (await written(rows, countWrites(id, some))) continue;
    for (const one of some) await written(rows, countWrites(id, [one]));
  }
};

/** One round over all volumes; whether none was left that was not counted before. */
const countRound = async ({ rows, clock }: Store, id: string, untilMs: number): Promise<boolean> => {
  const mark = markOf(id);
  let isWhole = true;
  await visitVolumes(rows, id, async (volumes) => {
    const uncounted = volumes.filter((volume) => !volume[mark]);
    isWhole &&= uncounted.length === 0;
    await countIn(rows, id, uncounted);
    return isWhole || clock.now() < untilMs;
  });
  return isWhole;
};

/**
 * Counts what a quota that was enabled has already; true when it holds. To be called again, by anybody and at any time, until then: it goes on
 * where it was. The volumes of each transaction get their marks with it, so that none is counted twice and none that is given back stays counted.
 */
export const countQuota = async (store: Store, id: string, untilMs: number): Promise<boolean> => {
  const quota = await findQuota(store.rows, id);
  if (quota?.state !== 'counting') return true;
  const countableFrom = quota.countableFrom ?? (await prepare(store, quota));
  if (countableFrom === undefined || new Date(store.clock.now()).toISOString() < countableFrom) return false;
  while (!(await countRound(store, id, untilMs))) if (store.clock.now() >= untilMs) return false;
  const counted = ownWrite(quota, { set: { state: 'counted' }, remove: ['countableFrom'], add: { version: 1 } });
  return written(store.rows, [counted, { do: 'delete', table: 'Inventory', key: countingKey(id) }]);
};
