import { devicesIn, volumesIn, vtreesIn } from './array-index.ts';
import { text } from './body.ts';
import { capacityOf } from './capacity.ts';
import { capacityStatistics } from './capacity-statistics.ts';
import { deviceView } from './devices.ts';
import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import { linksOf } from './links.ts';
import type { ArrayState, Pool } from './model.ts';
import { atLeast } from './versions.ts';
import { volumeView } from './volume-view.ts';
import { vtreeView } from './vtrees.ts';

const priority = (work: 'rebuild' | 'rebalance') => ({
  [`${work}IoPriorityPolicy`]: work === 'rebuild' ? 'limitNumOfConcurrentIos' : 'favorAppIos',
  [`${work}IoPriorityNumOfConcurrentIosPerDevice`]: 1,
  [`${work}IoPriorityBwLimitPerDeviceInKbps`]: 10240,
  [`${work}IoPriorityAppIopsPerDeviceThreshold`]: null,
  [`${work}IoPriorityAppBwPerDeviceThresholdInKbps`]: null,
  [`${work}IoPriorityQuietPeriodInMsec`]: null,
  [`${work}Enabled`]: true,
});

export const alertThresholds = { high: 80, critical: 90 };

/** Of what the pool holds beside its spare. */
export function usedPercent(array: ArrayState, pool: Pool): number {
  const { inUse, max, spare } = capacityOf(array, pool);
  return max === spare ? 0 : (inUse / (max - spare)) * 100;
}

function usageState(array: ArrayState, pool: Pool): string {
  const percent = usedPercent(array, pool);
  if (percent >= alertThresholds.critical) return 'Critical';
  return percent >= alertThresholds.high ? 'High' : 'Normal';
}

const since3 = (array: ArrayState, pool: Pool): Json => ({
  mediaType: pool.mediaType,
  dataLayout: 'MediumGranularity',
  externalAccelerationType: 'None',
  persistentChecksumEnabled: true,
  persistentChecksumState: 'Protected',
  compressionMethod: 'Invalid',
  addressSpaceUsage: 'Normal',
  addressSpaceUsageType: 'TypeHardLimit',
  capacityUsageState: usageState(array, pool),
  capacityUsageType: 'NetCapacity',
  spClass: 'Default',
  fragmentationEnabled: true,
  replicationCapacityMaxRatio: null,
  vtreeMigrationIoPriorityPolicy: 'favorAppIos',
  vtreeMigrationIoPriorityNumOfConcurrentIosPerDevice: 1,
  vtreeMigrationIoPriorityBwLimitPerDeviceInKbps: 10240,
  protectedMaintenanceModeIoPriorityPolicy: 'limitNumOfConcurrentIos',
  protectedMaintenanceModeIoPriorityNumOfConcurrentIosPerDevice: 1,
  protectedMaintenanceModeIoPriorityBwLimitPerDeviceInKbps: 10240,
  fglAccpId: null,
  fglExtraCapacity: null,
  fglMaxCompressionRatio: null,
  fglOverProvisioningFactor: null,
});

export function poolView(array: ArrayState, pool: Pool): Json {
  return {
    id: pool.id,
    name: pool.name,
    protectionDomainId: pool.domainId,
    zeroPaddingEnabled: pool.zeroPaddingEnabled,
    sparePercentage: pool.sparePercentage,
    useRmcache: false,
    rmcacheWriteHandlingMode: 'Cached',
    useRfcache: false,
    checksumEnabled: false,
    numOfParallelRebuildRebalanceJobsPerDevice: 2,
    backgroundScannerMode: 'Disabled',
    backgroundScannerBWLimitKBps: 0,
    capacityAlertHighThreshold: alertThresholds.high,
    capacityAlertCriticalThreshold: alertThresholds.critical,
    ...priority('rebuild'),
    ...priority('rebalance'),
    ...(atLeast(array.version, '3.0') ? since3(array, pool) : {}),
    links: linksOf('StoragePool', pool.id, {
      relationships: ['Statistics', 'Volume', 'Device', 'VTree'],
      parents: { protectionDomainId: `ProtectionDomain::${pool.domainId}` },
    }),
  };
}

/** A pool's name is unique within its domain; without a domain the first pool of that name is meant. */
export function findPool(array: ArrayState, body: Json): Pool | undefined {
  const domain = [...array.domains.values()].find((candidate) => candidate.name === text(body, 'protectionDomainName'));
  const domainId = domain?.id ?? text(body, 'protectionDomainId');
  return [...array.pools.values()].find(
    (pool) => pool.name === text(body, 'name') && (domainId === undefined || pool.domainId === domainId),
  );
}

export const pools = defineFamily<Pool>({
  type: 'StoragePool',
  missing: 'STORAGE_POOL_NOT_FOUND',
  items: (array) => [...array.pools.values()],
  find: (array, id) => array.pools.get(id),
  view: poolView,
  statistics: (array, pool) => ({
    ...capacityStatistics(array, [pool]),
    deviceIds: devicesIn(array, pool.id).map((device) => device.id),
    volumeIds: volumesIn(array, pool.id).map((volume) => volume.id),
    vtreeIds: vtreesIn(array, pool.id).map((vtree) => vtree.id),
    ...(atLeast(array.version, '3.0') ? { spSdsIds: [] } : {}),
  }),
  relationships: {
    Volume: (array, pool) => volumesIn(array, pool.id).map((volume) => volumeView(array, volume)),
    Device: (array, pool) => devicesIn(array, pool.id).map((device) => deviceView(array, device)),
    VTree: (array, pool) => vtreesIn(array, pool.id).map((vtree) => vtreeView(array, vtree)),
  },
  byKey: findPool,
});
