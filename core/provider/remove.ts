import type { Write } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import { type Author, changed } from '../inventory/changes.ts';
import { getResource } from '../inventory/read.ts';
import type { StoragePool, StorageProvider } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';
import { releaseArray } from './array-claim.ts';
import { inventoryOf } from './inventory.ts';
import { poolsOf } from './pools.ts';
import { forgotten, forgottenVolumes, inTransactions } from './removal.ts';
import { dropRemoval, stillRemoving } from './removing.ts';

interface Removing {
  readonly rows: Rows;
  readonly author: Author;
}

/** Refuses the removal of a provider that has volumes of ours. */
export const refuseUsedPools = ({ name }: StorageProvider, pools: readonly StoragePool[]): void => {
  const used = pools.find(({ managedBytes }) => managedBytes > 0);
  if (used)
    throw new ControlPlaneError(
      `volumes of this installation are on the storage pool ${used.name} of ${name}; delete or release them first`,
      { code: 'resource.inUse' },
    );
};

/** Conditional on the version that an order which was planned before relies on, and on nothing having been taken. */
const closed = (pool: StoragePool, author: Author): Write[] =>
  changed<StoragePool>(
    pool,
    { registration: 'unregistered', reopens: true },
    {
      author,
      guard: {
        when: [
          { attribute: 'version', is: '=', value: pool.version },
          { attribute: 'managedBytes', is: '=', value: 0 },
        ],
      },
    },
  );

const attempts = 3;

/** Takes every pool out of use while it is empty: from then on nothing can be ordered there. */
const close = async ({ rows, author }: Removing, provider: StorageProvider): Promise<void> => {
  for (let n = 1; ; n += 1) {
    const pools = await poolsOf(rows, provider.id);
    refuseUsedPools(provider, pools);
    const open = pools.filter(({ registration }) => registration === 'registered');
    try {
      for (const writes of inTransactions(open.map((pool) => closed(pool, author))))
        await rows.transact([stillRemoving(provider), ...writes]);
      return;
    } catch (error) {
      const again = error instanceof ControlPlaneError && error.code === 'resource.changed' && n < attempts;
      if (!again) throw error;
    }
  }
};

/** The provider stays, and so do its pools. */
const reopen = async ({ rows, author }: Removing, provider: StorageProvider): Promise<void> => {
  const pools = (await poolsOf(rows, provider.id)).filter(({ reopens }) => reopens);
  const opened = pools.map((pool) => changed<StoragePool>(pool, { registration: 'registered', reopens: undefined }, { author }));
  for (const writes of inTransactions(opened)) await rows.transact(writes);
  const now = await getResource(rows, 'system', { type: 'StorageProvider', id: provider.id });
  await rows.transact([...changed<StorageProvider>(now, { removal: undefined }, { author }), dropRemoval(now.id)]);
};

const forget = async ({ rows, author }: Removing, provider: StorageProvider): Promise<void> => {
  const { pools, others } = await inventoryOf(rows, provider.id);
  const removals = [
    ...(await forgottenVolumes(rows, provider.arrayId)),
    ...pools.map((pool) => forgotten(pool, author, pool)),
    ...others.map((resource) => forgotten(resource, author)),
  ];
  for (const writes of inTransactions(removals)) await rows.transact([stillRemoving(provider), ...writes]);
};

/**
 * Carries out a removal that has begun, as often as it takes: empties are closed first, which can be taken back; once all are closed nothing
 * can stand in the way, and what was found is forgotten. Throws `resource.inUse` after it has put back what there was. The writes that end it.
 */
export const carryOutRemoval = async (removing: Removing, provider: StorageProvider): Promise<Write[]> => {
  try {
    await close(removing, provider);
  } catch (error) {
    if (error instanceof ControlPlaneError && error.code === 'resource.inUse') await reopen(removing, provider);
    throw error;
  }
  await forget(removing, provider);
  const now = await getResource(removing.rows, 'system', { type: 'StorageProvider', id: provider.id });
  const patch = { inactive: true, removal: undefined, duePk: undefined, dueSk: undefined };
  return [...changed<StorageProvider>(now, patch, { author: removing.author }), releaseArray(now), dropRemoval(now.id)];
};
