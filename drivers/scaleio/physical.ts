import * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';
import type { HostComponent, StoragePool, StoragePort, StorageSystem } from '../sdk/model.ts';
import { clusterStateOf } from './array-identity.ts';
import type { Gateway } from './gateway.ts';
import { isNvmeHost, isSdc, toHost } from './host-mapping.ts';
import { toPool, toSystem } from './mapping.ts';
import { poolStatistics } from './pool-statistics.ts';
import { toPort, toTargetPort } from './port-mapping.ts';
import { has } from './releases.ts';
import {
  type DeviceWire,
  type DomainWire,
  deviceWire,
  domainWire,
  type PoolStatisticsWire,
  type PoolWire,
  poolWire,
  type SdcWire,
  type SdsWire,
  type SdtWire,
  sdcWire,
  sdsWire,
  sdtWire,
  systemCountsWire,
} from './wire.ts';
import { systemWire } from './wire-session.ts';

const instances = (type: string): string => `/api/types/${type}/instances`;

export const readDomains = (gateway: Gateway): Promise<readonly DomainWire[]> =>
  gateway.get(z.array(domainWire), instances('ProtectionDomain'));

export const readPools = (gateway: Gateway): Promise<readonly PoolWire[]> => gateway.get(z.array(poolWire), instances('StoragePool'));

export const readSdss = (gateway: Gateway): Promise<readonly SdsWire[]> => gateway.get(z.array(sdsWire), instances('Sds'));

/** Only releases that do not tell a pool's medium need its devices. */
const readDevices = async (gateway: Gateway, pools: readonly PoolWire[]): Promise<readonly DeviceWire[]> =>
  pools.every(({ mediaType }) => mediaType) ? [] : gateway.get(z.array(deviceWire), instances('Device'));

/** Whether the array's management is as it was; a failover in between may have hidden objects. */
export const isClusterStill = async (gateway: Gateway, before: string): Promise<boolean> => {
  const [system] = await gateway.get(z.tuple([systemWire]), instances('System'));
  return system.id === gateway.system.id && clusterStateOf(system) === before;
};

export const readSdts = async (gateway: Gateway): Promise<readonly SdtWire[]> =>
  has(gateway.version, 'hosts by NVMe over TCP') ? gateway.get(z.array(sdtWire), instances('Sdt')) : [];

/** NVMe hosts may stand among the SDCs, too. */
export const readHosts = async (gateway: Gateway): Promise<readonly SdcWire[]> => {
  const sdcs = await gateway.get(z.array(sdcWire), instances('Sdc'));
  const hosts = has(gateway.version, 'hosts by NVMe over TCP') ? await gateway.get(z.array(sdcWire), instances('Host')) : [];
  return [...new Map([...sdcs, ...hosts].map((host) => [host.id, host])).values()];
};

const figuresOf = (statistics: ReadonlyMap<string, PoolStatisticsWire>, { id }: PoolWire): PoolStatisticsWire => {
  const figures = statistics.get(id);
  if (figures !== undefined) return figures;
  throw new DriverError(`the array gave no statistics of pool ${id}`, { outcome: 'DriverBusy', code: 'array.busy' });
};

/** As the array counts them; NVMe hosts may be among its SDCs. */
interface Counts {
  domains: number;
  pools: number;
  sdss: number;
  sdcs: number;
  hosts: number;
}

/** Everything but volumes, each in the order of its ids, as it was at one moment. */
export interface Physical {
  systems: readonly StorageSystem[];
  pools: readonly StoragePool[];
  servers: readonly StoragePort[];
  /** Of NVMe. */
  targets: readonly StoragePort[];
  hosts: readonly HostComponent[];
  counts: Counts;
}

const byId = <T extends { nativeId: string }>(objects: readonly T[]): readonly T[] =>
  objects.toSorted((left, right) => (left.nativeId < right.nativeId ? -1 : 1));

/** By the array's own counts; whether NVMe hosts count as SDCs is not published. */
export const isWhole = async (gateway: Gateway, { counts: found }: Physical): Promise<boolean> => {
  const counts = await gateway.get(systemCountsWire, `/api/instances/System::${gateway.system.id}/relationships/Statistics`);
  const agrees = (counted: number | undefined, ...numbers: readonly number[]): boolean =>
    counted === undefined || numbers.includes(counted);
  return (
    agrees(counts.numOfProtectionDomains, found.domains) &&
    agrees(counts.numOfStoragePools, found.pools) &&
    agrees(counts.numOfSds, found.sdss) &&
    agrees(counts.numOfSdc, found.hosts, found.sdcs)
  );
};

/** Five or six calls before 4.0, seven or eight since, however much there is. */
export const readPhysical = async (gateway: Gateway): Promise<Physical> => {
  const domains = await readDomains(gateway);
  const pools = await readPools(gateway);
  const statistics = await poolStatistics(gateway);
  const devices = await readDevices(gateway, pools);
  const sdss = await readSdss(gateway);
  const sdts = await readSdts(gateway);
  const hosts = await readHosts(gateway);
  return {
    systems: byId(domains.map((domain) => toSystem(domain, gateway.system, gateway.version))),
    pools: byId(pools.map((pool) => toPool(pool, figuresOf(statistics, pool), devices))),
    servers: byId(sdss.map(toPort)),
    targets: byId(sdts.map(toTargetPort)),
    hosts: byId(hosts.filter((host) => isSdc(host) || isNvmeHost(host)).map(toHost)),
    counts: {
      domains: domains.length,
      pools: pools.length,
      sdss: sdss.length,
      sdcs: hosts.filter(isSdc).length,
      hosts: hosts.length,
    },
  };
};
