import type { StoragePool } from '../../core/inventory/schemas.ts';
import type { PlacementRequest } from '../../core/placement/candidates.ts';
import { place } from '../../core/placement/place.ts';
import { mismatchesOf } from '../../core/vpool/match.ts';
import { aPool, aProvider, aVpool, gib, providerId, varrayId } from '../support/block-world.ts';

const poolCount = 1000;
const tries = 50;

/** Most of them nearly equal, which is the dearest case. */
const pools: readonly StoragePool[] = Array.from({ length: poolCount }, (_, n) => aPool({ n, freeBytes: (1000 - (n % 150)) * gib }));

const mismatches = new Map(pools.map((pool) => [pool.id, mismatchesOf(aVpool(), pool)]));

const orderOf = (n: number): PlacementRequest => ({
  seed: `project/volume-${n}/0`,
  varrayId,
  count: 1,
  requestedBytes: 8 * gib,
  provisioning: 'thin',
  allowsUnzeroedPools: false,
  pools,
  providers: new Map([[providerId, aProvider()]]),
  mismatches,
});

/** Milliseconds to judge 1,000 pools and choose one: the best of some tries. */
export const placementMs = (): number => {
  const times = Array.from({ length: tries }, (_, n) => {
    const begunAt = performance.now();
    place(orderOf(n));
    return performance.now() - begunAt;
  });
  return Math.min(...times);
};
