import { volumesIn, vtreesIn } from './array-index.ts';
import { addCapacities, type Capacity, capacityOf } from './capacity.ts';
import { addIo, backgroundBandwidth, deviceIo, ioOf, userIo, userIoSince3 } from './io.ts';
import type { Json } from './json.ts';
import type { ArrayState, Pool, Volume, VTree } from './model.ts';
import { bandwidths, idle, poolZeros, zeros } from './statistics-names.ts';
import { idleSince3, zerosSince3 } from './statistics-since3.ts';
import { atLeast } from './versions.ts';

/** What runs at once; the rest of the work waits for it. */
const activePart = (sizeInKb: number) => Math.ceil(sizeInKb / 8 / 1024) * 1024;

function workFigures(work: string, sizeInKb: number): Json {
  const active = Math.min(sizeInKb, activePart(sizeInKb));
  const name = work.charAt(0).toUpperCase() + work.slice(1);
  return {
    [`${work}CapacityInKb`]: sizeInKb,
    [`active${name}CapacityInKb`]: active,
    [`pending${name}CapacityInKb`]: sizeInKb - active,
  };
}

function healthFigures(capacity: Capacity): Json {
  const { failed, degraded, inMaintenance, semiProtected, fwdRebuild, bckRebuild, rebalance } = capacity;
  const moving = fwdRebuild + bckRebuild + rebalance;
  return {
    failedCapacityInKb: failed,
    degradedHealthyCapacityInKb: degraded,
    degradedFailedCapacityInKb: degraded,
    inMaintenanceCapacityInKb: inMaintenance,
    semiProtectedCapacityInKb: semiProtected,
    protectedCapacityInKb: Math.max(0, capacity.inUse - failed - 2 * degraded - inMaintenance - semiProtected),
    unreachableUnusedCapacityInKb: capacity.unreachableUnused,
    ...workFigures('fwdRebuild', fwdRebuild),
    ...workFigures('bckRebuild', bckRebuild),
    ...workFigures('rebalance', rebalance),
    ...workFigures('moving', moving),
    atRestCapacityInKb: Math.max(0, capacity.inUse - moving),
    fwdRebuildReadBwc: backgroundBandwidth(capacity.fwdRebuildRate),
    fwdRebuildWriteBwc: backgroundBandwidth(capacity.fwdRebuildRate),
    bckRebuildReadBwc: backgroundBandwidth(capacity.bckRebuildRate),
    bckRebuildWriteBwc: backgroundBandwidth(capacity.bckRebuildRate),
    rebalanceReadBwc: backgroundBandwidth(capacity.rebalanceRate),
    rebalanceWriteBwc: backgroundBandwidth(capacity.rebalanceRate),
  };
}

function netFigures(capacity: Capacity): Json {
  const net = capacity.inUse / 2;
  return {
    netCapacityInUseInKb: net,
    netCapacityInUseNoOverheadInKb: net,
    capacityInUseNoOverheadInKb: capacity.inUse,
    netUnusedCapacityInKb: capacity.unused / 2,
    netUserDataCapacityInKb: net,
    netUserDataCapacityNoTrimInKb: net,
    netMgUserDataCapacityInKb: net,
    mgUserDdataCcapacityInKb: capacity.inUse,
    userDataCapacityInKb: capacity.inUse,
    userDataCapacityNoTrimInKb: capacity.inUse,
    thinUserDataCapacityInKb: capacity.thinInUse,
    netThinUserDataCapacityInKb: capacity.thinInUse / 2,
    netSnapshotCapacityInKb: capacity.snapshotInUse / 2,
    maxUserDataCapacityInKb: capacity.max - capacity.spare,
    netMaxUserDataCapacityInKb: capacity.netTotal,
    volumeAddressSpaceInKb: capacity.netProvisioned,
    vtreeAddresSpaceInKb: capacity.netProvisioned,
    provisionedAddressesInKb: net,
    netProvisionedAddressesInKb: net,
    compressionRatio: 0,
    overallUsageRatio: net === 0 ? 0 : capacity.netProvisioned / net,
    thinAndSnapshotRatio: net === 0 ? 0 : capacity.netProvisioned / net,
    aggregateCompressionLevel: 'Uncompressed',
    persistentChecksumBuilderProgress: 100,
  };
}

/** The second name of the thin allocation is a misspelling that stayed. */
function capacityFigures(capacity: Capacity): Json {
  return {
    maxCapacityInKb: capacity.max,
    capacityLimitInKb: capacity.max,
    spareCapacityInKb: capacity.spare,
    capacityInUseInKb: capacity.inUse,
    unusedCapacityInKb: capacity.unused,
    thickCapacityInUseInKb: capacity.thickInUse,
    thinCapacityInUseInKb: capacity.thinInUse,
    thinCapacityAllocatedInKb: capacity.thinAllocated,
    thinCapacityAllocatedInKm: capacity.thinAllocated,
    volumeAllocationLimitInKb: capacity.netAvailable,
    capacityAvailableForVolumeAllocationInKb: capacity.netAvailable,
    snapCapacityInUseInKb: capacity.snapshotInUse,
    snapCapacityInUseOccupiedInKb: capacity.snapshotInUse,
  };
}

function volumeCounts(volumes: readonly Volume[]): Json {
  const count = (matches: (volume: Volume) => boolean) => volumes.filter(matches).length;
  return {
    numOfVolumes: volumes.length,
    numOfSnapshots: count((volume) => volume.volumeType === 'Snapshot'),
    numOfThickBaseVolumes: count((volume) => volume.volumeType === 'ThickProvisioned'),
    numOfThinBaseVolumes: count((volume) => volume.volumeType === 'ThinProvisioned'),
    numOfUnmappedVolumes: count((volume) => volume.mappings.length === 0 && !volume.marks.mappingToAllSdcsEnabled),
    numOfMappedToAllVolumes: count((volume) => volume.marks.mappingToAllSdcsEnabled),
    numOfVolumesInDeletion: count((volume) => volume.removalEndsAtMs !== null),
    numOfVtrees: new Set(volumes.map((volume) => volume.vtreeId)).size,
  };
}

function replicationCounts(volumes: readonly Volume[]): Json {
  const marked = volumes.filter(({ marks }) => marks.volumeReplicationState !== 'UnmarkedForReplication');
  return {
    numOfReplicationJournalVolumes: volumes.filter(({ marks }) => marks.replicationJournalVolume).length,
    numOfMarkedVolumesForReplication: marked.length,
  };
}

const migratingOf = (array: ArrayState, poolIds: ReadonlySet<string>): VTree[] =>
  [...poolIds].flatMap((poolId) => vtreesIn(array, poolId)).filter(({ migration }) => migration !== null);

function migrationRate(array: ArrayState, vtrees: readonly VTree[]): number {
  const moving = vtrees.filter(({ migration }) => migration !== null && migration.state !== 'Paused' && migration.totalMs > 0);
  const rates = moving.map(({ migration, volumeIds }) => {
    const usedInKb = [...volumeIds].reduce((total, id) => total + (array.volumes.get(id)?.usedInKb ?? 0), 0);
    return (usedInKb * 1000) / (migration?.totalMs ?? 1);
  });
  return Math.floor(rates.reduce((total, rate) => total + rate, 0));
}

function migrationFigures(array: ArrayState, poolIds: ReadonlySet<string>): Json {
  const leaving = migratingOf(array, poolIds);
  const coming = [...array.vtrees.values()].filter(({ migration }) => migration !== null && poolIds.has(migration.toPoolId));
  return {
    migratingVtreeIds: leaving.map(({ id }) => id),
    migratingVolumeIds: leaving.flatMap(({ volumeIds }) => [...volumeIds]),
    numOfMigratingVtrees: leaving.length,
    numOfMigratingVolumes: leaving.reduce((total, { volumeIds }) => total + volumeIds.size, 0),
    numOfOutgoingMigrations: leaving.length,
    numOfIncomingVtreeMigrations: coming.length,
    volMigrationReadBwc: backgroundBandwidth(migrationRate(array, leaving)),
    volMigrationWriteBwc: backgroundBandwidth(migrationRate(array, coming)),
  };
}

/** What pools, domains and the system have in common. */
export function capacityStatistics(array: ArrayState, pools: readonly Pool[]): Json {
  const poolIds = new Set(pools.map((pool) => pool.id));
  const volumes = pools.flatMap((pool) => volumesIn(array, pool.id));
  const capacity = addCapacities(pools.map((pool) => capacityOf(array, pool)));
  const io = addIo(volumes.map((volume) => ioOf(array, volume)));
  const since3 = () => ({
    ...{ ...zeros(zerosSince3), ...idle(idleSince3), ...userIoSince3(io) },
    ...{ ...netFigures(capacity), ...replicationCounts(volumes), ...migrationFigures(array, poolIds) },
  });
  return {
    ...{ ...zeros(poolZeros), ...idle(bandwidths), ...deviceIo(io), ...userIo(io) },
    ...{ ...capacityFigures(capacity), ...healthFigures(capacity), ...volumeCounts(volumes) },
    ...(atLeast(array.version, '3.0') ? since3() : {}),
    ...(atLeast(array.version, '3.6') ? { snapshotCapacityInKb: capacity.snapshotInUse } : {}),
    numOfDevices: [...array.devices.values()].filter((device) => poolIds.has(device.poolId)).length,
  };
}
