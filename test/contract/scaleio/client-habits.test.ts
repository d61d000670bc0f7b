import { afterEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../drivers/scaleio/simulator/start.ts';
import type { ApiVersion } from '../../../drivers/scaleio/simulator/versions.ts';

interface Sent {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

interface Got {
  status: number;
  text: string;
}

const running: Simulator[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

async function start(apiVersion: ApiVersion): Promise<Simulator> {
  const simulator = await startSimulator({ apiVersion, plainHttp: true });
  running.push(simulator);
  return simulator;
}

async function send({ url }: Simulator, { method = 'GET', path, headers = {}, body }: Sent): Promise<Got> {
  const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: response.status, text: await response.text() };
}

const basic = (user: string, password: string) => ({ authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` });
const json = { 'content-type': 'application/json' };
const tokenIn = ({ text }: Got) => text.replaceAll('"', '');
const poolIn = ({ state }: Simulator) => [...state.pools.keys()][0] ?? '';

describe('PyPowerFlex opens a session for each call, parses every body, and wants 200 exactly', () => {
  /** Login, version, the login of 4.x, the call, logout. */
  async function perform(simulator: Simulator, sent: Sent): Promise<unknown> {
    const token: string = JSON.parse((await send(simulator, { path: '/api/login', headers: basic('admin', 'Secret123!') })).text);
    const version: string = JSON.parse((await send(simulator, { path: '/api/version', headers: basic('admin', token) })).text);
    const modern = version >= '4.0';
    const credentials = JSON.stringify({ username: 'admin', password: 'Secret123!' });
    const login = () => send(simulator, { method: 'POST', path: '/rest/auth/login', headers: json, body: credentials });
    const session = modern ? JSON.parse((await login()).text) : undefined;
    const authorization = modern ? { authorization: `Bearer ${session.access_token}` } : basic('admin', token);
    const answer = await send(simulator, { ...sent, headers: { ...json, ...authorization } });
    expect(answer.status).toBe(200);
    const logout = modern
      ? { method: 'POST', path: '/rest/auth/logout', body: JSON.stringify({ refresh_token: session.refresh_token }) }
      : { path: '/api/logout' };
    const left = await send(simulator, { ...logout, headers: { ...json, ...authorization } });
    expect(left.status).toBe(modern ? 204 : 200);
    return JSON.parse(answer.text);
  }

  const post = (path: string, body: object): Sent => ({ method: 'POST', path, body: JSON.stringify(body) });

  it.each<ApiVersion>(['3.6', '4.5'])('at %s: a volume from its making to its end, with strings for everything', async (version) => {
    const simulator = await start(version);
    const call = (sent: Sent) => perform(simulator, sent);
    const [sdcId] = simulator.state.sdcs.keys();
    const wanted = { storagePoolId: poolIn(simulator), volumeSizeInGb: '8', volumeType: 'ThinProvisioned', name: 'py' };
    expect(await call(post('/api/types/Volume/instances', wanted))).toEqual({ id: expect.stringMatching(/^[0-9a-f]{16}$/) });
    const [volumeId] = simulator.state.volumes.keys();
    const act = (verb: string, body: object) => call(post(`/api/instances/Volume::${volumeId}/action/${verb}`, body));
    expect(await act('addMappedSdc', { sdcId, allowMultipleMappings: 'True', accessMode: 'ReadOnly' })).toEqual({});
    expect(await act('setMappedSdcLimits', { sdcId, bandwidthLimitInKbps: '10240', iopsLimit: '11' })).toEqual({});
    expect(await act('setVolumeMappingAccessMode', { sdcId, accessMode: 'ReadWrite' })).toEqual({});
    expect(await act('removeMappedSdc', { allSdcs: 'True' })).toEqual({});
    expect(await act('setVolumeName', { newName: 'py2' })).toEqual({});
    expect(await call({ path: `/api/instances/Volume::${volumeId}` })).toMatchObject({ name: 'py2', mappedSdcInfo: null });
    expect(await act('removeVolume', { removeMode: 'ONLY_ME' })).toEqual({});
    // On 4.x it leaves the session open in which it asked for the version.
    expect(simulator.sessions.count).toBe(version === '4.5' ? 8 : 0);
  });

  it('at 3.6: its whole lists of statistics, and a snapshot policy', async () => {
    const simulator = await start('3.6');
    const call = (sent: Sent) => perform(simulator, sent);
    const poolId = poolIn(simulator);
    const query = (properties: string[]) =>
      call(post('/api/types/StoragePool/instances/action/querySelectedStatistics', { ids: [poolId], properties }));
    const names = ['thinUserDataCapacityInKb', 'thinCapacityAllocatedInKm', 'snapCapacityInUseInKb', 'snapshotCapacityInKb', 'spSdsIds'];
    const more = ['volMigrationReadBwc', 'targetReadLatency', 'migratingVtreeIds', 'rplTotalJournalCap', 'aggregateCompressionLevel'];
    expect(await query([...names, ...more])).toEqual({
      [poolId]: Object.fromEntries([...names, ...more].map((name) => [name, expect.anything()])),
    });
    const policy = { name: 'p', autoSnapshotCreationCadenceInMin: 60, numOfRetainedSnapshotsPerLevel: [3], paused: 'True' };
    expect(await call(post('/api/types/SnapshotPolicy/instances', policy))).toEqual({ id: expect.any(String) });
    expect(await call({ path: '/api/types/SnapshotPolicy/instances' })).toMatchObject([{ name: 'p', snapshotPolicyState: 'Paused' }]);
  });
});

describe('siolib sends the real user with the token, names encoded twice, and system actions without the id', () => {
  it.each<ApiVersion>(['2.5', '3.6', '4.5'])('at %s', async (version) => {
    const simulator = await start(version);
    const token = tokenIn(await send(simulator, { path: '/api/login', headers: basic('admin', 'Secret123!') }));
    const headers = { ...json, ...basic('admin', token) };
    const get = (path: string) => send(simulator, { path, headers });
    const post = (path: string, body: object) => send(simulator, { method: 'POST', path, headers, body: JSON.stringify(body) });
    const twice = (name: string) => encodeURIComponent(encodeURIComponent(name));
    const domainId = tokenIn(await get(`/api/types/Domain/instances/getByName::${twice('pd1')}`));
    const poolId = tokenIn(await get(`/api/types/Pool/instances/getByName::${domainId},${twice('pool1')}`));
    const wanted = { protectionDomainId: domainId, storagePoolId: poolId, name: 'a/b+c==', volumeSizeInKb: '8388608' };
    await post('/api/types/Volume/instances', { ...wanted, volumeType: 'ThinProvisioned' });
    const id = tokenIn(await get(`/api/types/Volume/instances/getByName::${twice('a/b+c==')}`));
    const act = (verb: string, body: object) => post(`/api/instances/Volume::${id}/action/${verb}`, body);
    const codeOf = ({ text }: Got) => JSON.parse(text).errorCode;
    const guid = '9E56672F-2F4B-4A42-BFF4-88B6846FBF01';
    expect(codeOf(await act('removeMappedSdc', { guid, ignoreScsiInitiators: 'TRUE' }))).toBe(84);
    await act('addMappedSdc', { guid, allowMultipleMappings: 'TRUE' });
    expect(codeOf(await act('addMappedSdc', { guid, allowMultipleMappings: 'TRUE' }))).toBe(81);
    expect(codeOf(await post('/api/instances/Volume::00000000000000ff/action/removeVolume', { removeMode: 'ONLY_ME' }))).toBe(79);
    expect(codeOf(await get(`/api/types/Volume/instances/getByName::${twice('nothing')}`))).toBe(3);
    const taken = await post('/api/instances/System/action/snapshotVolumes', { snapshotDefs: [{ volumeId: id, snapshotName: 's' }] });
    expect(JSON.parse(taken.text)).toEqual({ volumeIdList: [expect.any(String)], snapshotGroupId: expect.any(String) });
    const flat = await post('/api/types/System/instances/action/querySelectedStatistics', { ids: [], properties: ['maxCapacityInKb'] });
    expect(JSON.parse(flat.text)).toEqual({ maxCapacityInKb: expect.any(Number) });
  });
});

describe('goscaleio builds its addresses from links, leaves the user out, and asks for a version of JSON', () => {
  it.each<ApiVersion>(['2.5', '3.6', '4.5'])('at %s', async (version) => {
    const simulator = await start(version);
    const accept = { accept: `application/json;version=${version}` };
    const login = await send(simulator, { path: '/api/login', headers: { ...accept, ...basic('admin', 'Secret123!') } });
    const token = tokenIn(login);
    const authorization = version === '4.5' ? { authorization: `Bearer ${token}` } : basic('', token);
    const headers = { ...json, ...accept, ...authorization };
    const get = async (path: string) => JSON.parse((await send(simulator, { path, headers })).text);
    const post = (path: string, body: object) => send(simulator, { method: 'POST', path, headers, body: JSON.stringify(body) });
    const linkOf = (item: { links: { rel: string; href: string }[] }, rel: string) =>
      item.links.find((link) => link.rel === rel)?.href ?? '';
    const [system] = await get('/api/types/System/instances');
    const [domain] = await get(linkOf(system, '/api/System/relationship/ProtectionDomain'));
    const [pool] = await get(linkOf(domain, '/api/ProtectionDomain/relationship/StoragePool'));
    expect(await get(linkOf(pool, '/api/StoragePool/relationship/Statistics'))).toMatchObject({ numOfVolumes: 0 });
    const wanted = { storagePoolId: pool.id, volumeSizeInKb: '8388608', volumeType: 'ThinProvisioned', name: 'go' };
    const { id } = JSON.parse((await post('/api/types/Volume/instances', wanted)).text);
    const volume = await get(`/api/instances/Volume::${id}`);
    expect((await post(`${linkOf(volume, 'self')}/action/setVolumeSize`, { sizeInGB: '16' })).status).toBe(200);
    expect(await get(linkOf(volume, '/api/parent/relationship/vtreeId'))).toMatchObject({ storagePoolId: pool.id });
    const [sdc] = await get(linkOf(system, '/api/System/relationship/Sdc'));
    const mapping = { sdcId: sdc.id, allowMultipleMappings: 'false' };
    expect((await post(`/api/instances/Volume::${id}/action/addMappedSdc`, mapping)).status).toBe(200);
    expect(await get(linkOf(sdc, '/api/Sdc/relationship/Volume'))).toMatchObject([{ id, sizeInKb: 16 * 1024 * 1024 }]);
    const missing = JSON.parse((await post('/api/types/Volume/instances/action/queryIdByKey', { name: 'none' })).text);
    expect(missing).toMatchObject({ httpStatusCode: 500, message: version === '4.5' ? 'Could not find the volume' : 'Not found' });
    const unmapped = await post(`/api/instances/Volume::${id}/action/removeMappedSdc`, { sdcId: sdc.id });
    expect(unmapped.status).toBe(200);
    expect((await post(`${linkOf(volume, 'self')}/action/removeVolume`, { removeMode: 'ONLY_ME' })).status).toBe(200);
    const gone = JSON.parse((await send(simulator, { path: `/api/instances/Volume::${id}`, headers })).text);
    expect(gone.message).toBe('Could not find the volume');
  });
});
