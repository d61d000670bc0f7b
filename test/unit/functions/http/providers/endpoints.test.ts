import { describe, expect, it } from 'vitest';
import { listPk } from '../../../../../core/inventory/listings.ts';
import { aHttpWorld, type HttpWorld, theArray } from '../../../../support/http-world.ts';

const path = '/vdc/storage-providers';
const pin = (digits: string): string => Array.from({ length: 32 }, () => digits).join(':');
const registration = {
  name: 'gw-9',
  interface_type: 'scaleioapi',
  ip_address: '10.1.2.3',
  port_number: 443,
  user_name: 'admin',
  password: 'gateway-pass-1',
  certificate_sha256: pin('AB'),
};
const second = { ...registration, name: 'gw-10', ip_address: '10.1.2.4', certificate_sha256: pin('CD') };

const register = (world: HttpWorld, body: object, query = '') => world.send('POST', `${path}${query}`, { as: 'root', body });

const registered = async () => {
  const world = aHttpWorld();
  const id: string = (await register(world, registration)).body.resource.id;
  return { world, id, secret: [...world.secrets.keys()][0] };
};
const shown = async (world: HttpWorld, id: string) => (await world.send('GET', `${path}/${id}`, { as: 'root' })).body;
const addresses = [
  { ip_address: '10.1.2.3', port_number: 443 },
  { ip_address: '10.1.2.4', port_number: 443 },
];

describe('registering another gateway of an array that is registered', () => {
  it('adds it to the provider, says so, and makes no second array', async () => {
    const { world, id, secret } = await registered();
    const answer = await register(world, second);
    expect(answer).toMatchObject({
      status: 202,
      body: {
        state: 'ready',
        resource: { id, name: 'gw-9' },
        message: expect.stringContaining('registered already, as gw-9; 10.1.2.4:443 was added'),
      },
    });
    expect(await shown(world, id)).toMatchObject({ endpoints: addresses, certificate_sha256: [pin('AB'), pin('CD')] });
    expect((await world.send('GET', `${path}/search?name=gw-10`, { as: 'root' })).body.resource).toEqual([]);
    expect([...world.secrets.keys()]).toEqual([secret]);
  });

  it('tries the credentials that were given, then those that are kept, there alone', async () => {
    const { world, secret } = await registered();
    await register(world, second);
    const there = { endpoints: [{ host: '10.1.2.4', port: 443 }], tls: { mode: 'pinned', sha256: [pin('CD')] } };
    expect(world.driverCalls.slice(1)).toMatchObject([
      { verb: 'checkConnection', connection: there, credentials: { username: 'admin' } },
      { verb: 'identify', connection: there, secretId: secret, arrayId: 'array-9' },
    ]);
  });

  it('as a dry run shows the plan and changes nothing', async () => {
    const { world, id } = await registered();
    const before = world.rows.dump();
    const answer = await register(world, second, '?dry_run=true');
    expect(answer).toMatchObject({ status: 200, body: { plan: { add_endpoint: { storage_provider: id, ip_address: '10.1.2.4' } } } });
    expect(world.rows.dump()).toBe(before);
  });

  it.each([
    { what: 'at the address that is known', patch: { ip_address: '10.1.2.3' }, code: 1015, says: 'registered already' },
    { what: 'that is trusted in another way', patch: { certificate_sha256: null }, code: 1013, says: 'certificate_sha256' },
  ])('$what is refused', async ({ patch, code, says }) => {
    const { world } = await registered();
    const before = world.rows.dump();
    expect(await register(world, { ...second, ...patch })).toMatchObject({
      status: 400,
      body: { code, details: expect.stringContaining(says) },
    });
    expect(world.rows.dump()).toBe(before);
  });

  it('is for system administrators', async () => {
    const { world } = await registered();
    expect(await world.send('POST', path, { as: 'tina', body: second })).toMatchObject({ status: 403 });
  });
});

describe('a provider with two gateways', () => {
  const withTwo = async () => {
    const { world, id } = await registered();
    await register(world, second);
    return { world, id };
  };
  const remove = (world: HttpWorld, id: string, host: string) =>
    world.send('POST', `${path}/${id}/remove-endpoint`, { as: 'root', body: { ip_address: host, port_number: 443 } });

  it('goes on with the other when one is removed, which must answer', async () => {
    const { world, id } = await withTwo();
    expect(await remove(world, id, '10.1.2.3')).toMatchObject({
      status: 200,
      body: { endpoints: addresses.slice(1), certificate_sha256: [pin('CD')] },
    });
    expect(world.driverCalls.at(-1)).toMatchObject({ verb: 'identify', connection: { endpoints: [{ host: '10.1.2.4' }] } });
    expect(await remove(world, id, '10.1.2.4')).toMatchObject({
      status: 400,
      body: { details: expect.stringContaining('the only gateway') },
    });
  });

  it('is shown as a read shows it, by whatever changed it', async () => {
    const { world, id } = await withTwo();
    const systemId = 'urn:storageos:StorageSystem:00000000-0000-4000-8000-00000000000a:vdc1';
    world.rows.seed('Inventory', [{ pk: listPk(id, 'StorageSystem'), sk: 'pd1', id: systemId, name: 'pd1' }]);
    const removed = await remove(world, id, '10.1.2.3');
    expect(removed.body.storage_systems).toMatchObject([{ id: systemId }]);
    const renamed = await world.send('PUT', `${path}/${id}`, { as: 'root', body: { name: 'gw-11' } });
    expect(renamed.body).toEqual(await shown(world, id));
  });

  it('keeps a gateway while the others do not answer', async () => {
    const { world, id } = await withTwo();
    world.array = { error: { name: 'DriverBusy', code: 'array.unreachable', message: 'no answer' } };
    expect(await remove(world, id, '10.1.2.3')).toMatchObject({ status: 400, body: { code: 12_001 } });
    world.array = { output: theArray };
    expect((await shown(world, id)).endpoints).toEqual(addresses);
  });

  it('is asked at the gateway whose address or certificate changes', async () => {
    const { world, id } = await withTwo();
    await world.send('PUT', `${path}/${id}`, { as: 'root', body: { ip_address: '10.1.2.9', certificate_sha256: pin('EF') } });
    expect(world.driverCalls.at(-1)).toMatchObject({
      connection: { endpoints: [{ host: '10.1.2.9' }], tls: { sha256: [pin('EF'), pin('CD')] } },
    });
    expect(await shown(world, id)).toMatchObject({
      endpoints: [{ ip_address: '10.1.2.9' }, addresses[1]],
      certificate_sha256: [pin('EF'), pin('CD')],
    });
  });

  it('is asked at each gateway when it is to be trusted in another way', async () => {
    const { world, id } = await withTwo();
    const calls = world.driverCalls.length;
    await world.send('PUT', `${path}/${id}`, { as: 'root', body: { ca_certificate: '-----BEGIN CERTIFICATE-----\nx' } });
    expect(world.driverCalls.slice(calls).map(({ connection }) => connection.endpoints.map(({ host }) => host))).toEqual([
      ['10.1.2.3'],
      ['10.1.2.4'],
    ]);
  });
});
