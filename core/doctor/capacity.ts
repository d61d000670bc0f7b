import { formatGib } from '../capacity/size.ts';
import type { Write } from '../change.ts';
import { type Author, historyWrite } from '../inventory/changes.ts';
import { resourceKey } from '../inventory/resource.ts';
import type { StoragePool, Volume } from '../inventory/schemas.ts';
import { activeOf, type Estate, isMoving } from './estate.ts';
import type { Finding } from './finding.ts';

interface Books {
  readonly managedBytes: number;
  readonly managedThickBytes: number;
}

export const booksOf = (volumes: readonly Pick<Volume, 'provisionedBytes' | 'provisioningType'>[]): Books => ({
  managedBytes: volumes.reduce((sum, { provisionedBytes }) => sum + provisionedBytes, 0),
  managedThickBytes: volumes.reduce((sum, volume) => sum + (volume.provisioningType === 'thick' ? volume.provisionedBytes : 0), 0),
});

const gib = ({ managedBytes, managedThickBytes }: Books): string =>
  `${formatGib(managedBytes)} GiB (${formatGib(managedThickBytes)} thick)`;

const correct = (pool: StoragePool, sum: Books, author: Author): Write[] => {
  const seen: Books = { managedBytes: pool.managedBytes, managedThickBytes: pool.managedThickBytes };
  return [
    {
      do: 'update',
      table: 'Inventory',
      key: resourceKey(pool.id),
      set: { ...sum },
      when: [
        { attribute: 'managedBytes', is: '=', value: seen.managedBytes },
        { attribute: 'managedThickBytes', is: '=', value: seen.managedThickBytes },
      ],
    },
    historyWrite(author, { resource: pool, kind: 'changed', before: { ...seen }, after: { ...sum } }),
  ];
};

/** A pool where something is under way is not judged: what is taken is in the books before it is in a volume's row. */
export const capacityFindings = (estate: Estate, author: Author): Finding[] => {
  const volumes = Map.groupBy(activeOf(estate, 'Volume'), ({ poolId }) => poolId);
  return activeOf(estate, 'StoragePool').flatMap((pool): Finding[] => {
    const here = volumes.get(pool.id) ?? [];
    const sum = booksOf(here);
    if (here.some(isMoving) || (sum.managedBytes === pool.managedBytes && sum.managedThickBytes === pool.managedThickBytes)) return [];
    return [
      {
        check: 'capacity',
        subject: pool.id,
        says: `the books of the pool ${pool.name} say ${gib(pool)}, its ${here.length} volumes sum up to ${gib(sum)}`,
        repair: { does: `sets the books to ${gib(sum)}`, writes: correct(pool, sum, author) },
      },
    ];
  });
};
