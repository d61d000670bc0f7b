import type { ArrayIdentity, HostComponent, ObjectState, StoragePool, StoragePort, StorageSystem } from '../sdk/model.ts';
import { objectCount, poolCapacity } from './capacity.ts';
import { granularityBytes, maxVolumeBytes, minVolumeBytes } from './sizes.ts';
import type { DeviceWire, DomainWire, PoolStatisticsWire, PoolWire, SdcWire, SdsWire, SystemWire } from './wire.ts';

/** Capacity is sampled by the array. */
const statisticsLagSeconds = 60;

/** `DellEMC ScaleIO Version: R2_6.0.133` is release 2.6.0.133. */
export const releaseOf = (system: SystemWire, apiVersion: string): string =>
  /Version:\s*[A-Za-z]?([\d._]+)/.exec(system.systemVersionName ?? '')?.[1]?.replaceAll('_', '.') ?? apiVersion;

/** The product changed its name with 3.0 and again with 3.5. */
const modelOf = (apiVersion: string): string => {
  const version = Number.parseFloat(apiVersion);
  if (version >= 3.5) return 'PowerFlex';
  return version >= 3 ? 'VxFlex OS' : 'ScaleIO';
};

export const clusterStateOf = ({ mdmCluster, mdmClusterState }: SystemWire): string =>
  mdmCluster?.clusterState ?? mdmClusterState ?? 'unknown';

const isClusterNormal = (system: SystemWire): boolean => ['ClusteredNormal', 'unknown'].includes(clusterStateOf(system));

export const toIdentity = (system: SystemWire, apiVersion: string): ArrayIdentity => ({
  arrayId: system.id,
  ...(system.name ? { name: system.name } : {}),
  vendor: 'Dell',
  model: modelOf(apiVersion),
  version: releaseOf(system, apiVersion),
  apiVersion,
  warnings: isClusterNormal(system) ? [] : [`the array's management cluster is ${clusterStateOf(system)}`],
});

const domainState = (state: string | null | undefined): ObjectState => {
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

export const toPool = (pool: PoolWire, statistics: PoolStatisticsWire, devices: readonly DeviceWire[]): StoragePool => ({
  nativeId: pool.id,
  systemNativeId: pool.protectionDomainId,
  name: pool.name ?? pool.id,
  state: 'online',
  provisioningTypes: pool.dataLayout === 'FineGranularity' ? ['thin'] : ['thin', 'thick'],
  driveTypes: mediaOf(pool, devices),
  ...poolCapacity(statistics),
  minVolumeBytes,
  maxVolumeBytes,
  sizeGranularityBytes: granularityBytes,
  unwrittenReadsZero: zeroes.get(pool.zeroPaddingEnabled) ?? 'unknown',
  compression: pool.compressionMethod === 'Normal',
  statisticsLagSeconds,
  volumeCount: objectCount(statistics),
});

const sdsStateOf = ({ mdmConnectionState, sdsState, maintenanceState }: SdsWire): ObjectState => {
  if (mdmConnectionState !== 'Connected') return 'offline';
  return sdsState === 'Normal' && (maintenanceState ?? 'NoMaintenance') === 'NoMaintenance' ? 'online' : 'degraded';
};

/** An SDS, by the addresses that serve hosts. */
export const toPort = (sds: SdsWire): StoragePort => ({
  nativeId: sds.id,
  systemNativeId: sds.protectionDomainId,
  name: sds.name ?? sds.id,
  addresses: sds.ipList.filter(({ role }) => role !== 'sdsOnly').map(({ ip }) => ip),
  transport: 'ip',
  state: sdsStateOf(sds),
  ...(sds.faultSetId ? { faultDomain: sds.faultSetId } : {}),
});

const osTypes: ReadonlyMap<string, string> = new Map([
  ['Linux', 'Linux'],
  ['Windows', 'Windows'],
  ['Esx', 'Esx'],
  ['Aix', 'AIX'],
]);

const addressesOf = ({ sdcIp, sdcIps }: SdcWire): readonly string[] => [
  ...new Set([...(sdcIp ? [sdcIp] : []), ...(sdcIps ?? [])].filter((address) => address !== 'N/A')),
];

/** An SDC is a host with one initiator; NVMe hosts are not attached by this driver. */
export const isSdc = ({ hostType }: SdcWire): boolean => (hostType ?? 'SdcHost') === 'SdcHost';

export const toHost = (sdc: SdcWire): HostComponent => {
  const addresses = addressesOf(sdc);
  const state: ObjectState = sdc.mdmConnectionState === 'Connected' ? 'online' : 'offline';
  return {
    nativeId: sdc.id,
    name: addresses[0] ?? sdc.name ?? sdc.sdcGuid ?? sdc.id,
    osType: osTypes.get(sdc.osType ?? '') ?? 'Other',
    addresses,
    state,
    initiators: [
      {
        type: 'sdc',
        id: sdc.id,
        protocol: 'ScaleIO',
        ...(sdc.sdcGuid ? { nodeName: sdc.sdcGuid } : {}),
        approved: sdc.sdcApproved ?? true,
        state,
      },
    ],
  };
};
