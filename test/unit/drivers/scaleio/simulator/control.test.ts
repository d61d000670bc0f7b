import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, type GatewayClient, gib, open } from './client.ts';

let gateway: GatewayClient;
beforeEach(async () => {
  gateway = await open();
});
afterEach(() => gateway.simulator.close());

const state = async () => JSON.stringify((await gateway.control('GET', '/state')).body);

describe('the log', () => {
  it('lists changing calls in their order, with what became of them, and nothing else', async () => {
    const id = await gateway.createVolume({ name: 'v' });
    await gateway.get('/api/types/Volume/instances');
    await gateway.act('System', 'querySystemLimits');
    await gateway.act(`Volume::${id}`, 'setVolumeSize', { sizeInGB: '8' });
    gateway.simulator.addFault({ match: { verb: 'removeVolume' }, effect: 'failAfter' });
    await gateway.act(`Volume::${id}`, 'removeVolume').catch(() => undefined);
    expect((await gateway.control('GET', '/log')).body).toMatchObject([
      { sequence: 1, method: 'POST', verb: 'create', effect: 'done', reply: 'sent', errorCode: null, ids: [id] },
      { sequence: 2, verb: 'setVolumeSize', body: { sizeInGB: '8' }, effect: 'refused', reply: 'sent', errorCode: 133, ids: [id] },
      { sequence: 3, verb: 'removeVolume', effect: 'done', reply: 'cut' },
    ]);
  });

  it('shows no secrets', async () => {
    await gateway.createVolume({ name: 'v', password: 'hush', nested: { token: 'hush' } });
    expect(JSON.stringify((await gateway.control('GET', '/log')).body)).not.toContain('hush');
  });

  it('can be emptied', async () => {
    await gateway.createVolume();
    await gateway.control('POST', '/log/reset');
    expect((await gateway.control('GET', '/log')).body).toEqual([]);
  });
});

describe('the counters', () => {
  it('count calls by what they do, with logins apart, also those that were refused or unknown', async () => {
    await gateway.control('POST', '/calls/reset');
    const id = await gateway.createVolume();
    await gateway.volume(id);
    await gateway.volume(id);
    await gateway.get('/api/nothing');
    await call({ url: `${gateway.simulator.url}/api/login` });
    expect((await gateway.control('GET', '/calls')).body).toEqual({
      total: 4,
      logins: 1,
      byFamily: { 'Volume.create': 1, 'Volume.read': 2, unknown: 1 },
    });
  });
});

describe('the state', () => {
  it('is the same, byte for byte, once an SDS is whole again and a migration was taken back', async () => {
    await gateway.control('POST', '/behaviour', { migrationSeconds: 100 });
    const id = await gateway.createVolume({ name: 'v' });
    const before = await state();
    await gateway.control('POST', '/sdss/sds1/connection', { connected: false });
    await gateway.advance(900);
    await gateway.control('POST', '/sdss/sds1/connection', { connected: true });
    await gateway.advance(300);
    await gateway.act(`Volume::${id}`, 'migrateVTree', { destSPId: gateway.poolId('pool2') });
    expect(await state()).not.toBe(before);
    await gateway.act(`Volume::${id}`, 'pauseVTreeMigration', { pauseType: 'Forcefully' });
    await gateway.act(`Volume::${id}`, 'migrateVTree', { destSPId: gateway.poolId('pool1') });
    await gateway.advance(100);
    expect(await state()).toBe(before);
  });

  it('tells what an SDS, a migration and a policy are in, without the times', async () => {
    const policy = { name: 'p', autoSnapshotCreationCadenceInMin: '60', numOfRetainedSnapshotsPerLevel: ['3'] };
    await gateway.post('/api/types/SnapshotPolicy/instances', policy);
    const [sds] = gateway.simulator.state.sdss.values();
    await gateway.act(`Sds::${sds?.id}`, 'enterMaintenanceMode');
    const first = await state();
    expect(first).toContain('"maintenance":{"kind":"Instant","phase":"in"}');
    expect(first).toContain('"name":"p"');
    await gateway.advance(100_000);
    expect(await state()).toBe(first);
  });

  it('is the same, byte for byte, after something was made and taken back, whatever the time', async () => {
    const kept = await gateway.createVolume({ name: 'kept' });
    const before = await state();
    const id = await gateway.createVolume({ name: 'passing' });
    await gateway.act(`Volume::${kept}`, 'addMappedSdc', { sdcId: gateway.sdcIds()[0] });
    expect(await state()).not.toBe(before);
    await gateway.act(`Volume::${kept}`, 'removeMappedSdc', { allSdcs: '' });
    await gateway.act(`Volume::${id}`, 'removeVolume');
    await gateway.control('POST', '/clock', { advanceSeconds: 3600 });
    expect(await state()).toBe(before);
  });

  it('does not depend on the order of mappings', async () => {
    const [first, second] = gateway.sdcIds();
    const id = await gateway.createVolume();
    const map = (sdcId: string) => gateway.act(`Volume::${id}`, 'addMappedSdc', { sdcId, allowMultipleMappings: 'TRUE' });
    await map(first);
    await map(second);
    const before = await state();
    await gateway.act(`Volume::${id}`, 'removeMappedSdc', { sdcId: first });
    await map(first);
    expect(await state()).toBe(before);
  });
});

describe('somebody else', () => {
  it('makes, renames, writes, maps, unmaps and removes volumes, outside the log', async () => {
    const { body } = await gateway.control<{ id: string }>('POST', '/volumes', {
      storagePoolId: gateway.poolId(),
      volumeSizeInKb: gib(8),
      name: 'theirs',
    });
    await gateway.control('POST', `/volumes/${body.id}/rename`, { name: 'renamed' });
    await gateway.control('POST', `/volumes/${body.id}/mappings`, { sdc: 'host1' });
    await gateway.control('POST', `/volumes/${body.id}/mappings`, { sdc: '192.0.2.12', accessMode: 'ReadOnly' });
    const [first, second] = gateway.sdcIds();
    const mappedSdcInfo = [{ sdcId: first }, { sdcId: second, accessMode: 'ReadOnly' }];
    expect(await gateway.volume(body.id)).toMatchObject({ name: 'renamed', mappedSdcInfo });
    await gateway.control('DELETE', `/volumes/${body.id}/mappings/host1`);
    expect((await gateway.volume(body.id)).mappedSdcInfo).toHaveLength(1);
    await gateway.control('DELETE', `/volumes/${body.id}/mappings/host2`);
    await gateway.control('DELETE', `/volumes/${body.id}`);
    expect(gateway.simulator.state.volumes.size).toBe(0);
    expect((await gateway.control('GET', '/log')).body).toEqual([]);
  });

  it('is told what the array refuses, and what is malformed', async () => {
    expect(await gateway.control('POST', '/volumes/none/rename', { name: 'x' })).toMatchObject({ status: 409, body: { errorCode: 79 } });
    const id = await gateway.createVolume();
    expect((await gateway.control('POST', `/volumes/${id}/rename`, { nom: 'x' })).status).toBe(400);
    expect((await gateway.control('POST', '/clock', { advanceSeconds: -1 })).status).toBe(400);
  });

  it('puts the gateway in front of another array', async () => {
    await gateway.control('POST', '/identity', { systemId: 'ffffffffffffffff' });
    expect((await gateway.get('/api/types/System/instances')).body).toMatchObject([{ id: 'ffffffffffffffff' }]);
    const [sdcId] = gateway.sdcIds();
    expect((await gateway.get(`/api/instances/Sdc::${sdcId}`)).body).toMatchObject({ systemId: 'ffffffffffffffff' });
    expect((await gateway.control('POST', '/identity', { systemId: 'short' })).status).toBe(400);
  });

  it('ends all sessions', async () => {
    expect((await gateway.control('GET', '/sessions')).body).toEqual({ open: 1 });
    await gateway.control('POST', '/expire-sessions');
    expect((await gateway.get('/api/version')).status).toBe(401);
  });
});
