import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../../../drivers/scaleio/simulator/default-seed.ts';
import { type ApiVersion, apiVersions, atLeast } from '../../../../../drivers/scaleio/simulator/versions.ts';
import { basic, call, type GatewayClient, open } from './client.ts';

const id = '00000000000000a1';
const seed = { ...defaultSeed, volumes: [{ id, name: 'v', pool: 'pool1', sizeGb: 8, mappings: [{ sdc: 'host1' }] }] };
const clients = new Map<ApiVersion, GatewayClient>();

beforeAll(async () => {
  for (const apiVersion of apiVersions) clients.set(apiVersion, await open({ apiVersion, seed }));
});
afterAll(async () => {
  for (const client of clients.values()) await client.simulator.close();
});

const clientOf = (version: ApiVersion): GatewayClient => {
  const client = clients.get(version);
  if (client === undefined) throw new Error(`no simulator of ${version}`);
  return client;
};

/** In which of the versions it is there. */
async function versionsWith(isThere: (client: GatewayClient) => Promise<boolean>): Promise<ApiVersion[]> {
  const found = await Promise.all(apiVersions.map(async (version) => ({ version, there: await isThere(clientOf(version)) })));
  return found.filter(({ there }) => there).map(({ version }) => version);
}

const from = (first: ApiVersion) => apiVersions.filter((version) => atLeast(version, first));
const until = (last: ApiVersion) => apiVersions.filter((version) => atLeast(last, version));

describe('types', () => {
  it.each([
    ['FaultSet', apiVersions],
    ['SnapshotPolicy', from('3.0')],
    ['AccelerationPool', from('3.0')],
    ['PeerMdm', from('3.6')],
    ['ReplicationConsistencyGroup', from('3.6')],
    ['ReplicationPair', from('3.6')],
    ['Host', from('4.5')],
    ['Sdt', from('4.5')],
    ['Alert', until('3.6')],
  ])('%s is in %j', async (type, versions) => {
    expect(await versionsWith(async (client) => (await client.get(`/api/types/${type}/instances`)).status === 200)).toEqual(versions);
  });
});

describe('fields', () => {
  const listOf = async (client: GatewayClient, type: string) =>
    (await client.get<Record<string, unknown>[]>(`/api/types/${type}/instances`)).body[0] ?? {};

  it.each([
    ['Volume', 'isVvol', until('2.5')],
    ['Volume', 'mappingToAllSdcsEnabled', until('2.5')],
    ['Volume', 'accessModeLimit', from('3.0')],
    ['Volume', 'lockedAutoSnapshot', from('3.0')],
    ['Volume', 'volumeReplicationState', from('3.6')],
    ['Volume', 'nsid', from('4.5')],
    ['Sdc', 'sdcIps', from('3.6')],
    ['Sdc', 'hostType', from('4.5')],
    ['Sds', 'maintenanceState', apiVersions],
    ['Sds', 'maintenanceType', from('3.0')],
    ['VTree', 'vtreeMigrationInfo', from('3.0')],
    ['StoragePool', 'dataLayout', from('3.0')],
    ['System', 'systemNqn', from('4.5')],
  ])('%s.%s is in %j', async (type, field, versions) => {
    expect(await versionsWith(async (client) => field in (await listOf(client, type)))).toEqual(versions);
  });

  it.each([
    ['accessMode', from('3.0')],
    ['hostType', from('4.5')],
  ])('%s of a mapping is in %j', async (field, versions) => {
    expect(await versionsWith(async (client) => field in ((await client.volume(id)).mappedSdcInfo?.[0] ?? {}))).toEqual(versions);
  });
});

describe('actions', () => {
  it.each([
    [`Volume::${id}`, 'setVolumeMappingAccessMode', from('3.0')],
    [`Volume::${id}`, 'overwriteVolumeContent', from('3.0')],
    [`Volume::${id}`, 'migrateVTree', from('3.0')],
    [`Volume::${id}`, 'pauseVTreeMigration', from('3.0')],
    [`Volume::${id}`, 'lockAutoSnapshot', from('3.0')],
    [`Volume::${id}`, 'setSnapshotSecurity', from('3.6')],
    [`Volume::${id}`, 'addMappedHost', from('4.5')],
    ['System', 'setApprovedSdcIps', from('3.6')],
  ])('%s %s is in %j', async (object, verb, versions) => {
    expect(await versionsWith(async (client) => (await client.act(object, verb)).status !== 404)).toEqual(versions);
  });

  it('snapshots of one tree end at 31 before 3.0, and at 126 since', async () => {
    const limits = await Promise.all(
      apiVersions.map(async (version) => {
        const { body } = await clientOf(version).act<{ systemLimitEntryList: { type: string; maxVal: string }[] }>(
          'System',
          'querySystemLimits',
        );
        return body.systemLimitEntryList.find(({ type }) => type === 'snapshotsPerVtree')?.maxVal;
      }),
    );
    expect(limits).toEqual(['31', '126', '126', '126']);
  });
});

describe('codes and sessions', () => {
  it('a missing key has the code of its type from 4.x on', async () => {
    const codes = await Promise.all(
      apiVersions.map(async (version) => {
        const query = clientOf(version).post<{ errorCode: number }>('/api/types/Volume/instances/action/queryIdByKey', { name: 'none' });
        return (await query).body.errorCode;
      }),
    );
    expect(codes).toEqual([3, 3, 3, 79]);
  });

  it('the login of 4.x and its Bearer tokens are in 4.5 alone, the old login in all', async () => {
    const credentials = { username: 'admin', password: 'Secret123!' };
    const restLogin = (client: GatewayClient) =>
      call<{ access_token?: string }>({ url: `${client.simulator.url}/rest/auth/login`, method: 'POST', body: credentials });
    const oldLogin = (client: GatewayClient) =>
      call<string>({ url: `${client.simulator.url}/api/login`, authorization: basic('admin', 'Secret123!') });
    const bears = async (client: GatewayClient) => {
      const authorization = `Bearer ${(await oldLogin(client)).body}`;
      return (await call({ url: `${client.simulator.url}/api/version`, authorization })).status === 200;
    };
    expect(await versionsWith(async (client) => (await oldLogin(client)).status === 200)).toEqual(apiVersions);
    expect(await versionsWith(async (client) => (await restLogin(client)).status === 200)).toEqual(['4.5']);
    expect(await versionsWith(bears)).toEqual(['4.5']);
  });
});
