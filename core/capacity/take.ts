import type { Condition, Write } from '../change.ts';
import { resourceKey } from '../inventory/resource.ts';
import type { Provisioning } from './bound.ts';

/** What volumes have of a pool. */
export interface Share {
  readonly poolId: string;
  readonly bytes: number;
  readonly provisioning: Provisioning;
  /** How many come or go with it; none where a volume grows. */
  readonly volumes: number;
  /** Of what is given back: the volumes stay on the array, where they are not ours any more. */
  readonly stays?: true;
}

const counters = ({ bytes, provisioning, volumes, stays }: Share, sign: 1 | -1): Record<string, number> => ({
  managedBytes: sign * bytes,
  ...(provisioning === 'thick' ? { managedThickBytes: sign * bytes } : {}),
  ...(volumes === 0 ? {} : { managedCount: sign * volumes }),
  ...(stays ? { foreignCount: volumes } : {}),
});

/** Takes capacity of a pool. When the conditions no longer hold the request is planned again. */
export const takeCapacity = (share: Share & { readonly when: readonly Condition[]; readonly storingUntil?: string }): Write => ({
  do: 'update',
  table: 'Inventory',
  key: resourceKey(share.poolId),
  add: counters(share, 1),
  ...(share.storingUntil ? { set: { storingUntil: share.storingUntil } } : {}),
  when: [{ attribute: 'registration', is: '=', value: 'registered' }, ...share.when],
  otherwise: { code: 'resource.changed', message: 'the storage pool was changed or filled by another request at the same time; try again' },
});

/** One write for each pool, since a transaction writes a row but once. */
export const giveBackCapacity = (shares: readonly Share[]): Write[] => {
  const totals = new Map<string, Record<string, number>>();
  for (const share of shares) {
    const total = totals.get(share.poolId) ?? {};
    for (const [name, amount] of Object.entries(counters(share, -1))) total[name] = (total[name] ?? 0) + amount;
    totals.set(share.poolId, total);
  }
  return [...totals].map(
    ([poolId, add]): Write => ({
      do: 'update',
      table: 'Inventory',
      key: resourceKey(poolId),
      add,
      when: [{ attribute: 'managedBytes', is: 'present' }],
    }),
  );
};
