import type { Condition, Write } from '../change.ts';
import { resourceKey } from '../inventory/resource.ts';
import type { StoragePool } from '../inventory/schemas.ts';
import type { PoolDifference } from '../provider/capacity-sum.ts';

const unchanged = (pool: StoragePool, attribute: 'managedBytes' | 'managedThickBytes' | 'managedCount' | 'foreignCount'): Condition => {
  const value = pool[attribute];
  return value === undefined ? { attribute, is: 'absent' } : { attribute, is: '=', value };
};

/**
 * Of a pool as it was before its volumes were looked at: how many of them are not ours. Not stored when one of ours was released meanwhile,
 * which the look may have missed.
 */
export const foreignWrites = (before: StoragePool, foreign: number): Write[] =>
  foreign === before.foreignCount
    ? []
    : [
        {
          do: 'update',
          table: 'Inventory',
          key: resourceKey(before.id),
          set: { foreignCount: foreign },
          when: [unchanged(before, 'foreignCount')],
        },
      ];

/**
 * Begins to count the volumes of a pool that an earlier release has stored. Only while its books in bytes are the sum of its volumes, so that
 * these are all that it has. What was planned on the row as it was is planned anew.
 */
export const firstCountWrites = (sum: PoolDifference, before: StoragePool, foreign: number): Write[] => {
  const { pool, bytes, thickBytes, found } = sum;
  if (bytes !== 0 || thickBytes !== 0) return [];
  return [
    {
      do: 'update',
      table: 'Inventory',
      key: resourceKey(pool.id),
      set: { managedCount: found, foreignCount: foreign, isCounted: true },
      add: { version: 1 },
      when: [
        { attribute: 'version', is: '=', value: pool.version },
        unchanged(pool, 'managedBytes'),
        unchanged(pool, 'managedThickBytes'),
        unchanged(pool, 'managedCount'),
        unchanged(before, 'foreignCount'),
      ],
    },
  ];
};
