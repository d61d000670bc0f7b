import { text } from './body.ts';
import { capacityStatistics } from './capacity-statistics.ts';
import { counterParameters } from './counter-parameters.ts';
import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import { linksOf } from './links.ts';
import type { ArrayState, Domain } from './model.ts';
import { poolView } from './pools.ts';
import { sdsView } from './sdss.ts';
import { sdtView } from './sdts.ts';
import { atLeast } from './versions.ts';

const counters = ['mdmSdsNetworkDisconnections', 'sdsSdsNetworkDisconnections', 'sdsDecoupled', 'sdsConfigurationFailure'];

const throttling = (work: string): Json => ({
  [`${work}NetworkThrottlingEnabled`]: false,
  [`${work}NetworkThrottlingInKbps`]: null,
});

const since3 = (): Json => ({
  ...throttling('vtreeMigration'),
  ...throttling('protectedMaintenanceMode'),
  fglDefaultNumConcurrentWrites: 1000,
  fglMetadataCacheEnabled: false,
  fglDefaultMetadataCacheSize: 0,
});

const since35 = (): Json => ({
  replicationCapacityMaxRatio: null,
  sdrSdsConnectivityInfo: { clientServerConnStatus: 'CLIENT_SERVER_CONN_STATUS_ALL_CONNECTED', disconnectedClientId: null },
});

export function domainView(array: ArrayState, domain: Domain): Json {
  const relationships = ['Statistics', 'StoragePool', 'Sds', 'FaultSet', ...(atLeast(array.version, '4.5') ? ['Sdt'] : [])];
  return {
    id: domain.id,
    name: domain.name,
    systemId: array.system.id,
    protectionDomainState: 'Active',
    ...throttling('rebuild'),
    ...throttling('rebalance'),
    ...throttling('overallIo'),
    rfcacheEnabled: true,
    rfcacheAccpId: null,
    rfcacheOpertionalMode: 'WriteMiss',
    rfcachePageSizeKb: 64,
    rfcacheMaxIoSizeKb: 128,
    ...Object.fromEntries(counters.map((name) => [`${name}CounterParameters`, counterParameters(300, 500, 700)])),
    ...(atLeast(array.version, '3.0') ? since3() : {}),
    ...(atLeast(array.version, '3.6') ? since35() : {}),
    links: linksOf('ProtectionDomain', domain.id, { relationships, parents: { systemId: `System::${array.system.id}` } }),
  };
}

const poolsOf = (array: ArrayState, domain: Domain) => [...array.pools.values()].filter((pool) => pool.domainId === domain.id);
const sdssOf = (array: ArrayState, domain: Domain) => [...array.sdss.values()].filter((sds) => sds.domainId === domain.id);

export const domains = defineFamily<Domain>({
  type: 'ProtectionDomain',
  missing: 'FD_NOT_FOUND',
  items: (array) => [...array.domains.values()],
  find: (array, id) => array.domains.get(id),
  view: domainView,
  statistics: (array, domain) => ({
    ...capacityStatistics(array, poolsOf(array, domain)),
    numOfSds: sdssOf(array, domain).length,
    numOfStoragePools: poolsOf(array, domain).length,
    numOfFaultSets: 0,
    storagePoolIds: poolsOf(array, domain).map((pool) => pool.id),
    sdsIds: sdssOf(array, domain).map((sds) => sds.id),
  }),
  relationships: {
    StoragePool: (array, domain) => poolsOf(array, domain).map((pool) => poolView(array, pool)),
    Sds: (array, domain) => sdssOf(array, domain).map((sds) => sdsView(array, sds)),
    Sdt: (array, domain) => [...array.sdts.values()].filter((sdt) => sdt.domainId === domain.id).map((sdt) => sdtView(array, sdt)),
    FaultSet: () => [],
  },
  byKey: (array, body) => [...array.domains.values()].find((domain) => domain.name === text(body, 'name')),
});
