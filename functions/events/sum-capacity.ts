import { ControlPlaneError } from '../../core/errors.ts';
import type { StorageProvider } from '../../core/inventory/schemas.ts';
import { differenceWrites, isEven, type PoolDifference, sumPools } from '../../core/provider/capacity-sum.ts';
import type { EventPorts } from './ports.ts';

const same = (a: PoolDifference, b: PoolDifference): boolean =>
  a.pool.id === b.pool.id && a.bytes === b.bytes && a.thickBytes === b.thickBytes && a.volumes === b.volumes;

/** What is ordered meanwhile can look like a difference: only one that is there twice counts. */
const confirmed = async (ports: EventPorts, provider: StorageProvider): Promise<readonly PoolDifference[]> => {
  const first = await sumPools(ports.rows, provider);
  if (first.every(isEven)) return first;
  const second = await sumPools(ports.rows, provider);
  return second.filter((one) => first.some((other) => same(one, other)));
};

const store = async (ports: EventPorts, difference: PoolDifference): Promise<void> => {
  const author = { actor: 'daily sum', at: new Date(ports.clock.now()).toISOString(), ulid: () => ports.ids.ulid() };
  const writes = differenceWrites(difference, author);
  try {
    if (writes.length > 0) await ports.rows.transact(writes);
  } catch (error) {
    if (!(error instanceof ControlPlaneError && error.code === 'resource.changed')) throw error;
  }
};

/** Sums what the volumes of each pool have and compares it with the pool's books, which are left as they are. A difference is told. */
export const sumCapacity = async (ports: EventPorts, provider: StorageProvider): Promise<void> => {
  const differences = await confirmed(ports, provider);
  for (const difference of differences) {
    const { pool, bytes, thickBytes, volumes } = difference;
    await store(ports, difference);
    if (isEven(difference)) continue;
    ports.count('CapacityDifference');
    ports.log.error('the books of a storage pool differ from the sum of its volumes', {
      poolId: pool.id,
      poolName: pool.name,
      managedBytes: pool.managedBytes,
      bytes,
      thickBytes,
      volumes,
    });
  }
};
