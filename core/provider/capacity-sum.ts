import type { Write } from '../change.ts';
import { type Author, changed } from '../inventory/changes.ts';
import { getMany } from '../inventory/read.ts';
import type { StoragePool, StorageProvider, Volume } from '../inventory/schemas.ts';
import type { Operation } from '../operation/schema.ts';
import { findOperation, openPk, taskKey, taskOf } from '../operation/store.ts';
import type { Rows } from '../ports.ts';
import { isUrnOf } from '../urn.ts';
import { readOwners } from '../volume/native-row.ts';
import { poolsOf } from './pools.ts';

/** By how much a pool's books exceed the sum of its volumes. */
export interface PoolDifference {
  readonly pool: StoragePool;
  readonly bytes: number;
  readonly thickBytes: number;
  /** In number; none while the pool is not counted. */
  readonly volumes: number;
  /** How many volumes were summed. */
  readonly found: number;
}

/** Operations that have not ended. */
export const openOperations = async (rows: Rows): Promise<Operation[]> => {
  const found: Operation[] = [];
  let cursor: string | undefined;
  do {
    const page = await rows.query({ table: 'Tasks', index: 'Open', pk: openPk, limit: 100, ...(cursor ? { cursor } : {}) });
    const operations = await Promise.all(page.rows.map(({ pk }) => findOperation(rows, pk.slice('OPERATION#'.length))));
    found.push(...operations.flatMap((operation) => operation ?? []));
    cursor = page.cursor;
  } while (cursor);
  return found;
};

/** Volumes that are not on the array yet are known by the tasks that make them. */
const volumesInWork = async (rows: Rows, operations: readonly Operation[]): Promise<string[]> => {
  const tasks = await rows.getMany('Tasks', operations.flatMap(({ taskIds }) => taskIds).map(taskKey));
  return tasks.flatMap((row) => (row ? [taskOf(row).resourceId] : [])).filter((id) => isUrnOf('Volume', id));
};

interface Sum {
  bytes: number;
  thickBytes: number;
  volumes: number;
  /** One of its volumes grows; by how much is told when that has ended. */
  isMoving: boolean;
}

const nothing: Sum = { bytes: 0, thickBytes: 0, volumes: 0, isMoving: false };

const addTo = (sums: Map<string, Sum>, { poolId, provisionedBytes, provisioningType, state }: Volume): void => {
  const { bytes, thickBytes, volumes, isMoving } = sums.get(poolId) ?? nothing;
  sums.set(poolId, {
    bytes: bytes + provisionedBytes,
    thickBytes: thickBytes + (provisioningType === 'thick' ? provisionedBytes : 0),
    volumes: volumes + 1,
    isMoving: isMoving || state === 'expanding',
  });
};

const pageSize = 1000;

const sumsOf = async (rows: Rows, ids: readonly string[]): Promise<ReadonlyMap<string, Sum>> => {
  const sums = new Map<string, Sum>();
  for (let start = 0; start < ids.length; start += pageSize) {
    const volumes = await getMany(rows, 'system', { type: 'Volume', ids: ids.slice(start, start + pageSize) });
    for (const volume of volumes) if (!volume.inactive) addTo(sums, volume);
  }
  return sums;
};

const sameBooks = (before: StoragePool, after: StoragePool | undefined): boolean =>
  after?.managedBytes === before.managedBytes &&
  after.managedThickBytes === before.managedThickBytes &&
  after.managedCount === before.managedCount;

/**
 * Sums the volumes of an array by pool, by consistent reads, 1,000 at a time. Pools whose books move meanwhile are left out, and all while
 * a large order is being stored.
 */
export const sumPools = async (rows: Rows, { id, arrayId }: Pick<StorageProvider, 'id' | 'arrayId'>): Promise<PoolDifference[]> => {
  const pools = await poolsOf(rows, id);
  const operations = await openOperations(rows);
  if (operations.some(({ state }) => state === 'accepting')) return [];
  const inWork = await volumesInWork(rows, operations);
  const owners = await readOwners(rows, arrayId);
  const volumeIds = [...owners.values()].filter((volumeId) => isUrnOf('Volume', volumeId));
  const sums = await sumsOf(rows, [...new Set([...volumeIds, ...inWork])]);
  const now = await getMany(rows, 'system', { type: 'StoragePool', ids: pools.map((pool) => pool.id) });
  return pools.flatMap((before) => {
    const pool = now.find((each) => each.id === before.id);
    const sum = sums.get(before.id) ?? nothing;
    if (!pool || !sameBooks(before, pool) || sum.isMoving) return [];
    const { managedBytes, managedThickBytes, managedCount = 0, isCounted } = pool;
    return [
      {
        pool,
        bytes: managedBytes - sum.bytes,
        thickBytes: managedThickBytes - sum.thickBytes,
        volumes: isCounted ? managedCount - sum.volumes : 0,
        found: sum.volumes,
      },
    ];
  });
};

export const isEven = ({ bytes, thickBytes, volumes }: PoolDifference): boolean => bytes === 0 && thickBytes === 0 && volumes === 0;

/** The books stay as they are; the pool tells of the difference, and since when. */
export const differenceWrites = (difference: PoolDifference, author: Author): Write[] => {
  const { pool, bytes, thickBytes, volumes } = difference;
  const since = pool.capacityDifference?.since ?? author.at;
  const capacityDifference = isEven(difference) ? undefined : { since, bytes, thickBytes, volumes };
  return changed(pool, { capacityDifference }, { author });
};
