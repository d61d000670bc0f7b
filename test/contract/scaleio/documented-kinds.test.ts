import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import { type GatewayClient, open } from '../../unit/drivers/scaleio/simulator/client.ts';

/** Fields that clients read of kinds that nobody recorded, with their JSON types at 3.6. */
const kinds: Record<string, Record<string, string>> = {
  ProtectionDomain: {
    string: 'id name systemId protectionDomainState rfcacheOpertionalMode',
    boolean: `rebuildNetworkThrottlingEnabled rebalanceNetworkThrottlingEnabled overallIoNetworkThrottlingEnabled
      vtreeMigrationNetworkThrottlingEnabled protectedMaintenanceModeNetworkThrottlingEnabled rfcacheEnabled fglMetadataCacheEnabled`,
    number: 'rfcachePageSizeKb rfcacheMaxIoSizeKb fglDefaultNumConcurrentWrites fglDefaultMetadataCacheSize',
    object: 'sdrSdsConnectivityInfo links',
  },
  Sds: {
    string: `id name protectionDomainId sdsState membershipState mdmConnectionState maintenanceState maintenanceType drlMode
      configuredDrlMode rmcacheMemoryAllocationState perfProfile softwareVersionInfo authenticationError`,
    boolean: 'rmcacheEnabled rmcacheFrozen rfcacheEnabled onVmWare',
    number: 'port rmcacheSizeInKb numRestarts lastUpgradeTime',
    object: 'ipList links',
  },
  Device: {
    string: `id name sdsId storagePoolId deviceCurrentPathName deviceOriginalPathName deviceState errorState mediaType deviceType
      aggregatedState temperatureState ssdEndOfLifeState ledSetting`,
    number: 'maxCapacityInKb capacityLimitInKb',
    object: 'links',
  },
  VTree: {
    string: 'id storagePoolId baseVolumeId dataLayout compressionMethod',
    boolean: 'inDeletion',
    object: 'rootVolumes vtreeMigrationInfo links',
  },
  SnapshotPolicy: {
    string: 'id name systemId snapshotPolicyState snapshotAccessMode lastAutoSnapshotCreationFailureReason',
    boolean: 'secureSnapshots lastAutoSnapshotFailureInFirstLevel',
    number: `autoSnapshotCreationCadenceInMin maxVTreeAutoSnapshots numOfSourceVolumes numOfAutoSnapshots numOfLockedSnapshots
      numOfExpiredButLockedSnapshots numOfCreationFailures nextAutoSnapshotCreationTime timeOfLastAutoSnapshot
      timeOfLastAutoSnapshotCreationFailure`,
    object: 'numOfRetainedSnapshotsPerLevel links',
  },
  Alert: {
    string: 'id name uuid alertType severity startTime lastObserved',
    object: 'affectedObject alertValues',
  },
};

const words = (text: string) => text.trim().split(/\s+/);
const rows = Object.entries(kinds).map(([kind, types]) => ({
  kind,
  fields: Object.fromEntries(Object.entries(types).flatMap(([type, names]) => words(names).map((name) => [name, type]))),
}));

let gateway: GatewayClient;
beforeAll(async () => {
  const volumes = [{ id: '00000000000000a1', name: 'v', pool: 'pool1', sizeGb: 8 }];
  const policies = [{ name: 'hourly', cadenceInMinutes: 60, retained: [24], sources: ['v'] }];
  const sdcs = [{ name: 'away', guid: '9E56672F-2F4B-4A42-BFF4-88B6846FBF0F', ips: ['192.0.2.99'], connected: false }];
  gateway = await open({ wallMs: () => 1_700_000_000_000, seed: { ...defaultSeed, sdcs, volumes, policies } });
});
afterAll(() => gateway.simulator.close());

describe('kinds without a recording have the fields that clients read, with their types', () => {
  it.each(rows)('$kind', async ({ kind, fields }) => {
    const { body } = await gateway.get<Record<string, unknown>[]>(`/api/types/${kind}/instances`);
    const [first = {}] = body;
    expect(Object.fromEntries(Object.keys(fields).map((name) => [name, typeof first[name]]))).toEqual(fields);
    expect(await gateway.get(`/api/instances/${kind}::${String(first['id'])}`)).toEqual({ status: 200, body: first });
  });

  it('the migration of a tree, at rest', async () => {
    const { body } = await gateway.get<{ vtreeMigrationInfo: object }[]>('/api/types/VTree/instances');
    expect(body[0]?.vtreeMigrationInfo).toEqual({
      sourceStoragePoolId: null,
      destinationStoragePoolId: null,
      migrationStatus: 'NotInMigration',
      migrationPauseReason: null,
      migrationQueuePosition: 0,
      thicknessConversionType: 'NoConversion',
    });
  });

  it.each([
    [
      'SnapshotPolicy',
      'autoSnapshotVolIds expiredButLockedSnapshotsIds numOfAutoSnapshots numOfExpiredButLockedSnapshots numOfSrcVols srcVolIds',
    ],
    ['Sdc', 'userDataReadBwc userDataWriteBwc userDataTrimBwc userDataSdcReadLatency volumeIds numOfMappedVolumes'],
    ['VTree', 'numOfVolumes netUserDataCapacityInKb'],
    ['Sds', 'maxCapacityInKb capacityLimitInKb numOfDevices deviceIds totalReadBwc totalWriteBwc primaryWriteBwc secondaryWriteBwc'],
  ])('statistics of %s', async (kind, names) => {
    const query = `/api/types/${kind}/instances/action/querySelectedStatistics`;
    const { status, body } = await gateway.post<Record<string, object>>(query, { allIds: '', properties: words(names) });
    expect(status).toBe(200);
    expect(Object.keys(Object.values(body)[0] ?? {})).toEqual(words(names));
  });
});
