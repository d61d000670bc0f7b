import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type FaultProxy, openFaultProxy } from '../../../../../drivers/sdk/conformance/fault-proxy.ts';
import type { TlsTrust } from '../../../../../drivers/sdk/driver.ts';
import { type HttpCall, type HttpsEndpoint, openHttps } from '../../../../../drivers/sdk/https.ts';
import { type Reply, startServer, type TestServer } from '../../../../support/tls-server.ts';

const credentials = { username: 'me', password: 'secret' };
const arrayId = '00ab12';
const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const make: HttpCall = { method: 'POST', path: '/things?all=1', headers: {}, body: '{"name":"x"}', changes: true, timeoutMs: 5000 };
const read: HttpCall = { method: 'GET', path: '/things', headers: {}, changes: false, timeoutMs: 5000 };

interface World {
  server: TestServer;
  proxy: FaultProxy;
  driver: HttpsEndpoint;
}

const worlds: World[] = [];
afterEach(async () => {
  for (const { driver, proxy, server } of worlds.splice(0)) {
    driver.close();
    await proxy.close();
    await server.close();
  }
});

const answering: Reply = (_request, response) => response.setHeader('x-kind', 'thing').end(`{"array":"${arrayId}"}`);

interface Given {
  reply?: Reply;
  plain?: boolean;
  tls?: TlsTrust;
}

const start = async ({ reply = answering, plain = false, tls }: Given = {}): Promise<World> => {
  const server = await startServer(reply, { plain });
  const trusted: TlsTrust = plain ? { mode: 'none' } : { mode: 'pinned', sha256: [server.fingerprint] };
  const proxy = await openFaultProxy({
    connection: { endpoints: [{ host: '127.0.0.1', port: server.port }], tls: tls ?? trusted },
    allowedCidrs: ['127.0.0.0/8'],
    requests: { create: { method: 'POST', path: '^/things\\?' } },
    credentials,
    arrayId,
  });
  const { reached } = proxy.faults;
  const [endpoint] = reached?.connection.endpoints ?? [];
  if (reached === undefined || endpoint === undefined) throw new Error('the proxy is nowhere');
  const driver = await openHttps({ endpoint, ...reached, tls: reached.connection.tls, plainHttpAllowed: true });
  const world = { server, proxy, driver };
  worlds.push(world);
  return world;
};

const headerOf = (request: IncomingMessage | undefined, name: string): unknown => request?.headers[name];

describe('a fault proxy', () => {
  it.each([false, true])('passes on what it is sent and what comes back, under a certificate of its own (plain: %s)', async (plain) => {
    const bodies: string[] = [];
    const { driver, server } = await start({
      plain,
      reply: (request, response) => {
        request.on('data', (chunk) => bodies.push(String(chunk)));
        request.on('end', () => response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":1}'));
      },
    });
    const answer = await driver.call({ ...make, headers: { accept: 'application/json', authorization: basic('me', 'token') } });
    expect(answer).toEqual({ status: 201, contentType: 'application/json', body: '{"id":1}' });
    expect(bodies).toEqual(['{"name":"x"}']);
    const [seen] = server.seen;
    expect([seen?.method, seen?.url, headerOf(seen, 'accept')]).toEqual(['POST', '/things?all=1', 'application/json']);
    expect(headerOf(seen, 'authorization')).toBe(basic('me', 'token'));
    expect(headerOf(seen, 'host')).toBe(`127.0.0.1:${server.port}`);
  });

  it('sends nothing to an array whose certificate it was not told', async () => {
    const tls = { mode: 'pinned' as const, sha256: [new Array(32).fill('00').join(':')] };
    const { driver, server } = await start({ tls });
    await expect(driver.call(make)).rejects.toMatchObject({ name: 'DriverUncertain' });
    expect(server.seen).toEqual([]);
  });

  it('connects to no address outside the networks of arrays, and needs one', async () => {
    const common = { requests: {}, credentials, arrayId, allowedCidrs: ['192.0.2.0/24'] };
    const connection = { endpoints: [{ host: '127.0.0.1', port: 1 }], tls: { mode: 'public' as const } };
    await expect(openFaultProxy({ ...common, connection })).rejects.toMatchObject({ code: 'address.notAllowed' });
    await expect(openFaultProxy({ ...common, connection: { ...connection, endpoints: [] } })).rejects.toThrow('no endpoint');
  });

  it.each([
    ['cut', 'before', 0],
    ['cut', 'after', 1],
  ] as const)('%ss the one request of an effect %s it, and no other', async (how, when, delivered) => {
    const { driver, proxy, server } = await start();
    await proxy.faults.loseAnswer('create', when, how);
    expect((await driver.call(read)).status).toBe(200);
    await expect(driver.call(make)).rejects.toMatchObject({ name: 'DriverUncertain' });
    expect(server.seen.filter(({ method }) => method === 'POST')).toHaveLength(delivered);
    expect((await driver.call(make)).status).toBe(200);
  });

  it.each([
    ['garbage', 200],
    ['unavailable', 503],
  ] as const)('answers what no array would (%s), for one effect or for all until cleared', async (how, status) => {
    const { driver, proxy, server } = await start();
    await proxy.faults.loseAnswer('create', 'after', how);
    expect(await driver.call(make)).toMatchObject({ status, contentType: 'text/html' });
    expect(server.seen).toHaveLength(1);
    await proxy.faults.spoilAnswers(how);
    for (const call of [read, make]) expect((await driver.call(call)).status).toBe(status);
    expect(server.seen).toHaveLength(1);
    await proxy.faults.clear();
    expect((await driver.call(read)).body).toBe(`{"array":"${arrayId}"}`);
  });

  it('forgets a loss that nothing met when it is cleared', async () => {
    const { driver, proxy } = await start();
    await proxy.faults.loseAnswer('create', 'before');
    await proxy.faults.clear();
    expect((await driver.call(make)).status).toBe(200);
  });

  it('holds answers back', async () => {
    const { driver, proxy } = await start();
    await proxy.faults.delayAnswers(0.2);
    const startedAt = performance.now();
    expect((await driver.call(read)).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(190);
  });

  it('ends the sessions it has seen by exchanging them, and neither the login nor later sessions', async () => {
    const { driver, proxy, server } = await start();
    const login = basic(credentials.username, credentials.password);
    const sendWith = (headers: Record<string, string>) => driver.call({ ...read, headers });
    const lastSent = (name: string): unknown => headerOf(server.seen.at(-1), name);
    await sendWith({ authorization: login });
    await expect(proxy.faults.expireSessions()).rejects.toThrow('no request showed a session');
    const old = [
      ['authorization', basic('me', 'YWRtaW46MTIz')],
      ['authorization', 'Bearer aaaa.bbbb.c3ViamVjdA=='],
      ['cookie', 'theme=dark; session=12345678'],
      ['x-auth-token', 'abcdef'],
    ] as const;
    for (const [name, value] of old) await sendWith({ [name]: value });
    await proxy.faults.expireSessions();
    for (const [name, value] of old) {
      await sendWith({ [name]: value });
      expect(lastSent(name)).toMatch(name === 'authorization' ? /^(Basic|Bearer) / : /\w/);
      expect(lastSent(name)).not.toBe(value);
    }
    for (const authorization of [login, basic('me', 'new')]) {
      await sendWith({ authorization });
      expect(lastSent('authorization')).toBe(authorization);
    }
  });

  it('ends sessions just before the one request of an effect', async () => {
    const { driver, proxy, server } = await start();
    const authorization = basic('me', 'token-of-me');
    const sendAs = (call: HttpCall) => driver.call({ ...call, headers: { authorization } });
    const sent = (): unknown => headerOf(server.seen.at(-1), 'authorization');
    await sendAs(read);
    await proxy.faults.expireSessions('create');
    await sendAs(read);
    expect(sent()).toBe(authorization);
    await sendAs(make);
    expect(sent()).not.toBe(authorization);
    await expect(proxy.faults.expireSessions('migrate')).rejects.toThrow('the effect migrate');
  });

  it('lets another array answer, once it knows where answers hold the id', async () => {
    const { driver, proxy } = await start();
    await expect(proxy.faults.swapArray()).rejects.toMatchObject({ name: 'NotOffered' });
    await driver.call(read);
    await proxy.faults.swapArray();
    expect((await driver.call(read)).body).toBe('{"array":"99ab87"}');
    await proxy.faults.clear();
    expect((await driver.call(read)).body).toBe(`{"array":"${arrayId}"}`);
  });

  it('says of an effect that nobody described that it cannot lose its answer', async () => {
    const { proxy } = await start();
    await expect(proxy.faults.loseAnswer('migrate', 'before')).rejects.toThrow('nobody said which request has the effect migrate');
  });
});
