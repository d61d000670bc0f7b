import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import type { ApiVersion } from '../../../drivers/scaleio/simulator/versions.ts';
import { type GatewayClient, open } from '../../unit/drivers/scaleio/simulator/client.ts';
import { recording } from './recordings.ts';
import { differences } from './shape.ts';

/** Why a field may differ from the recording nearest in version. */
type Reasons = Record<string, readonly string[]>;

interface Row {
  kind: string;
  version: ApiVersion;
  recording: string;
  /** Which elements of a mixed list are meant, in recording and answer. */
  only?: (element: { hostType?: unknown }) => boolean;
  ask(client: GatewayClient): Promise<{ body: unknown }>;
  adds?: Reasons;
  lacks?: Reasons;
  nullable?: Reasons;
}

const list = (type: string) => (client: GatewayClient) => client.get(`/api/types/${type}/instances`);
const mappedVolume = (client: GatewayClient) => client.get('/api/instances/Volume::00000000000000a1');
const statisticsOf = (type: string) => async (client: GatewayClient) => {
  const { body } = await client.get<{ id: string }[]>(`/api/types/${type}/instances`);
  return client.get(`/api/instances/${type}::${body[0]?.id}/relationships/Statistics`);
};

const one = (fields: string) => fields.split(/\s+/).map((field) => `.${field}`);
const each = (fields: string) => fields.split(/\s+/).map((field) => `[].${field}`);

const netFigures = one(`netCapacityInUseInKb netUnusedCapacityInKb netUserDataCapacityInKb netMaxUserDataCapacityInKb
  volumeAddressSpaceInKb provisionedAddressesInKb compressionRatio snapshotCapacityInKb
  userDataTrimBwc userDataSdcReadLatency userDataSdcWriteLatency userDataSdcTrimLatency`);
const oldFigures = one('thinCapacityAllocatedInKm snapCapacityInUseInKb snapCapacityInUseOccupiedInKb');
const statisticsSince3 = {
  adds: { 'clients read them from 3.0 and 3.5 on; statistics are recorded at 2.6 only': netFigures },
  lacks: { 'a misspelling of 2.x, and names that 3.5 replaced': oldFigures },
};

const poolSince3 = {
  'clients read them from 3.x on; pools are recorded at 2.6 only': each(`mediaType dataLayout externalAccelerationType
    persistentChecksumEnabled persistentChecksumState compressionMethod addressSpaceUsage addressSpaceUsageType capacityUsageState
    capacityUsageType spClass fragmentationEnabled replicationCapacityMaxRatio vtreeMigrationIoPriorityPolicy
    vtreeMigrationIoPriorityNumOfConcurrentIosPerDevice vtreeMigrationIoPriorityBwLimitPerDeviceInKbps
    protectedMaintenanceModeIoPriorityPolicy protectedMaintenanceModeIoPriorityNumOfConcurrentIosPerDevice
    protectedMaintenanceModeIoPriorityBwLimitPerDeviceInKbps fglAccpId fglExtraCapacity fglMaxCompressionRatio
    fglOverProvisioningFactor`),
};

const followerName = {
  adds: { 'the recording’s authors renamed the array’s field': ['[].mdmCluster.slaves'] },
  lacks: { 'the recording’s authors renamed the array’s field': ['[].mdmCluster.worker'] },
};

const namedMdms = ['[].mdmCluster.tieBreakers[].name'];
const system = {
  adds: { ...followerName.adds, 'all MDMs of the simulator have names, in the recording some have': namedMdms },
  lacks: followerName.lacks,
};

const volumeFigures = one('childVolumeIds numOfChildVolumes descendantVolumeIds numOfDescendantVolumes');
const volumeTrims = one('userDataTrimBwc userDataSdcReadLatency userDataSdcWriteLatency userDataSdcTrimLatency');
const family = { 'the recording was cut down to four figures': volumeFigures };

const isSdc = ({ hostType }: { hostType?: unknown }) => hostType !== 'NVMeHost';
const isNvmeHost = ({ hostType }: { hostType?: unknown }) => hostType === 'NVMeHost';

const sdc2 = { only: isSdc, lacks: { 'one SDC of the 2.6 recording has `sdcIps`, the others `sdcIp`': ['[].sdcIps', '[].sdcIps[]'] } };

const rows: readonly Row[] = [
  { kind: 'System', version: '2.5', recording: 'csi-powerflex/get_system_instances.json', ask: list('System'), ...system },
  { kind: 'System', version: '3.6', recording: 'csi-powerflex/get_system_instances.json', ask: list('System'), ...system },
  {
    kind: 'System',
    version: '4.5',
    recording: 'csi-powerflex/get_system_instances.json',
    ask: list('System'),
    lacks: system.lacks,
    adds: {
      ...system.adds,
      'recorded in the 4.x fragment beside': each(
        'systemNqn mdmExternalPort lastUpgradeTime lastRealignNetPathTime realignNetPathInterval defragmentationEnabled',
      ),
    },
  },
  { kind: 'StoragePool', version: '2.5', recording: 'csi-powerflex/get_storage_pool_instances.json', ask: list('StoragePool') },
  {
    kind: 'StoragePool',
    version: '3.6',
    recording: 'csi-powerflex/get_storage_pool_instances.json',
    ask: list('StoragePool'),
    adds: poolSince3,
  },
  {
    kind: 'StoragePool',
    version: '4.5',
    recording: 'csi-powerflex/get_storage_pool_instances.json',
    ask: list('StoragePool'),
    adds: poolSince3,
  },
  { kind: 'Sdc', version: '2.5', recording: 'csi-powerflex/get_sdc_instances.json', ask: list('Sdc'), ...sdc2 },
  {
    kind: 'Sdc',
    version: '3.6',
    recording: 'csi-powerflex/get_sdc_instances.json',
    ask: list('Sdc'),
    only: isSdc,
    adds: { 'clients read them from 3.5 on': each('sdcType peerMdmId sdrId') },
  },
  { kind: 'Sdc', version: '4.5', recording: 'cinder/query_sdc_instances_response.json', ask: list('Sdc'), only: isSdc },
  {
    kind: 'NVMe host among the SDCs',
    version: '4.5',
    recording: 'csi-powerflex/get_sdc_instances.json',
    ask: list('Sdc'),
    only: isNvmeHost,
  },
  {
    kind: 'one Sdc',
    version: '4.5',
    recording: 'cinder/query_sdc_by_id_response.json',
    ask: (client) => client.get(`/api/instances/Sdc::${client.sdcIds()[0]}`),
  },
  { kind: 'Host', version: '4.5', recording: 'cinder/query_hosts_response.json', ask: list('Host') },
  { kind: 'Sdt', version: '4.5', recording: 'cinder/query_sdts_response.json', ask: list('Sdt') },
  {
    kind: 'Sdt',
    version: '4.5',
    recording: 'csi-powerflex/get_all_sdt.json',
    ask: list('Sdt'),
    nullable: { 'the other recording has it null': ['[].certificateInfo'] },
  },
  {
    kind: 'Volume',
    version: '2.5',
    recording: 'csi-powerflex/volume.json.template',
    ask: mappedVolume,
    adds: {
      'the template misspells it': ['.consistencyGroupId'],
      'clients of 1.x and 2.x read it, always null': ['.mappedScsiInitiatorInfo'],
    },
    lacks: {
      'the template misspells it': ['.consistencyGroupID'],
      'added to the template for tests of replication, which came with 3.5': ['.volumeReplicationState'],
    },
  },
  {
    kind: 'volumes of an Sdc',
    version: '3.6',
    recording: 'cinder/query_sdc_volumes_response.json',
    ask: (client) => client.get(`/api/instances/Sdc::${client.sdcIds()[0]}/relationships/Volume`),
    lacks: { 'new in 4.x': ['[].volumeClass', '[].nsid', '[].mappedSdcInfo[].hostType', '[].mappedSdcInfo[].nqn'] },
  },
  {
    kind: 'volumes of an Sdc',
    version: '4.5',
    recording: 'cinder/query_sdc_volumes_response.json',
    ask: (client) => client.get(`/api/instances/Sdc::${client.sdcIds()[0]}/relationships/Volume`),
  },
  {
    kind: 'pool statistics',
    version: '2.5',
    recording: 'csi-powerflex/get_storage_pool_statistics.json',
    ask: statisticsOf('StoragePool'),
  },
  {
    kind: 'pool statistics',
    version: '3.6',
    recording: 'csi-powerflex/get_storage_pool_statistics.json',
    ask: statisticsOf('StoragePool'),
    ...statisticsSince3,
  },
  {
    kind: 'pool statistics',
    version: '4.5',
    recording: 'csi-powerflex/get_storage_pool_statistics.json',
    ask: statisticsOf('StoragePool'),
    ...statisticsSince3,
  },
  { kind: 'system statistics', version: '2.5', recording: 'csi-powerflex/get_system_statistics.json', ask: statisticsOf('System') },
  {
    kind: 'system statistics',
    version: '3.6',
    recording: 'csi-powerflex/get_system_statistics.json',
    ask: statisticsOf('System'),
    adds: statisticsSince3.adds,
    lacks: { ...statisticsSince3.lacks, 'no iSCSI since 2.x': one('numOfScsiInitiators scsiInitiatorIds') },
  },
  {
    kind: 'volume statistics',
    version: '2.5',
    recording: 'csi-powerflex/get_volume_statistics.json',
    ask: (client) => client.get('/api/instances/Volume::00000000000000a1/relationships/Statistics'),
    adds: family,
  },
  {
    kind: 'volume statistics',
    version: '3.6',
    recording: 'csi-powerflex/get_volume_statistics.json',
    ask: (client) => client.get('/api/instances/Volume::00000000000000a1/relationships/Statistics'),
    adds: { ...family, 'clients read them from 3.x on': volumeTrims },
  },
  {
    kind: 'system limits',
    version: '4.5',
    recording: 'csi-powerflex/get_system_limits.json',
    ask: (client) => client.act('System', 'querySystemLimits'),
  },
  {
    kind: 'snapshot',
    version: '3.6',
    recording: 'csi-powerflex/create_snapshot.json',
    ask: (client) => client.act('System', 'snapshotVolumes', { snapshotDefs: [{ volumeId: '00000000000000a1' }] }),
  },
  {
    kind: 'new NVMe host',
    version: '4.5',
    recording: 'csi-powerflex/create_nvme_host.json',
    ask: (client) => client.post('/api/types/Host/instances', { nqn: 'nqn.2014-08.org.nvmexpress:uuid:new' }),
  },
  {
    kind: 'refusal without a session',
    version: '3.6',
    recording: 'csi-powerflex/authorization_failure.json',
    ask: async (client) => ({ body: await (await fetch(`${client.simulator.url}/api/version`)).json() }),
  },
];

const unasked: Record<string, string> = {
  'csi-powerflex/get_peer_mdms.json': 'the simulated array has no peer',
  'cinder/query_system_id_nqn_response.json': 'a projection, compared field by field below',
};

const meant = (value: unknown, only: Row['only']) => (only === undefined || !Array.isArray(value) ? value : value.filter(only));

const volumes = [{ id: '00000000000000a1', name: 'mapped', pool: 'pool1', sizeGb: 8, mappings: [{ sdc: 'host1' }] }];
const clients = new Map<ApiVersion, GatewayClient>();

beforeAll(async () => {
  for (const apiVersion of ['2.5', '3.6', '4.5'] as const) {
    const nvmeHosts = apiVersion === '4.5' ? [{ name: 'nvme1', nqn: 'nqn.2014-08.org.nvmexpress:uuid:one' }] : [];
    clients.set(apiVersion, await open({ apiVersion, seed: { ...defaultSeed, volumes, nvmeHosts } }));
  }
});

afterAll(async () => {
  for (const client of clients.values()) await client.simulator.close();
});

function clientOf(version: ApiVersion): GatewayClient {
  const client = clients.get(version);
  if (client === undefined) throw new Error(`no simulator of ${version}`);
  return client;
}

describe('the simulator answers with the fields and types of the recordings', () => {
  it.each(rows)('$kind at $version is like $recording', async (row) => {
    const { body } = await row.ask(clientOf(row.version));
    const exceptions = {
      adds: Object.values(row.adds ?? {}).flat(),
      lacks: Object.values(row.lacks ?? {}).flat(),
      nullable: Object.values(row.nullable ?? {}).flat(),
    };
    expect(differences(meant(recording(row.recording), row.only), meant(body, row.only), exceptions)).toEqual([]);
  });

  it('System at 4.5 has every field of the recorded 4.x fragment, with its type', async () => {
    const { body } = await clientOf('4.5').get<Record<string, unknown>[]>('/api/types/System/instances');
    const recorded = recording('cinder/query_system_id_nqn_response.json');
    expect(differences(recorded, body, { adds: [], lacks: [] }).filter((text) => !text.endsWith('is not in the recording'))).toEqual([]);
  });

  it('no recording is left out without a reason', () => {
    const folder = new URL('../../../drivers/scaleio/fixtures/', import.meta.url);
    const files = ['csi-powerflex', 'cinder'].flatMap((name) => readdirSync(new URL(name, folder)).map((file) => `${name}/${file}`));
    const used = new Set([...rows.map((row) => row.recording), ...Object.keys(unasked)]);
    expect(files.filter((file) => !used.has(file))).toEqual([]);
  });
});
