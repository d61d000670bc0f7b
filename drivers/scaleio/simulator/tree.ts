import { forgetIndex } from './array-index.ts';
import { refuse } from './errors.ts';
import type { ArrayState, Pool, Volume, VTree } from './model.ts';

export function vtreeOf(array: ArrayState, volume: Volume): VTree {
  const vtree = array.vtrees.get(volume.vtreeId);
  if (vtree === undefined) throw new Error(`volume ${volume.id} has no VTree`);
  return vtree;
}

export function poolOf(array: ArrayState, volume: Volume): Pool {
  return requirePool(array, vtreeOf(array, volume).poolId);
}

export function requirePool(array: ArrayState, poolId: string): Pool {
  const pool = array.pools.get(poolId);
  if (pool === undefined) throw refuse('STORAGE_POOL_NOT_FOUND');
  return pool;
}

export function membersOf(array: ArrayState, vtreeId: string): Volume[] {
  const ids = [...(array.vtrees.get(vtreeId)?.volumeIds ?? [])];
  return ids.flatMap((id) => array.volumes.get(id) ?? []);
}

export const childrenOf = (array: ArrayState, volume: Volume) =>
  membersOf(array, volume.vtreeId).filter((other) => other.ancestorVolumeId === volume.id);

export function descendantsOf(array: ArrayState, volume: Volume): Volume[] {
  return childrenOf(array, volume).flatMap((child) => [child, ...descendantsOf(array, child)]);
}

/** Takes the volume away. Its children go to its parent, or become roots; an empty tree goes too. */
export function takeOut(array: ArrayState, volume: Volume): void {
  for (const child of childrenOf(array, volume)) child.ancestorVolumeId = volume.ancestorVolumeId;
  const vtree = vtreeOf(array, volume);
  forgetIndex(array);
  array.volumes.delete(volume.id);
  vtree.volumeIds.delete(volume.id);
  if (vtree.volumeIds.size === 0) array.vtrees.delete(vtree.id);
}
