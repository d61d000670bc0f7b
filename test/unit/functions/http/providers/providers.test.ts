import { describe, expect, it } from 'vitest';
import type { DriverFailure } from '../../../../../drivers/sdk/errors.ts';
import { aHost, anInitiator, aPool, gib, poolIdOf } from '../../../../support/block-world.ts';
import { aHttpWorld, type HttpWorld, theArray } from '../../../../support/http-world.ts';

const path = '/vdc/storage-providers';
const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':');
const password = 'gateway-pass-1';
const registration = {
  name: 'gw-9',
  interface_type: 'scaleioapi',
  ip_address: '10.1.2.3',
  port_number: 443,
  user_name: 'admin',
  password,
  certificate_sha256: 'ab'.repeat(32),
};

const register = (world: HttpWorld, patch: object = {}, query = '') =>
  world.send('POST', `${path}${query}`, { as: 'root', body: { ...registration, ...patch } });

const failing = (code: string, patch: Partial<DriverFailure> = {}) => ({
  error: { name: 'DriverRejected' as const, code, message: 'cannot do it', ...patch },
});

const providerOf = async (world: HttpWorld) => {
  const { resource } = (await register(world)).body;
  return resource.id as string;
};

describe('registering a storage provider', () => {
  it('checks the connection, pins the array, keeps the credentials in a secret and discovers', async () => {
    const world = aHttpWorld();
    const answer = await register(world);
    expect(answer).toMatchObject({ status: 202, body: { state: 'pending', resource: { name: 'gw-9' } } });
    expect(world.driverCalls).toHaveLength(1);
    expect(world.driverCalls[0]).toMatchObject({
      verb: 'checkConnection',
      connection: { endpoints: [{ host: '10.1.2.3', port: 443 }], tls: { mode: 'pinned', sha256: [fingerprint] } },
      credentials: { username: 'admin', password },
    });
    const [[name = '', value = ''] = []] = [...world.secrets];
    expect(name).toMatch(/^patina\/test\/scaleio\/[0-9a-f-]{36}$/);
    expect(JSON.parse(value)).toEqual({ username: 'admin', password });
    expect(world.started).toMatchObject([{ workflow: 'discover-provider', execution: answer.body.op_id }]);
    const shown = await world.send('GET', `${path}/${answer.body.resource.id}`, { as: 'root' });
    expect(shown.body).toMatchObject({
      provider_id: 'array-9',
      certificate_sha256: [fingerprint],
      job_scan_status: 'IN_PROGRESS',
      inactive: false,
    });
    expect(world.rows.dump()).not.toContain(password);
    expect(JSON.stringify([answer.body, shown.body])).not.toContain(password);
  });

  it.each([
    { reason: 'an unknown interface type', patch: { interface_type: 'floppy' }, code: 1008, says: 'scaleioapi' },
    { reason: 'an address outside the networks', patch: { ip_address: '192.168.1.1' }, code: 1008, says: '10.0.0.0/8' },
    { reason: 'something that is no address', patch: { ip_address: 'http://x/' }, code: 1008, says: 'ip_address' },
    { reason: 'a bad port', patch: { port_number: 70_000 }, code: 1014, says: 'port_number: 70000' },
    { reason: 'plain HTTP', patch: { use_ssl: false }, code: 1008, says: 'use_ssl' },
    { reason: 'a bad fingerprint', patch: { certificate_sha256: 'abc' }, code: 1008, says: '64 hexadecimal digits' },
    { reason: 'no password', patch: { password: null }, code: 1005, says: 'password is missing' },
    { reason: 'a password that is no text', patch: { password: 12_345 }, code: 1008, says: 'password: the value must be a text' },
    { reason: 'a taken name', patch: { name: 'gateway-1' }, code: 1015, says: '"gateway-1"' },
    { reason: 'an unknown field', patch: { sio_cli: '/bin/scli' }, code: 1013, says: 'sio_cli' },
  ])('with $reason is refused before the array is asked anything', async ({ patch, code, says }) => {
    const world = aHttpWorld();
    const before = world.rows.dump();
    const answer = await register(world, patch);
    expect(answer).toMatchObject({ status: 400, body: { code, details: expect.stringContaining(says) } });
    expect(JSON.stringify(answer.body)).not.toContain('12345');
    expect([world.driverCalls.length, world.secrets.size, world.rows.dump()]).toEqual([0, 0, before]);
  });

  it.each([
    { code: 'certificate.untrusted', patch: { facts: { certificateSha256: fingerprint } }, service: 1057, says: fingerprint },
    { code: 'certificate.untrusted', patch: { nativeCode: 'CERT_HAS_EXPIRED' }, service: 1057, says: 'renew it at the gateway' },
    { code: 'certificate.untrusted', patch: { nativeCode: 'CERT_NOT_YET_VALID' }, service: 1057, says: "the gateway's clock" },
    {
      code: 'certificate.untrusted',
      patch: { nativeCode: 'ERR_TLS_CERT_ALTNAME_INVALID' },
      service: 1057,
      says: 'send as ip_address a name',
    },
    {
      code: 'certificate.untrusted',
      patch: { nativeCode: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
      service: 1057,
      says: 'the CA that signed it',
    },
    { code: 'credentials.refused', patch: {}, service: 12_001, says: 'tried once' },
    { code: 'array.unreachable', patch: { name: 'DriverBusy' as const }, service: 12_001, says: 'port_number' },
    { code: 'address.notAllowed', patch: {}, service: 1008, says: 'cannot do it' },
    { code: 'native.77', patch: { nativeMessage: 'licence' }, service: 12_001, says: 'licence' },
  ])('that ends in $code says what to do, tries once and stores nothing', async ({ code, patch, service, says }) => {
    const world = aHttpWorld();
    const before = world.rows.dump();
    world.array = failing(code, patch);
    const answer = await register(world);
    expect(answer).toMatchObject({ status: 400, body: { code: service, details: expect.stringContaining(says) } });
    expect([world.driverCalls.length, world.secrets.size, world.rows.dump()]).toEqual([1, 0, before]);
  });

  it('that cannot be stored leaves no secret behind', async () => {
    const world = aHttpWorld();
    world.rows.transact = () => Promise.reject(new Error('no store'));
    expect((await register(world)).status).toBe(500);
    expect(world.secrets.size).toBe(0);
  });

  it('as a dry run shows the array and stores nothing', async () => {
    const world = aHttpWorld();
    const before = world.rows.dump();
    const answer = await register(world, {}, '?dry_run=true');
    expect(answer).toMatchObject({ status: 200, body: { dry_run: true, plan: { register: { provider_id: 'array-9' } } } });
    expect([world.secrets.size, world.started.length, world.rows.dump()]).toEqual([0, 0, before]);
  });

  it('twice with one key registers once and never keeps the password', async () => {
    const world = aHttpWorld();
    const call = { as: 'root', body: registration, headers: { 'Idempotency-Key': 'k' } } as const;
    const first = await world.send('POST', path, call);
    expect((await world.send('POST', path, call)).body).toEqual(first.body);
    expect(world.driverCalls).toHaveLength(1);
    expect(world.rows.dump()).not.toContain(password);
  });
});

describe('changing a storage provider', () => {
  it('tries a new password before it is kept', async () => {
    const world = aHttpWorld();
    const id = await providerOf(world);
    world.array = failing('credentials.refused');
    const before = [...world.secrets];
    expect((await world.send('PUT', `${path}/${id}`, { as: 'root', body: { password: 'next' } })).status).toBe(400);
    expect([...world.secrets]).toEqual(before);
    world.array = { output: theArray };
    const answer = await world.send('PUT', `${path}/${id}`, { as: 'root', body: { user_name: 'op', password: 'next' } });
    expect(answer).toMatchObject({ status: 200, body: { user_name: 'op' } });
    expect([...world.secrets.values()]).toEqual([JSON.stringify({ username: 'op', password: 'next' })]);
  });

  it('tries a new certificate with the credentials that are kept', async () => {
    const world = aHttpWorld();
    const id = await providerOf(world);
    await world.send('PUT', `${path}/${id}`, { as: 'root', body: { certificate_sha256: 'cd'.repeat(32) } });
    expect(world.driverCalls.at(-1)).toMatchObject({ verb: 'identify', arrayId: 'array-9', secretId: [...world.secrets.keys()][0] });
    expect(world.driverCalls.at(-1)).not.toHaveProperty('credentials');
  });

  it('never follows an address to another array', async () => {
    const world = aHttpWorld();
    const id = await providerOf(world);
    const before = world.rows.dump();
    world.array = { output: { ...theArray, arrayId: 'array-77' } };
    const answer = await world.send('PUT', `${path}/${id}`, { as: 'root', body: { ip_address: '10.9.9.9', password } });
    expect(answer).toMatchObject({ status: 400, body: { details: expect.stringContaining('array-77') } });
    expect(world.rows.dump()).toBe(before);
  });

  it('renames without asking the array', async () => {
    const world = aHttpWorld();
    const id = await providerOf(world);
    expect(await world.send('PUT', `${path}/${id}`, { as: 'root', body: { name: 'gw-new' } })).toMatchObject({
      status: 200,
      body: { name: 'gw-new' },
    });
    expect(world.driverCalls).toHaveLength(1);
    expect((await world.send('GET', `${path}/search?name=GW-N`, { as: 'root' })).body.resource).toMatchObject([{ id, match: 'gw-new' }]);
  });
});

describe('removing a storage provider', () => {
  const settled = async (world: HttpWorld) => {
    const id = await providerOf(world);
    await world.rows.transact([{ do: 'update', table: 'Inventory', key: { pk: id, sk: 'RESOURCE' }, remove: ['activeTaskId'] }]);
    return id;
  };
  const remove = (world: HttpWorld, id: string) => world.send('POST', `${path}/${id}/deactivate`, { as: 'root', body: '' });

  it('waits for the discovery that runs', async () => {
    const world = aHttpWorld();
    expect(await remove(world, await providerOf(world))).toMatchObject({ status: 400, body: { code: 1056, retryable: true } });
  });

  it('forgets what was found, the secret and the claim, so that the array can be registered anew', async () => {
    const world = aHttpWorld();
    const id = await settled(world);
    const other = { providerId: id, arrayId: 'array-9', tenantId: 'none' };
    world.put({ ...aHost(7), ...other }, { ...anInitiator(7), ...other });
    expect((await remove(world, id)).status).toBe(200);
    expect(world.secrets.size).toBe(0);
    expect(world.row(aHost(7).id)).toBeUndefined();
    expect((await world.send('GET', `${path}/${id}`, { as: 'root' })).body.inactive).toBe(true);
    expect((await world.send('GET', `${path}/search?name=gw-9`, { as: 'root' })).body.resource).toEqual([]);
    expect((await register(world)).status).toBe(202);
  });

  it('is refused while a volume of ours is on one of its pools', async () => {
    const world = aHttpWorld();
    const before = world.put(aPool({ n: 1, managedBytes: 8 * gib }));
    expect(before).toBeUndefined();
    const dump = world.rows.dump();
    const providerId = aPool().providerId;
    expect(await remove(world, providerId)).toMatchObject({
      status: 400,
      body: { code: 1020, details: expect.stringContaining('pool-1') },
    });
    expect(world.rows.dump()).toBe(dump);
    expect(world.row(poolIdOf(1))).toBeDefined();
  });
});
