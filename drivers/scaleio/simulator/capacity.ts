import type { ArrayState, Pool, Volume } from './model.ts';

/** Volumes are allocated in units of 8 GiB. */
export const granularityInKb = 8 * 1024 * 1024;
const kbPerGb = 1024 * 1024;
/** Every block is kept twice, so raw figures are twice the net ones. */
const copies = 2;

export const roundUp = (sizeInKb: number) => Math.ceil(sizeInKb / granularityInKb) * granularityInKb;
export const roundDown = (sizeInKb: number) => Math.floor(sizeInKb / granularityInKb) * granularityInKb;
export const gbToKb = (sizeInGb: number) => sizeInGb * kbPerGb;

/** KiB; raw unless the name says net. */
export interface Capacity {
  max: number;
  spare: number;
  thickInUse: number;
  thinInUse: number;
  thinAllocated: number;
  snapshotInUse: number;
  inUse: number;
  unused: number;
  netTotal: number;
  netProvisioned: number;
  /** Net, a multiple of 8 GiB. */
  netAvailable: number;
}

export function volumesIn(array: ArrayState, poolId: string): Volume[] {
  return [...array.volumes.values()].filter((volume) => array.vtrees.get(volume.vtreeId)?.poolId === poolId);
}

/** A migrating tree takes its space in both pools. */
function volumesTakingSpaceIn(array: ArrayState, poolId: string): Volume[] {
  return [...array.volumes.values()].filter((volume) => {
    const vtree = array.vtrees.get(volume.vtreeId);
    return vtree?.poolId === poolId || vtree?.migration?.toPoolId === poolId;
  });
}

function sumOf(volumes: readonly Volume[], type: Volume['volumeType'], size: 'sizeInKb' | 'usedInKb'): number {
  return volumes.filter((volume) => volume.volumeType === type).reduce((total, volume) => total + volume[size], 0) * copies;
}

export function capacityOf(array: ArrayState, pool: Pool): Capacity {
  const volumes = volumesTakingSpaceIn(array, pool.id);
  const devices = [...array.devices.values()].filter((device) => device.poolId === pool.id);
  const max = devices.reduce((total, device) => total + device.capacityInKb, 0);
  const spare = Math.floor((max * pool.sparePercentage) / 100 / 1024) * 1024;
  const thickInUse = sumOf(volumes, 'ThickProvisioned', 'sizeInKb');
  const thinInUse = sumOf(volumes, 'ThinProvisioned', 'usedInKb');
  const snapshotInUse = sumOf(volumes, 'Snapshot', 'usedInKb');
  const thinAllocated = sumOf(volumes, 'ThinProvisioned', 'sizeInKb');
  const inUse = thickInUse + thinInUse + snapshotInUse;
  const unused = Math.max(0, max - spare - inUse);
  return {
    ...{ max, spare, thickInUse, thinInUse, thinAllocated, snapshotInUse, inUse, unused },
    netTotal: (max - spare) / copies,
    netProvisioned: volumes.reduce((total, volume) => total + volume.sizeInKb, 0),
    netAvailable: roundDown(unused / copies),
  };
}

export function addCapacities(all: readonly Capacity[]): Capacity {
  const total = (pick: (capacity: Capacity) => number) => all.reduce((sum, capacity) => sum + pick(capacity), 0);
  return {
    max: total((c) => c.max),
    spare: total((c) => c.spare),
    thickInUse: total((c) => c.thickInUse),
    thinInUse: total((c) => c.thinInUse),
    thinAllocated: total((c) => c.thinAllocated),
    snapshotInUse: total((c) => c.snapshotInUse),
    inUse: total((c) => c.inUse),
    unused: total((c) => c.unused),
    netTotal: total((c) => c.netTotal),
    netProvisioned: total((c) => c.netProvisioned),
    netAvailable: total((c) => c.netAvailable),
  };
}
