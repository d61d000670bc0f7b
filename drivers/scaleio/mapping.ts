import type { ObjectState, StoragePool, StorageSystem } from '../sdk/model.ts';
import { isClusterNormal, modelOf, releaseOf, supportOf } from './array-identity.ts';
import { capacityHealth, objectCount, poolCapacity } from './capacity.ts';
import { provisioningTypesOf } from './pools.ts';
import { granularityBytes, maxVolumeBytes, minVolumeBytes } from './sizes.ts';
import type { DeviceWire, DomainWire, PoolStatisticsWire, PoolWire } from './wire.ts';
import type { SystemWire } from './wire-session.ts';

/** Capacity is sampled by the array. */
const statisticsLagSeconds = 60;

export const domainState = (state: string | null | undefined): ObjectState => {
  if (state === 'Active') return 'online';
  return state?.startsWith('Inactive') ? 'offline' : 'unknown';
};

/** A protection domain. */
export const toSystem = (domain: DomainWire, system: SystemWire, apiVersion: string): StorageSystem => {
  const state = domainState(domain.protectionDomainState);
  return {
    nativeId: domain.id,
    name: domain.name ?? domain.id,
    serialNumber: domain.id,
    firmwareVersion: releaseOf(system, apiVersion),
    model: modelOf(apiVersion),
    state: state === 'online' && !isClusterNormal(system) ? 'degraded' : state,
    support: supportOf(apiVersion),
  };
};

const driveTypes: ReadonlyMap<string, string> = new Map([
  ['SSD', 'SSD'],
  ['HDD', 'SATA'],
]);

const mediaOf = (pool: PoolWire, devices: readonly DeviceWire[]): readonly string[] => {
  const media = pool.mediaType
    ? [pool.mediaType]
    : devices.flatMap(({ storagePoolId, mediaType }) => (storagePoolId === pool.id && mediaType ? [mediaType] : []));
  return [...new Set(media.map((medium) => driveTypes.get(medium) ?? 'UNKNOWN'))].sort();
};

const zeroes: ReadonlyMap<boolean | null | undefined, StoragePool['unwrittenReadsZero']> = new Map([
  [true, 'yes'],
  [false, 'no'],
]);

const alertsOf = ({ capacityAlertHighThreshold: high, capacityAlertCriticalThreshold: critical }: PoolWire) =>
  high && critical ? { alertPercents: { high, critical } } : {};

export const poolStateOf = (statistics: PoolStatisticsWire): ObjectState => {
  const { degradedBytes = 0, unavailableBytes = 0 } = capacityHealth(statistics);
  return degradedBytes > 0 || unavailableBytes > 0 ? 'degraded' : 'online';
};

export const toPool = (pool: PoolWire, statistics: PoolStatisticsWire, devices: readonly DeviceWire[]): StoragePool => ({
  nativeId: pool.id,
  systemNativeId: pool.protectionDomainId,
  name: pool.name ?? pool.id,
  state: poolStateOf(statistics),
  provisioningTypes: provisioningTypesOf(pool),
  driveTypes: mediaOf(pool, devices),
  ...poolCapacity(statistics),
  ...capacityHealth(statistics),
  minVolumeBytes,
  maxVolumeBytes,
  sizeGranularityBytes: granularityBytes,
  unwrittenReadsZero: zeroes.get(pool.zeroPaddingEnabled) ?? 'unknown',
  compression: pool.compressionMethod === 'Normal',
  statisticsLagSeconds,
  volumeCount: objectCount(statistics),
  ...alertsOf(pool),
  ...(pool.dataLayout ? { layout: pool.dataLayout } : {}),
});
