import type { ArrayAccount, ArrayIdentity, ObjectState, StoragePool, StorageSystem } from '../sdk/model.ts';
import { accountWarnings } from './account.ts';
import { capacityHealth, objectCount, poolCapacity } from './capacity.ts';
import { provisioningTypesOf } from './pools.ts';
import { isAtLeast } from './releases.ts';
import { granularityBytes, maxVolumeBytes, minVolumeBytes } from './sizes.ts';
import type { DeviceWire, DomainWire, PoolStatisticsWire, PoolWire, SystemWire } from './wire.ts';

/** Capacity is sampled by the array. */
const statisticsLagSeconds = 60;

/** `DellEMC ScaleIO Version: R2_6.0.133` is release 2.6.0.133. */
export const releaseOf = (system: SystemWire, apiVersion: string): string =>
  /Version:\s*[A-Za-z]?([\d._]+)/.exec(system.systemVersionName ?? '')?.[1]?.replaceAll('_', '.') ?? apiVersion;

/** The product changed its name with 3.0 and again with 3.5. */
const modelOf = (apiVersion: string): string => {
  if (isAtLeast(apiVersion, '3.5')) return 'PowerFlex';
  return isAtLeast(apiVersion, '3.0') ? 'VxFlex OS' : 'ScaleIO';
};

export const clusterStateOf = ({ mdmCluster, mdmClusterState }: SystemWire): string =>
  mdmCluster?.clusterState ?? mdmClusterState ?? 'unknown';

export const isClusterNormal = (system: SystemWire): boolean => ['ClusteredNormal', 'unknown'].includes(clusterStateOf(system));

const clusterWarnings = (system: SystemWire): readonly string[] =>
  isClusterNormal(system) ? [] : [`the array's management cluster is ${clusterStateOf(system)}`];

export const toIdentity = (system: SystemWire, apiVersion: string, account?: ArrayAccount): ArrayIdentity => ({
  arrayId: system.id,
  ...(system.name ? { name: system.name } : {}),
  vendor: 'Dell',
  model: modelOf(apiVersion),
  version: releaseOf(system, apiVersion),
  apiVersion,
  warnings: [...clusterWarnings(system), ...accountWarnings(account)],
  ...(account === undefined ? {} : { account }),
});

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
