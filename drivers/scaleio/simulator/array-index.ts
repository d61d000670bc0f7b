import type { ArrayState, Device, Volume, VTree } from './model.ts';

const generations = new WeakMap<ArrayState, object>();

/** The same object until something changes, so that what is computed from the array can be remembered by it. */
export function generationOf(array: ArrayState): object {
  const known = generations.get(array) ?? {};
  generations.set(array, known);
  return known;
}

/** Called before every request, and by whatever makes, moves, maps or removes volumes. */
export const forgetIndex = (array: ArrayState): void => void generations.delete(array);

type Put<T> = (key: string, item: T) => void;

function group<T>(array: ArrayState, fill: (array: ArrayState, put: Put<T>) => void): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  fill(array, (key, item) => {
    const present = groups.get(key);
    if (present === undefined) groups.set(key, [item]);
    else present.push(item);
  });
  return groups;
}

/** Finds things by a key of theirs; all are gone through once in a generation. */
function groupedBy<T>(fill: (array: ArrayState, put: Put<T>) => void): (array: ArrayState, key: string) => readonly T[] {
  const remembered = new WeakMap<object, Map<string, T[]>>();
  return (array, key) => {
    const generation = generationOf(array);
    const groups = remembered.get(generation) ?? group(array, fill);
    remembered.set(generation, groups);
    return groups.get(key) ?? [];
  };
}

export const volumesOfHost = groupedBy<Volume>((array, put) => {
  for (const volume of array.volumes.values()) for (const { sdcId } of volume.mappings) put(sdcId, volume);
});

export const volumesIn = groupedBy<Volume>((array, put) => {
  for (const volume of array.volumes.values()) put(array.vtrees.get(volume.vtreeId)?.poolId ?? '', volume);
});

/** A migrating tree takes its space in both pools. */
export const volumesTakingSpaceIn = groupedBy<Volume>((array, put) => {
  for (const volume of array.volumes.values()) {
    const vtree = array.vtrees.get(volume.vtreeId);
    put(vtree?.poolId ?? '', volume);
    if (vtree?.migration) put(vtree.migration.toPoolId, volume);
  }
});

export const vtreesIn = groupedBy<VTree>((array, put) => {
  for (const vtree of array.vtrees.values()) put(vtree.poolId, vtree);
});

export const devicesIn = groupedBy<Device>((array, put) => {
  for (const device of array.devices.values()) put(device.poolId, device);
});

export const devicesOf = groupedBy<Device>((array, put) => {
  for (const device of array.devices.values()) put(device.sdsId, device);
});
