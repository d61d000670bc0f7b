import { addCapacities, type Capacity, capacityOf } from './capacity.ts';
import type { Json } from './json.ts';
import type { ArrayState, Pool, Volume } from './model.ts';
import { bandwidths, idle, poolZeros, zeros } from './statistics-names.ts';
import { atLeast } from './versions.ts';

function snapshotFigures(array: ArrayState, snapshotInUse: number): Json {
  if (atLeast(array.version, '3.6')) return { snapshotCapacityInKb: snapshotInUse };
  return { snapCapacityInUseInKb: snapshotInUse, snapCapacityInUseOccupiedInKb: snapshotInUse };
}

function netFigures(array: ArrayState, capacity: Capacity): Json {
  if (!atLeast(array.version, '3.0')) return { thinCapacityAllocatedInKm: capacity.thinAllocated };
  return {
    netCapacityInUseInKb: capacity.inUse / 2,
    netUnusedCapacityInKb: capacity.unused / 2,
    netUserDataCapacityInKb: capacity.inUse / 2,
    netMaxUserDataCapacityInKb: capacity.netTotal,
    volumeAddressSpaceInKb: capacity.netProvisioned,
    provisionedAddressesInKb: capacity.inUse / 2,
    compressionRatio: 0,
  };
}

function capacityFigures(array: ArrayState, capacity: Capacity): Json {
  return {
    maxCapacityInKb: capacity.max,
    capacityLimitInKb: capacity.max,
    spareCapacityInKb: capacity.spare,
    capacityInUseInKb: capacity.inUse,
    unusedCapacityInKb: capacity.unused,
    thickCapacityInUseInKb: capacity.thickInUse,
    thinCapacityInUseInKb: capacity.thinInUse,
    thinCapacityAllocatedInKb: capacity.thinAllocated,
    protectedCapacityInKb: capacity.inUse,
    atRestCapacityInKb: capacity.inUse,
    volumeAllocationLimitInKb: capacity.netAvailable,
    capacityAvailableForVolumeAllocationInKb: capacity.netAvailable,
    ...snapshotFigures(array, capacity.snapshotInUse),
    ...netFigures(array, capacity),
  };
}

function volumeCounts(volumes: readonly Volume[]): Json {
  const count = (matches: (volume: Volume) => boolean) => volumes.filter(matches).length;
  return {
    numOfVolumes: volumes.length,
    numOfSnapshots: count((volume) => volume.volumeType === 'Snapshot'),
    numOfThickBaseVolumes: count((volume) => volume.volumeType === 'ThickProvisioned'),
    numOfThinBaseVolumes: count((volume) => volume.volumeType === 'ThinProvisioned'),
    numOfUnmappedVolumes: count((volume) => volume.mappings.length === 0),
    numOfMappedToAllVolumes: 0,
    numOfVolumesInDeletion: count((volume) => volume.removalEndsAtMs !== null),
    numOfVtrees: new Set(volumes.map((volume) => volume.vtreeId)).size,
  };
}

/** What pools, domains and the system have in common. Performance counters are those of an idle array. */
export function capacityStatistics(array: ArrayState, pools: readonly Pool[]): Json {
  const poolIds = new Set(pools.map((pool) => pool.id));
  const volumes = [...array.volumes.values()].filter((volume) => poolIds.has(array.vtrees.get(volume.vtreeId)?.poolId ?? ''));
  const devices = [...array.devices.values()].filter((device) => poolIds.has(device.poolId));
  const trims = atLeast(array.version, '3.0') ? ['userDataTrimBwc', ...sdcLatencies] : [];
  return {
    ...zeros(poolZeros),
    ...idle([...bandwidths, ...trims]),
    ...capacityFigures(array, addCapacities(pools.map((pool) => capacityOf(array, pool)))),
    ...volumeCounts(volumes),
    numOfDevices: devices.length,
  };
}

export const sdcLatencies = ['userDataSdcReadLatency', 'userDataSdcWriteLatency', 'userDataSdcTrimLatency'];
