import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayClient, open, refusal } from './client.ts';

let gateway: GatewayClient;
beforeEach(async () => {
  gateway = await open();
});
afterEach(() => gateway.simulator.close());

const systemId = () => gateway.simulator.state.system.id;
const queryIdByKey = (type: string, body: Record<string, unknown>) =>
  gateway.post(`/api/types/${type}/instances/action/queryIdByKey`, body);

describe('addresses', () => {
  it('every link of every object can be followed', async () => {
    const id = await gateway.createVolume();
    await gateway.act(`Volume::${id}`, 'addMappedSdc', { sdcId: gateway.sdcIds()[0] });
    const types = ['System', 'ProtectionDomain', 'StoragePool', 'Sds', 'Device', 'Sdc', 'Volume', 'VTree'];
    for (const type of types) {
      const { body } = await gateway.get<{ links: { rel: string; href: string }[] }[]>(`/api/types/${type}/instances`);
      expect(body.length).toBeGreaterThan(0);
      for (const { rel, href } of body.flatMap(({ links }) => links)) {
        expect({ rel, status: (await gateway.get(href)).status }).toEqual({ rel, status: 200 });
      }
    }
  });

  it('name relationships in the singular and address them in the plural', async () => {
    const { links } = await gateway.volume(await gateway.createVolume());
    const statistics = links.find(({ rel }) => rel === '/api/Volume/relationship/Statistics');
    expect(statistics?.href).toMatch(/^\/api\/instances\/Volume::[0-9a-f]{16}\/relationships\/Statistics$/);
  });

  it('of system actions work with and without the id, and not with another', async () => {
    for (const object of ['System', `System::${systemId()}`]) {
      expect((await gateway.act(object, 'querySystemLimits')).status).toBe(200);
    }
    expect(await gateway.act('System::00000000000000ff', 'querySystemLimits')).toMatchObject(refusal(3, 'Not found'));
    expect(await gateway.post('/api/instances/System/queryMdmCluster')).toMatchObject({ status: 200, body: { clusterMode: 'ThreeNodes' } });
  });

  it('that do not exist are 404, also actions newer than the version', async () => {
    const old = await open({ apiVersion: '2.5' });
    const id = await old.createVolume();
    expect((await old.act(`Volume::${id}`, 'overwriteVolumeContent', { srcVolumeId: id })).status).toBe(404);
    expect((await old.get('/api/types/Host/instances')).status).toBe(404);
    await old.simulator.close();
    for (const path of ['/api/nothing', '/api/types/Nothing/instances', `/api/instances/System::${systemId()}/relationships/Nothing`]) {
      expect((await gateway.get(path)).status).toBe(404);
    }
  });

  it('list everything in one answer', async () => {
    const id = await gateway.createVolume();
    expect((await gateway.get('/api/instances')).body).toMatchObject({ System: { id: systemId() }, volumeList: [{ id }] });
  });
});

describe('looking up by key', () => {
  it('answers the id as a JSON string', async () => {
    const id = await gateway.createVolume({ name: 'named' });
    const pool = gateway.simulator.state.pools.get(gateway.poolId());
    const [sdcId] = gateway.sdcIds();
    expect((await queryIdByKey('Volume', { name: 'named' })).body).toBe(id);
    expect((await queryIdByKey('StoragePool', { name: 'pool1', protectionDomainName: 'pd1' })).body).toBe(pool?.id);
    expect((await queryIdByKey('StoragePool', { name: 'pool1', protectionDomainId: pool?.domainId })).body).toBe(pool?.id);
    expect((await queryIdByKey('ProtectionDomain', { name: 'pd1' })).body).toBe(pool?.domainId);
    for (const key of [{ ip: '192.0.2.11' }, { name: 'host1' }, { guid: '9e56672f-2f4b-4a42-bff4-88b6846fbf01' }]) {
      expect((await queryIdByKey('Sdc', key)).body).toBe(sdcId);
    }
  });

  it('answers code 3 when there is none, and from 4.x the code of the type', async () => {
    expect(await queryIdByKey('Volume', { name: 'none' })).toMatchObject(refusal(3, 'Not found'));
    const newer = await open({ apiVersion: '4.5' });
    const missing = (type: string) => newer.post(`/api/types/${type}/instances/action/queryIdByKey`, { name: 'none' });
    expect(await missing('Volume')).toMatchObject(refusal(79));
    expect(await missing('ProtectionDomain')).toMatchObject(refusal(142));
    await newer.simulator.close();
  });

  it('reads several objects in the order asked, or none when one is missing', async () => {
    const one = await gateway.createVolume();
    const two = await gateway.createVolume();
    const select = (ids: string[]) => gateway.post('/api/types/Volume/instances/action/queryBySelectedIds', { ids });
    expect((await select([two, one])).body).toMatchObject([{ id: two }, { id: one }]);
    expect(await select([two, '00000000000000ff'])).toMatchObject(refusal(79));
  });
});

describe('legacy look-ups', () => {
  const name = 'a+b/c%20==';

  it('find a name encoded once or twice', async () => {
    const id = await gateway.createVolume({ name: 'a+b/c==' });
    const once = encodeURIComponent('a+b/c==');
    for (const encoded of [once, encodeURIComponent(once)]) {
      expect(await gateway.get(`/api/types/Volume/instances/getByName::${encoded}`)).toEqual({ status: 200, body: id });
    }
  });

  it('find domains, pools within a domain, and SDCs by address', async () => {
    const pool = gateway.simulator.state.pools.get(gateway.poolId());
    expect((await gateway.get('/api/types/Domain/instances/getByName::pd1')).body).toBe(pool?.domainId);
    expect((await gateway.get(`/api/types/Pool/instances/getByName::${pool?.domainId},pool1`)).body).toBe(pool?.id);
    expect((await gateway.get('/api/types/Client/instances/getByIp::192.0.2.12/')).body).toBe(gateway.sdcIds()[1]);
  });

  it('answer code 3 for a name and null for an address that is not there', async () => {
    expect(await gateway.get(`/api/types/Volume/instances/getByName::${encodeURIComponent(name)}`)).toMatchObject(refusal(3));
    expect(await gateway.get('/api/types/Pool/instances/getByName::00000000000000ff,pool1')).toMatchObject(refusal(3));
    expect(await gateway.get('/api/types/Client/instances/getByIp::198.51.100.1/')).toEqual({ status: 200, body: null });
  });
});
