import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEstate, type Estate, volumeOrder } from '../support/estate.ts';
import { type Live, type Reply, startLive } from '../support/live.ts';
import { expectRefusal } from '../support/refusal.ts';

/** What CoprHD's clients depend on, while every index that may lag is a minute late. */

let live: Live;
let estate: Estate;

beforeAll(async () => {
  live = await startLive({ simulators: [{ apiVersion: '3.6' }], indexLagMs: 60_000 });
  estate = await anEstate(live);
});
afterAll(() => live.close());

const aVolume = async (name: string): Promise<string> => {
  const [task] = await live.finishedAll(await live.post('/block/volumes', volumeOrder(estate, { name })));
  expect({ state: task.state, error: task.service_error }).toEqual({ state: 'ready' });
  return task.resource.id;
};

const anExport = (change: object) => ({ name: 'app', project: estate.projectId, varray: estate.varrayId, type: 'Host', ...change });

const ready = async (reply: Reply): Promise<Reply['body']> => {
  expect(reply.status).toBe(202);
  const task = await live.finished(reply.body);
  expect(task).toMatchObject({ state: 'ready' });
  return task;
};

const found = async (path: string): Promise<string[]> => {
  const { status, body } = await live.get(path);
  expect(status).toBe(200);
  return body.resource.map(({ id }: { id: string }) => id);
};

/** API Gateway lets no function set WWW-Authenticate and sends it under this name. */
const challengeOf = ({ headers }: Reply): string | null => headers.get('x-amzn-remapped-www-authenticate');

const paths = () => [
  '/',
  '/login',
  '/user/whoami',
  '/logout',
  '/tenant',
  '/block/volumes',
  '/vdc/storage-providers',
  `/vdc/storage-providers/${estate.providerIds[0]}`,
  `/vdc/tasks/${estate.projectId}`,
  '/no/such/path',
  '/block/volumes/a/b/c/d/e',
];

describe('a session', () => {
  it('begins with GET /login: 401 with a challenge, then 200 with the token in a header that later requests carry', async () => {
    const anonymous = await live.send('GET', '/login', { token: null });
    expect(anonymous).toMatchObject({ status: 401, body: { code: 4000 } });
    expect(challengeOf(anonymous)).toMatch(/^basic realm=/);
    const authorization = `Basic ${Buffer.from(`root:${live.host.rootPassword}`).toString('base64')}`;
    const reply = await live.send('GET', '/login', { token: null, headers: { authorization } });
    expect(reply).toMatchObject({ status: 200, body: { user: 'root' } });
    expect(reply.headers.get('set-cookie')).toBeNull();
    const token = reply.headers.get('x-sds-auth-token');
    expect(await live.send('GET', '/user/whoami', { token })).toMatchObject({ status: 200, body: { common_name: 'root' } });
  });

  it('is refused with 401 for a wrong password', async () => {
    const authorization = `Basic ${Buffer.from('root:wrong').toString('base64')}`;
    expectRefusal(await live.send('GET', '/login', { token: null, headers: { authorization } }), {
      status: 401,
      code: 4000,
      details: ['wrong'],
    });
  });

  it.each([
    ['no token', null],
    ['a token that can be none', 'BAD'],
    ['a token of nobody', `${Buffer.from('root').toString('base64url')}.${'x'.repeat(43)}`],
  ] as const)('with %s is 401 on every path, known or not, of whichever function, and never 403', async (_, token) => {
    const requests = paths().flatMap((path) => (['GET', 'POST', 'PUT', 'DELETE'] as const).map((method) => ({ method, path })));
    const replies = await Promise.all(
      requests.map(async (each) => ({ ...each, reply: await live.send(each.method, each.path, { token }) })),
    );
    const open = replies.filter(({ reply }) => reply.status !== 401).map(({ method, path, reply }) => `${method} ${path} ${reply.status}`);
    expect(open).toEqual(['GET / 200']);
    for (const { reply } of replies.filter(({ reply: { status } }) => status === 401)) {
      expectRefusal(reply, { status: 401, code: 4000, details: ['log in'] });
      expect(challengeOf(reply)).toMatch(/^basic realm=/);
    }
  });

  it('takes the token as a header, as a cookie and as a bearer', async () => {
    const { token } = live;
    const ways = [{ 'x-sds-auth-token': token }, { cookie: `a=b; X-SDS-AUTH-TOKEN=${token}` }, { authorization: `Bearer ${token}` }];
    const replies = await Promise.all(ways.map((headers) => live.send('GET', '/tenant', { token: null, headers })));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

/** What fetch would not send: colons, slashes and plus signs as they stand, and a body with a GET. */
const raw = (method: string, path: string, body?: string): Promise<{ status: number; body: Reply['body'] }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(live.host.url);
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, application/octet-stream',
      'x-sds-auth-token': live.token,
    };
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const request = httpRequest({ hostname, port, method, path, headers: { ...headers, ...length } }, (answer) => {
      const read = async () => JSON.parse(await text(answer));
      read().then((parsed) => resolve({ status: answer.statusCode ?? 0, body: parsed }), reject);
    });
    request.once('error', reject);
    request.end(body);
  });

describe('requests', () => {
  it('succeed with 200 or 202 alone, also those that create', async () => {
    const statuses = [
      await live.post('/vdc/varrays', { name: 'west' }),
      await live.post(`/tenants/${estate.tenantId}/projects`, { name: 'other' }),
      await live.post('/block/volumes', volumeOrder(estate, { name: 'counted' })),
      await live.post('/vdc/storage-providers/scan'),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 202, 202]);
  });

  it('may be a POST with the content type JSON and no body', async () => {
    const id = await aVolume('bodiless');
    await ready(await live.send('POST', `/block/volumes/${id}/deactivate`));
    const [task] = (await live.send('POST', '/vdc/storage-systems/discover')).body.task;
    expect((await live.finished(task)).state).toBe('ready');
  });

  it('may be a GET with the content type JSON and a body, and name ids with colons as they stand', async () => {
    const id = await aVolume('colons');
    expect(id).toMatch(/^urn:storageos:Volume:[0-9a-f-]{36}:vdc1$/);
    expect(await raw('GET', `/block/volumes/${id}`, '{"any":1}')).toMatchObject({ status: 200, body: { id, name: 'colons' } });
    expect(await raw('GET', `/block/volumes/${encodeURIComponent(id)}`)).toMatchObject({ status: 200, body: { id } });
  });

  it('may name virtual pools with /, = and spaces in a query as they stand, and get them back unchanged', async () => {
    const name = 'gold/fast = 2 tiers';
    const body = { name, protocols: ['ScaleIO'], provisioning_type: 'Thin', varrays: [estate.varrayId] };
    const { id } = (await live.post('/block/vpools', body)).body;
    const unescaped = name.replaceAll(' ', '%20');
    expect((await raw('GET', `/block/vpools/search?name=${unescaped}`)).body.resource).toEqual([
      { id, match: name, link: { rel: 'self', href: `/block/vpools/${id}` } },
    ]);
    expect((await live.get(`/block/vpools/${id}`)).body.name).toBe(name);
  });

  it('may name volumes with /, + and =, and get them back unchanged', async () => {
    const id = await aVolume('vol/a+b=c');
    expect((await live.get(`/block/volumes/${id}`)).body.name).toBe('vol/a+b=c');
    expect(await found(`/block/volumes/search?name=${encodeURIComponent('vol/a+b=c')}&project=${estate.projectId}`)).toEqual([id]);
  });

  it('that are refused carry CoprHD’s body', async () => {
    expectRefusal(await live.get('/block/volumes/urn:storageos:Volume:00000000-0000-4000-8000-000000000000:vdc1'), {
      status: 404,
      code: 2000,
      details: ['Volume'],
    });
  });
});

describe('representations', () => {
  it('have inactive, a boolean', async () => {
    const volume = await aVolume('flagged');
    const group = (await ready(await live.post('/block/exports', anExport({ name: 'flagged' })))).resource.id;
    const host = (await live.get('/compute/hosts')).body.host[0].id;
    const all = [
      `/projects/${estate.projectId}`,
      `/block/volumes/${volume}`,
      `/block/vpools/${estate.vpoolId}`,
      `/compute/hosts/${host}`,
      `/block/exports/${group}`,
      `/vdc/varrays/${estate.varrayId}`,
      `/tenants/${estate.tenantId}`,
      `/vdc/storage-providers/${estate.providerIds[0]}`,
      `/vdc/storage-pools/${estate.poolIds[0]}`,
    ];
    const bodies = await Promise.all(all.map(async (path) => (await live.get(path)).body.inactive));
    expect(bodies).toEqual(all.map(() => false));
  });

  it('of volumes have the key protection', async () => {
    const { body } = await live.get(`/block/volumes/${await aVolume('protected')}`);
    expect(Object.keys(body)).toContain('protection');
    expect(body.protection).toBeNull();
  });

  it('of lists and searches have their key when they are empty', async () => {
    const project = (await live.post(`/tenants/${estate.tenantId}/projects`, { name: 'empty' })).body.id;
    const volume = await aVolume('unexported');
    const answers = await Promise.all(
      [
        `/block/volumes/search?project=${project}`,
        `/block/exports/search?project=${project}`,
        '/block/volumes/search?tag=no-such-tag',
        '/block/vpools/search?name=no-such-pool',
        `/block/volumes/${volume}/exports`,
        '/block/exports?initiators=no-such-port',
        `/tenants/${estate.tenantId}/subtenants`,
        `/projects/${project}/resources`,
      ].map(async (path) => (await live.get(path)).body),
    );
    const none = { resource: [] };
    expect(answers).toEqual([none, none, none, none, { itl: [] }, { itl: [] }, { subtenant: [] }, { project_resource: [] }]);
  });

  it('of discovered hosts are named by their address, with one initiator of protocol ScaleIO whose port is the SDC’s id', async () => {
    const [simulator] = live.simulators;
    const sdcs = [...(simulator?.state.sdcs.values() ?? [])];
    const { host: hosts } = (await live.get(`/compute/hosts?tenant=${estate.tenantId}`)).body;
    expect(hosts.map(({ name }: { name: string }) => name).sort()).toEqual(sdcs.map(({ ips }) => ips[0]).sort());
    for (const { id, name } of hosts) {
      const { initiator } = (await live.get(`/compute/hosts/${id}/initiators`)).body;
      const sdc = sdcs.find(({ ips }) => ips[0] === name);
      expect(initiator.map((each: { name: string }) => each.name)).toEqual([sdc?.id]);
      expect((await live.get(`/compute/initiators/${initiator[0].id}`)).body).toMatchObject({
        protocol: 'ScaleIO',
        initiator_port: sdc?.id,
      });
    }
  });
});

describe('what was written', () => {
  it('is in lists and searches in the very next request, and what they list can be read', async () => {
    const project = (await live.post(`/tenants/${estate.tenantId}/projects`, { name: 'fresh' })).body.id;
    expect((await live.get(`/tenants/${estate.tenantId}/projects`)).body.project.map(({ id }: { id: string }) => id)).toContain(project);
    const group = (await live.post('/block/exports', anExport({ name: 'at once', project }))).body.resource.id;
    expect(await found(`/block/exports/search?project=${project}`)).toEqual([group]);
    const [volume] = (await live.post('/block/volumes', volumeOrder(estate, { name: 'at-once', project }))).body.task;
    const listed = await found(`/block/volumes/search?project=${project}`);
    expect(listed).toEqual([volume.resource.id]);
    for (const id of listed) expect(await live.get(`/block/volumes/${id}`)).toMatchObject({ status: 200, body: { inactive: false } });
    await live.finished(volume);
    expect(await found(`/block/volumes/search?name=AT-on&project=${project}`)).toEqual(listed);
    expect(await found('/block/volumes/search?name=at-once')).toEqual(listed);
  });

  it('is gone from lists and searches when its deletion has ended, and answers with inactive true', async () => {
    const id = await aVolume('short-lived');
    await live.put(`/block/volumes/${id}/tags`, { add: ['short:lived'] });
    expect(await found('/block/volumes/search?tag=short:lived')).toEqual([id]);
    await ready(await live.post(`/block/volumes/${id}/deactivate`));
    expect(await found('/block/volumes/search?tag=short:lived')).toEqual([]);
    expect(await found('/block/volumes/search?name=short-lived')).toEqual([]);
    expect(await live.get(`/block/volumes/${id}`)).toMatchObject({ status: 200, body: { id, name: 'short-lived', inactive: true } });
    expectRefusal(await live.post(`/block/volumes/${id}/deactivate`), { status: 404, code: 2001, details: ['short-lived', 'removed'] });
  });
});

describe('tags', () => {
  it('have up to 128 characters of any kind, are found by their beginning and blind to case, and null changes nothing', async () => {
    const id = await aVolume('tagged');
    const path = `/block/volumes/${id}/tags`;
    const tag = `OpenStack:id:<a "b" c> / ${'x'.repeat(103)}`;
    expect(tag).toHaveLength(128);
    expect((await live.put(path, { add: [tag, 'second'], remove: null })).body).toEqual({ tag: [tag, 'second'] });
    for (const start of [tag, 'openstack:ID:<a "B"', 'OpenStack'])
      expect(await found(`/block/volumes/search?tag=${encodeURIComponent(start)}`)).toEqual([id]);
    expect((await live.put(path, { add: null, remove: ['second'] })).body).toEqual({ tag: [tag] });
    expect((await live.get(path)).body).toEqual({ tag: [tag] });
    expect((await live.get(`/block/volumes/${id}`)).body.tags).toEqual([tag]);
    expectRefusal(await live.put(path, { add: [`${tag}y`] }), { status: 400, code: 1008, details: ['add[0]', 'at most 128'] });
  });
});
