import type { Condition } from '../change.ts';
import type { StoragePool } from '../inventory/schemas.ts';

/** What of a pool's row decides how many volumes may be promised on it. */
export type PoolCounts = Pick<StoragePool, 'volumeCount' | 'managedCount' | 'foreignCount' | 'isCounted' | 'maxResources' | 'maxVolumes'>;

/** How many more volumes one limit leaves. */
export interface CountLimit {
  readonly left: number;
  readonly text: () => string;
}

export interface CountBound {
  /** Empty when nothing limits the number. */
  readonly limits: readonly CountLimit[];
  /** What must hold in the transaction that takes so many: neither we nor anybody else has more there than was judged. */
  readonly taking: (volumes: number) => readonly Condition[];
}

interface Most {
  readonly most: number;
  readonly by: string;
}

const mostOf = ({ maxResources, maxVolumes }: PoolCounts): Most[] =>
  [
    { most: maxResources ?? 0, by: 'max_resources' },
    { most: maxVolumes ?? 0, by: 'the array' },
  ].filter(({ most }) => most > 0);

const limitOf = ({ most, by }: Most, volumes: number): CountLimit => ({
  left: Math.max(0, most - volumes),
  text: () => `it has ${volumes} of ${most} volumes that ${by} allows`,
});

/** Others' volumes are those of the last complete discovery and what was released since; ours are counted as they are ordered. */
const counted = (pool: PoolCounts, limits: readonly Most[]): CountBound => {
  const { managedCount: ours = 0, foreignCount: others = 0 } = pool;
  const least = Math.min(...limits.map(({ most }) => most));
  return {
    limits: limits.map((limit) => limitOf(limit, ours + others)),
    taking: (volumes) => [
      { attribute: 'managedCount', is: '<=', value: least - others - volumes },
      { attribute: 'foreignCount', is: '<=', value: others },
    ],
  };
};

/**
 * How many volumes may be promised on a pool: at most what an administrator (`max_resources`) and the array allow, also when many order at
 * once. A pool that an earlier release has stored is judged by its last observation alone until a discovery has counted its volumes.
 */
export const countBoundOf = (pool: PoolCounts): CountBound => {
  const limits = mostOf(pool);
  if (limits.length > 0 && pool.isCounted) return counted(pool, limits);
  return { limits: limits.map((limit) => limitOf(limit, pool.volumeCount)), taking: () => [] };
};
