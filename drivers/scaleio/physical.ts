import * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';
import type { InventoryPage } from '../sdk/verbs.ts';
import type { Gateway } from './gateway.ts';
import { isNvmeHost, isSdc, toHost } from './host-mapping.ts';
import { clusterStateOf, toPool, toSystem } from './mapping.ts';
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
  systemWire,
} from './wire.ts';

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

interface Found {
  domains: readonly unknown[];
  pools: readonly unknown[];
  sdss: readonly unknown[];
  hosts: readonly SdcWire[];
}

/** By the array's own counts; whether NVMe hosts count as SDCs is not published. */
const isWhole = async (gateway: Gateway, { domains, pools, sdss, hosts }: Found): Promise<boolean> => {
  const counts = await gateway.get(systemCountsWire, `/api/instances/System::${gateway.system.id}/relationships/Statistics`);
  const agrees = (counted: number | undefined, ...found: readonly number[]): boolean => counted === undefined || found.includes(counted);
  return (
    agrees(counts.numOfProtectionDomains, domains.length) &&
    agrees(counts.numOfStoragePools, pools.length) &&
    agrees(counts.numOfSds, sdss.length) &&
    agrees(counts.numOfSdc, hosts.length, hosts.filter(isSdc).length)
  );
};

/** Everything but volumes, on one page: the array's own limits keep it below 4 MB. Eight calls at most before 4.0, nine since. */
export const readPhysical = async (gateway: Gateway): Promise<InventoryPage> => {
  const clusterState = clusterStateOf(gateway.system);
  const domains = await readDomains(gateway);
  const pools = await readPools(gateway);
  const statistics = await poolStatistics(gateway);
  const devices = await readDevices(gateway, pools);
  const sdss = await readSdss(gateway);
  const sdts = await readSdts(gateway);
  const hosts = await readHosts(gateway);
  return {
    systems: domains.map((domain) => toSystem(domain, gateway.system, gateway.version)),
    pools: pools.map((pool) => toPool(pool, figuresOf(statistics, pool), devices)),
    ports: [...sdss.map(toPort), ...sdts.map(toTargetPort)],
    hosts: hosts.filter((host) => isSdc(host) || isNvmeHost(host)).map(toHost),
    volumes: [],
    complete: (await isWhole(gateway, { domains, pools, sdss, hosts })) && (await isClusterStill(gateway, clusterState)),
  };
};
