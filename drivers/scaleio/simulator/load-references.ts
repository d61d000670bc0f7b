import type { ArrayState } from './model.ts';
import { SeedError } from './seed-schema.ts';

/** By name, or as `domain/pool`. */
export function poolId(array: ArrayState, reference: string): string {
  const found = [...array.pools.values()].filter(
    (pool) => pool.name === reference || `${array.domains.get(pool.domainId)?.name}/${pool.name}` === reference,
  );
  const [pool, second] = found;
  if (pool === undefined) throw new SeedError(`the seed has no pool named ${reference}`);
  if (second !== undefined) throw new SeedError(`the seed has several pools named ${reference}: write domain/pool`);
  return pool.id;
}
