import { devicesIn, volumesTakingSpaceIn } from './array-index.ts';
import { type Health, healthOf } from './health.ts';
import type { ArrayState, Pool, Volume } from './model.ts';

/** Volumes are allocated in units of 8 GiB. */
const granularityInKb = 8 * 1024 * 1024;
const kbPerGb = 1024 * 1024;
/** Every block is kept twice, so raw figures are twice the net ones. */
const copies = 2;

export const roundUp = (sizeInKb: number) => Math.ceil(sizeInKb / granularityInKb) * granularityInKb;
const roundDown = (sizeInKb: number) => Math.floor(sizeInKb / granularityInKb) * granularityInKb;
export const gbToKb = (sizeInGb: number) => sizeInGb * kbPerGb;

/** KiB; raw unless the name says net. */
export interface Capacity extends Health {
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

function sumOf(volumes: readonly Volume[], type: Volume['volumeType'], size: 'sizeInKb' | 'usedInKb'): number {
  return volumes.filter((volume) => volume.volumeType === type).reduce((total, volume) => total + volume[size], 0) * copies;
}

export function capacityOf(array: ArrayState, pool: Pool): Capacity {
  const volumes = volumesTakingSpaceIn(array, pool.id);
  const max = devicesIn(array, pool.id).reduce((total, device) => total + device.capacityInKb, 0);
  const spare = Math.floor((max * pool.sparePercentage) / 100 / 1024) * 1024;
  const thickInUse = sumOf(volumes, 'ThickProvisioned', 'sizeInKb');
  const thinInUse = sumOf(volumes, 'ThinProvisioned', 'usedInKb');
  const snapshotInUse = sumOf(volumes, 'Snapshot', 'usedInKb');
  const thinAllocated = sumOf(volumes, 'ThinProvisioned', 'sizeInKb');
  const inUse = thickInUse + thinInUse + snapshotInUse;
  const free = Math.max(0, max - spare - inUse);
  const health = healthOf(array, pool, { inUse, unused: free });
  const unused = free - health.unreachableUnused;
  return {
    ...health,
    ...{ max, spare, thickInUse, thinInUse, thinAllocated, snapshotInUse, inUse, unused },
    netTotal: (max - spare) / copies,
    netProvisioned: volumes.reduce((total, volume) => total + volume.sizeInKb, 0),
    netAvailable: roundDown(unused / copies),
  };
}

const nothing: Capacity = {
  ...{ max: 0, spare: 0, thickInUse: 0, thinInUse: 0, thinAllocated: 0, snapshotInUse: 0, inUse: 0, unused: 0 },
  ...{ netTotal: 0, netProvisioned: 0, netAvailable: 0 },
  ...{ failed: 0, degraded: 0, inMaintenance: 0, semiProtected: 0, unreachableUnused: 0 },
  ...{ fwdRebuild: 0, bckRebuild: 0, rebalance: 0, fwdRebuildRate: 0, bckRebuildRate: 0, rebalanceRate: 0 },
};

const names = Object.keys(nothing).filter((name): name is keyof Capacity => name in nothing);

export function addCapacities(all: readonly Capacity[]): Capacity {
  const total = { ...nothing };
  for (const capacity of all) for (const name of names) total[name] += capacity[name];
  return total;
}
