import * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';
import type { InventoryPage } from '../sdk/verbs.ts';
import type { Gateway } from './gateway.ts';
import { clusterStateOf, isSdc, toHost, toPool, toPort, toSystem } from './mapping.ts';
import {
  type DeviceWire,
  deviceWire,
  domainWire,
  type PoolStatisticsWire,
  type PoolWire,
  poolStatisticsWire,
  poolWire,
  sdcWire,
  sdsWire,
  statisticsByIdWire,
  systemWire,
} from './wire.ts';

const instances = (type: string): string => `/api/types/${type}/instances`;

const counted = ['numOfThickBaseVolumes', 'numOfThinBaseVolumes', 'numOfSnapshots'];
const netProperties = [...counted, 'netCapacityInUseInKb', 'netUnusedCapacityInKb', 'volumeAddressSpaceInKb'];
const rawProperties = [
  ...counted,
  'capacityLimitInKb',
  'spareCapacityInKb',
  'capacityAvailableForVolumeAllocationInKb',
  'thickCapacityInUseInKb',
  'thinCapacityAllocatedInKb',
  'snapCapacityInUseInKb',
];

const selected = async (gateway: Gateway): Promise<ReadonlyMap<string, PoolStatisticsWire>> => {
  const properties = Number.parseFloat(gateway.version) >= 3 ? netProperties : rawProperties;
  const path = `${instances('StoragePool')}/action/querySelectedStatistics`;
  return new Map(Object.entries(await gateway.ask(statisticsByIdWire, path, { properties, allIds: '' })));
};

const oneByOne = async (gateway: Gateway, pools: readonly PoolWire[]): Promise<ReadonlyMap<string, PoolStatisticsWire>> => {
  const all = new Map<string, PoolStatisticsWire>();
  for (const { id } of pools)
    all.set(id, await gateway.get(poolStatisticsWire, `/api/instances/StoragePool::${id}/relationships/Statistics`));
  return all;
};

/** In one call; a release that does not know one of the properties refuses them all, and is asked pool by pool for whatever it has. */
export const poolStatistics = (gateway: Gateway, pools: readonly PoolWire[]): Promise<ReadonlyMap<string, PoolStatisticsWire>> =>
  selected(gateway).catch((error: unknown) => {
    if (error instanceof DriverError && error.name === 'DriverRejected') return oneByOne(gateway, pools);
    throw error;
  });

export const readPools = (gateway: Gateway): Promise<readonly PoolWire[]> => gateway.get(z.array(poolWire), instances('StoragePool'));

/** Only releases that do not tell a pool's medium need its devices. */
const readDevices = async (gateway: Gateway, pools: readonly PoolWire[]): Promise<readonly DeviceWire[]> =>
  pools.every(({ mediaType }) => mediaType) ? [] : gateway.get(z.array(deviceWire), instances('Device'));

/** Whether the array's management is as it was; a failover in between may have hidden objects. */
export const isClusterStill = async (gateway: Gateway, before: string): Promise<boolean> => {
  const [system] = await gateway.get(z.tuple([systemWire]), instances('System'));
  return system.id === gateway.system.id && clusterStateOf(system) === before;
};

const figuresOf = (statistics: ReadonlyMap<string, PoolStatisticsWire>, { id }: PoolWire): PoolStatisticsWire => {
  const figures = statistics.get(id);
  if (figures !== undefined) return figures;
  throw new DriverError(`the array gave no statistics of pool ${id}`, { outcome: 'DriverBusy', code: 'array.busy' });
};

/** Everything but volumes, on one page, in at most seven calls beside the pools' own where a release needs them. */
export const readPhysical = async (gateway: Gateway): Promise<InventoryPage> => {
  const clusterState = clusterStateOf(gateway.system);
  const domains = await gateway.get(z.array(domainWire), instances('ProtectionDomain'));
  const pools = await readPools(gateway);
  const statistics = await poolStatistics(gateway, pools);
  const devices = await readDevices(gateway, pools);
  const sdss = await gateway.get(z.array(sdsWire), instances('Sds'));
  const sdcs = await gateway.get(z.array(sdcWire), instances('Sdc'));
  return {
    systems: domains.map((domain) => toSystem(domain, gateway.system, gateway.version)),
    pools: pools.map((pool) => toPool(pool, figuresOf(statistics, pool), devices)),
    ports: sdss.map(toPort),
    hosts: sdcs.filter(isSdc).map(toHost),
    volumes: [],
    complete: await isClusterStill(gateway, clusterState),
  };
};
