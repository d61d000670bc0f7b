import { idleSince3, zerosSince3 } from '../../../drivers/scaleio/simulator/statistics-since3.ts';
import type { ApiVersion } from '../../../drivers/scaleio/simulator/versions.ts';
import type { GatewayClient } from '../../unit/drivers/scaleio/simulator/client.ts';

/** Why a field may differ from the recording nearest in version. */
type Reasons = Record<string, readonly string[]>;

export interface Row {
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

const one = (fields: string) =>
  fields
    .trim()
    .split(/\s+/)
    .map((field) => `.${field}`);
const each = (fields: string) => fields.split(/\s+/).map((field) => `[].${field}`);

const statisticsSince3 = {
  adds: {
    'clients read them from 3.0 and 3.5 on; statistics are recorded at 2.6 only': one(`
      netCapacityInUseInKb netUnusedCapacityInKb netUserDataCapacityInKb netMaxUserDataCapacityInKb
      volumeAddressSpaceInKb provisionedAddressesInKb compressionRatio snapshotCapacityInKb
      userDataTrimBwc userDataSdcReadLatency userDataSdcWriteLatency userDataSdcTrimLatency
      netCapacityInUseNoOverheadInKb capacityInUseNoOverheadInKb netUserDataCapacityNoTrimInKb netMgUserDataCapacityInKb
      mgUserDdataCcapacityInKb userDataCapacityInKb userDataCapacityNoTrimInKb thinUserDataCapacityInKb netThinUserDataCapacityInKb
      netSnapshotCapacityInKb maxUserDataCapacityInKb vtreeAddresSpaceInKb netProvisionedAddressesInKb overallUsageRatio
      thinAndSnapshotRatio aggregateCompressionLevel persistentChecksumBuilderProgress
      numOfReplicationJournalVolumes numOfMarkedVolumesForReplication migratingVtreeIds migratingVolumeIds numOfMigratingVtrees
      numOfMigratingVolumes numOfOutgoingMigrations numOfIncomingVtreeMigrations volMigrationReadBwc volMigrationWriteBwc`),
    'clients ask for them by name from 3.x on; always 0 here': [...zerosSince3, ...idleSince3].map((name) => `.${name}`),
  },
};
const poolStatisticsSince3 = { adds: { ...statisticsSince3.adds, 'clients ask for it by name from 3.x on': one('spSdsIds') } };

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
const volumeTrims = one(`userDataTrimBwc userDataSdcReadLatency userDataSdcWriteLatency userDataSdcTrimLatency
  reservationType initiatorSdcId registrationKey registrationKeys`);
const volumeReplication = one('replicationState replicationJournalVolume rplUsedJournalCap rplTotalJournalCap');
const family = { 'the recording was cut down to four figures': volumeFigures };

const links = {
  'the recording was cut; every object has links': ['[].links', '[].links<self>', '[].links</api/parent/relationship/systemId>'],
};

const isSdc = ({ hostType }: { hostType?: unknown }) => hostType !== 'NVMeHost';
const isNvmeHost = ({ hostType }: { hostType?: unknown }) => hostType === 'NVMeHost';

const sdc2 = { only: isSdc, lacks: { 'one SDC of the 2.6 recording has `sdcIps`, the others `sdcIp`': ['[].sdcIps', '[].sdcIps[]'] } };

export const rows: readonly Row[] = [
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
    ...poolStatisticsSince3,
  },
  {
    kind: 'pool statistics',
    version: '4.5',
    recording: 'csi-powerflex/get_storage_pool_statistics.json',
    ask: statisticsOf('StoragePool'),
    ...poolStatisticsSince3,
  },
  { kind: 'system statistics', version: '2.5', recording: 'csi-powerflex/get_system_statistics.json', ask: statisticsOf('System') },
  {
    kind: 'system statistics',
    version: '3.6',
    recording: 'csi-powerflex/get_system_statistics.json',
    ask: statisticsOf('System'),
    adds: statisticsSince3.adds,
    lacks: { 'no iSCSI since 2.x': one('numOfScsiInitiators scsiInitiatorIds') },
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
    adds: { ...family, 'clients read them from 3.x on': volumeTrims, 'replication came with 3.5': volumeReplication },
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
  { kind: 'PeerMdm', version: '3.6', recording: 'csi-powerflex/get_peer_mdms.json', ask: list('PeerMdm'), adds: links },
  { kind: 'PeerMdm', version: '4.5', recording: 'csi-powerflex/get_peer_mdms.json', ask: list('PeerMdm'), adds: links },
  {
    kind: 'refusal without a session',
    version: '3.6',
    recording: 'csi-powerflex/authorization_failure.json',
    ask: async (client) => ({ body: await (await fetch(`${client.simulator.url}/api/version`)).json() }),
  },
];

/** Recordings that no row asks for, and why. */
export const unasked: Record<string, string> = {
  'cinder/query_system_id_nqn_response.json': 'a projection, compared field by field below',
};
