import { formatGib } from '../capacity/size.ts';
import type { Write } from '../change.ts';
import { type Author, historyWrite } from '../inventory/changes.ts';
import { resourceKey } from '../inventory/resource.ts';
import type { StoragePool, Volume } from '../inventory/schemas.ts';
import { activeOf, type Estate, isMoving } from './estate.ts';
import type { Finding } from './finding.ts';

type Books = Pick<StoragePool, 'managedBytes' | 'managedThickBytes'> & {
  /** Absent of a pool that is not counted. */
  readonly managedCount?: number | undefined;
};

export const booksOf = (volumes: readonly Pick<Volume, 'provisionedBytes' | 'provisioningType'>[]): Books => ({
  managedBytes: volumes.reduce((sum, { provisionedBytes }) => sum + provisionedBytes, 0),
  managedThickBytes: volumes.reduce((sum, volume) => sum + (volume.provisioningType === 'thick' ? volume.provisionedBytes : 0), 0),
  managedCount: volumes.length,
});

const judged = ({ isCounted }: StoragePool, { managedBytes, managedThickBytes, managedCount = 0 }: Books): Books => ({
  managedBytes,
  managedThickBytes,
  ...(isCounted ? { managedCount } : {}),
});

const isSame = (a: Books, b: Books): boolean =>
  a.managedBytes === b.managedBytes && a.managedThickBytes === b.managedThickBytes && a.managedCount === b.managedCount;

const figures = ({ managedBytes, managedThickBytes, managedCount }: Books): string => {
  const gib = `${formatGib(managedBytes)} GiB (${formatGib(managedThickBytes)} thick)`;
  return managedCount === undefined ? gib : `${gib} in ${managedCount} volumes`;
};

const correct = (pool: StoragePool, { seen, sum }: { readonly seen: Books; readonly sum: Books }, author: Author): Write[] => [
  {
    do: 'update',
    table: 'Inventory',
    key: resourceKey(pool.id),
    set: { ...sum },
    when: Object.entries(seen).map(([attribute, value]) => ({ attribute, is: '=', value: Number(value) })),
  },
  historyWrite(author, { resource: pool, kind: 'changed', before: { ...seen }, after: { ...sum } }),
];

/** A pool where something is under way is not judged: what is taken is in the books before it is in a volume's row. */
export const capacityFindings = (estate: Estate, author: Author): Finding[] => {
  const volumes = Map.groupBy(activeOf(estate, 'Volume'), ({ poolId }) => poolId);
  return activeOf(estate, 'StoragePool').flatMap((pool): Finding[] => {
    const here = volumes.get(pool.id) ?? [];
    const [seen, sum] = [judged(pool, pool), judged(pool, booksOf(here))];
    if (here.some(isMoving) || isSame(seen, sum)) return [];
    return [
      {
        check: 'capacity',
        subject: pool.id,
        says: `the books of the pool ${pool.name} say ${figures(seen)}, its ${here.length} volumes sum up to ${figures(sum)}`,
        repair: { does: `sets the books to ${figures(sum)}`, writes: correct(pool, { seen, sum }, author) },
      },
    ];
  });
};
