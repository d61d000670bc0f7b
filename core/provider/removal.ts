import type { Condition, Write } from '../change.ts';
import { readSeen, seenWrites } from '../discovery/seen.ts';
import { isUnmanaged } from '../discovery/sighting.ts';
import { unmanagedIdOf } from '../discovery/unmanaged.ts';
import { wholeBefore } from '../history/delta.ts';
import { eventWrite, orderAfter } from '../history/write.ts';
import { type Author, leaveListings } from '../inventory/changes.ts';
import { listingRows } from '../inventory/listings.ts';
import { type Resource, resourceKey } from '../inventory/resource.ts';
import type { StoragePool } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';

const inUse = (pool: StoragePool) => ({
  code: 'resource.inUse' as const,
  message: `volumes of this installation are on the storage pool ${pool.name} (${pool.id})`,
});

/**
 * Forgets what discovery found. The row goes, since the same object found again has the same id; its history stays and keeps
 * the row. A pool goes only while nothing of ours is on it.
 */
export const forgotten = (resource: Resource, author: Author, empty?: StoragePool): Write[] => {
  const sk = author.ulid();
  const { id, ...fields } = resource;
  return [
    {
      do: 'delete',
      table: 'Inventory',
      key: resourceKey(id),
      ...(empty ? { when: [{ attribute: 'managedBytes', is: '=', value: 0 }] satisfies Condition[], otherwise: inUse(empty) } : {}),
    },
    ...leaveListings(listingRows(resource), author, sk),
    eventWrite(author, { id, kind: 'removed', delta: wholeBefore(fields), sk, order: orderAfter(resource) }),
  ];
};

/** The same of the volumes that are not ours, whose rows have no history, and of what was seen of them. */
export const forgottenVolumes = async (rows: Rows, arrayId: string): Promise<Write[][]> => {
  const seen = await readSeen(rows, arrayId);
  const unmanaged = [...seen].filter(([, { kind }]) => isUnmanaged(kind)).map(([nativeId]) => unmanagedIdOf(arrayId, nativeId));
  return [
    ...unmanaged.map((id): Write[] => [{ do: 'delete', table: 'Inventory', key: resourceKey(id) }]),
    ...seenWrites(arrayId, seen, new Map()).map((write) => [write]),
  ];
};

const mostWrites = 90;

/** As few transactions as hold the writes; what belongs together stays together. */
export const inTransactions = (groups: readonly (readonly Write[])[]): Write[][] => {
  const transactions: Write[][] = [];
  for (const group of groups) {
    const last = transactions.at(-1);
    if (last && last.length + group.length <= mostWrites) last.push(...group);
    else transactions.push([...group]);
  }
  return transactions;
};
