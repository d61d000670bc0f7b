import { describe, expect, it } from 'vitest';
import { ControlPlaneError } from '../../../../../core/errors.ts';
import { readInstallation } from '../../../../../core/identity/installation.ts';
import { beginAttempt, countFailure } from '../../../../../core/identity/login-attempts.ts';
import { aHttpWorld, rootPassword } from '../../../../support/http-world.ts';

const basic = (user: string, password: string) => ({ Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` });
const asRoot = { headers: basic('root', rootPassword) };
const tokenHeader = (token: string | null) => ({ headers: { 'X-SDS-AUTH-TOKEN': token ?? '' } });
const hours = 3_600_000;

describe('login', () => {
  it('asks for credentials with 401 and a challenge', async () => {
    const answer = await aHttpWorld().send('GET', '/login');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('basic realm="Patina"');
    expect(answer.body).toMatchObject({ code: 4000, retryable: false, details: expect.stringContaining('HTTP Basic') });
  });

  it('answers the token in a header, which opens the API at once', async () => {
    const world = aHttpWorld();
    const login = await world.send('GET', '/login', asRoot);
    expect(login).toMatchObject({ status: 200, body: { user: 'root' } });
    const who = await world.send('GET', '/user/whoami', tokenHeader(login.headers.get('x-sds-auth-token')));
    expect(who).toMatchObject({ status: 200, body: { common_name: 'root', home_tenant_roles: ['TENANT_ADMIN'] } });
    expect(who.body.vdc_roles).toContain('SYSTEM_ADMIN');
  });

  it('takes the token as a cookie and as a bearer token too', async () => {
    const world = aHttpWorld();
    const login = await world.send('GET', '/login?using-cookies=true', asRoot);
    const cookie = login.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^X-SDS-AUTH-TOKEN=.+; Secure; HttpOnly/);
    const token = login.headers.get('x-sds-auth-token') ?? '';
    for (const headers of [{ Cookie: `a=b; X-SDS-AUTH-TOKEN=${token}` }, { Authorization: `Bearer ${token}` }])
      expect((await world.send('GET', '/tenant', { headers })).status).toBe(200);
  });

  it.each([
    { user: 'root', password: 'wrong' },
    { user: 'admin', password: rootPassword },
    { user: 'nobody', password: '' },
  ])('refuses $user with a wrong password or without one of its own, and stores only that there was one', async ({ user, password }) => {
    const world = aHttpWorld();
    const before = world.rows.dump();
    const answer = await world.send('GET', '/login', { headers: basic(user, password) });
    expect(answer.status).toBe(401);
    expect(answer.body.details).not.toContain(rootPassword);
    const [counted, ...more] = world.rows.all('Coordination');
    expect(more).toEqual([]);
    expect(counted).toMatchObject({ pk: expect.stringMatching(/^LOGIN#/), failures: 1 });
    if (counted) await world.rows.transact([{ do: 'delete', table: 'Coordination', key: { pk: counted.pk, sk: counted.sk } }]);
    expect(world.rows.dump()).toBe(before);
  });

  it('makes the installation, its root tenant and root at the first login, once', async () => {
    const world = aHttpWorld();
    for (const [table, rows] of [
      ['Inventory', world.rows.all('Inventory')],
      ['Identity', world.rows.all('Identity')],
    ] as const)
      for (const { pk, sk } of rows) await world.rows.transact([{ do: 'delete', table, key: { pk, sk } }]);
    const answers = await Promise.all([world.send('GET', '/login', asRoot), world.send('GET', '/login', asRoot)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const installation = await readInstallation(world.rows);
    expect(installation?.mark).toMatch(/^[0-9a-z]{6}$/);
    expect(installation?.epoch).toBe(1);
    const tenant = await world.send('GET', '/tenant', tokenHeader(answers[1]?.headers.get('x-sds-auth-token') ?? null));
    expect(tenant.body.id).toBe(installation?.rootTenantId);
  });

  it('stores a hash of the token, never the token', async () => {
    const world = aHttpWorld();
    const token = (await world.send('GET', '/login', asRoot)).headers.get('x-sds-auth-token') ?? '';
    expect(token.length).toBeGreaterThan(40);
    expect(world.rows.dump()).not.toContain(token.split('.')[1]);
  });
});

describe('after wrong passwords', () => {
  const wrong = (user: string) => ({ headers: basic(user, 'wrong') });
  const seconds = 1000;
  const fail = async (world: ReturnType<typeof aHttpWorld>, times: number, user = 'root'): Promise<void> => {
    for (let time = 0; time < times; time += 1) expect((await world.send('GET', '/login', wrong(user))).status).toBe(401);
  };

  const expectRefused = (error: unknown) => expect(error).toMatchObject({ code: 'auth.refused' });

  it('five within five minutes hold the user for a minute, in which even the right one is 401', async () => {
    const world = aHttpWorld();
    await fail(world, 4);
    expect((await world.send('GET', '/login', asRoot)).status).toBe(200);
    await fail(world, 1);
    world.nowMs += 59 * seconds;
    const held = await world.send('GET', '/login', asRoot);
    expect(held).toMatchObject({ status: 401, body: { code: 4000, details: expect.stringContaining('for 1 s, then try again') } });
    expect(held.headers.get('www-authenticate')).toContain('basic');
    world.nowMs += seconds;
    expect((await world.send('GET', '/login', asRoot)).status).toBe(200);
  });

  it('a held user’s password is not even read', async () => {
    const world = aHttpWorld();
    await fail(world, 5);
    const before = world.rows.dump();
    await fail(world, 5);
    expect(world.rows.dump()).toBe(before);
  });

  it('five more are needed after the hold', async () => {
    const world = aHttpWorld();
    await fail(world, 5);
    world.nowMs += 60 * seconds;
    await fail(world, 4);
    expect((await world.send('GET', '/login', asRoot)).status).toBe(200);
    await fail(world, 1);
    expect((await world.send('GET', '/login', asRoot)).status).toBe(401);
  });

  it('five in more than five minutes hold nobody', async () => {
    const world = aHttpWorld();
    await fail(world, 4);
    world.nowMs += 300 * seconds;
    await fail(world, 4);
    expect((await world.send('GET', '/login', asRoot)).status).toBe(200);
  });

  it('that come at once all count, in one row', async () => {
    const world = aHttpWorld();
    await Promise.all(Array.from({ length: 20 }, () => world.send('GET', '/login', wrong('root'))));
    expect(world.rows.all('Coordination')).toMatchObject([{ pk: 'LOGIN#USER#root', failures: 5 }]);
    expect((await world.send('GET', '/login', asRoot)).status).toBe(401);
  });

  it('other users log in as before, and tokens go on', async () => {
    const world = aHttpWorld();
    await fail(world, 5, 'nobody');
    expect((await world.send('GET', '/login', wrong('nobody'))).body.details).toContain('5 wrong passwords');
    expect((await world.send('GET', '/login', asRoot)).status).toBe(200);
    await fail(world, 5);
    expect((await world.send('GET', '/tenant', { as: 'tina' })).status).toBe(200);
  });

  it('names that nobody has share at most 1,024 rows, none of which is a user’s', async () => {
    const world = aHttpWorld();
    const ports = { rows: world.rows, clock: { now: () => world.nowMs } };
    for (let n = 0; n < 3000; n += 1) {
      const user = `stranger-${n}`;
      await beginAttempt(ports, user).then((attempts) => countFailure(ports, attempts), expectRefused);
    }
    const rows = world.rows.all('Coordination');
    expect(rows.length).toBeLessThanOrEqual(1024);
    expect(rows.every(({ pk }) => pk.startsWith('LOGIN#STRANGER#'))).toBe(true);
  });

  it('what was counted goes by itself', async () => {
    const world = aHttpWorld();
    await fail(world, 1);
    expect(world.rows.all('Coordination')[0]?.['expiresAtEpochSeconds']).toBe(world.nowMs / seconds + 360);
  });

  it('a store that fails is no wrong password', async () => {
    const world = aHttpWorld();
    world.rows.transact = () => Promise.reject(new ControlPlaneError('busy', { code: 'service.busy' }));
    expect((await world.send('GET', '/login', wrong('root'))).status).toBe(503);
  });
});

describe('a token', () => {
  it.each([
    { reason: 'no token', headers: {} },
    { reason: 'a text that is no token', headers: { 'X-SDS-AUTH-TOKEN': 'hello' } },
    { reason: 'an unknown token', headers: { 'X-SDS-AUTH-TOKEN': `${Buffer.from('root').toString('base64url')}.${'z'.repeat(43)}` } },
  ])('that is $reason is 401 with a challenge, on known and unknown paths', async ({ headers }) => {
    const world = aHttpWorld();
    for (const [method, path] of [
      ['GET', '/tenant'],
      ['POST', '/vdc/varrays'],
      ['GET', '/no/such/thing'],
      ['DELETE', '/vdc/varrays'],
    ] as const) {
      const answer = await world.send(method, path, { headers });
      expect([path, answer.status, answer.body.code]).toEqual([path, 401, 4000]);
      expect(answer.headers.get('www-authenticate')).toContain('basic');
    }
  });

  it('dies after two hours without use', async () => {
    const world = aHttpWorld();
    world.nowMs += 2 * hours;
    expect((await world.send('GET', '/tenant', { as: 'tina' })).status).toBe(401);
  });

  it('lives on while it is used, but not longer than eight hours', async () => {
    const world = aHttpWorld();
    for (let hour = 1; hour <= 7; hour += 1) {
      world.nowMs += hours;
      expect((await world.send('GET', '/tenant', { as: 'tina' })).status).toBe(200);
    }
    world.nowMs += hours;
    expect((await world.send('GET', '/tenant', { as: 'tina' })).status).toBe(401);
  });

  it('has its last use written at most every ten minutes, and nothing but that and the expiry', async () => {
    const world = aHttpWorld();
    world.nowMs += 9 * 60_000;
    await world.send('GET', '/tenant', { as: 'tina' });
    expect(world.rows.transactions).toHaveLength(0);
    world.nowMs += 60_000;
    await world.send('GET', '/tenant', { as: 'tina' });
    await world.send('GET', '/tenant', { as: 'tina' });
    const [[write] = [], ...more] = world.rows.transactions;
    expect(more).toEqual([]);
    expect(write?.do === 'update' && Object.keys(write.set ?? {})).toEqual(['lastUsedAt', 'expiresAtEpochSeconds']);
  });

  it('is judged by one read', async () => {
    const world = aHttpWorld();
    await world.send('GET', '/user/whoami', { as: 'tina' });
    expect(world.rows.reads).toBe(1);
  });

  it('ends with logout, the others of the user with force', async () => {
    const world = aHttpWorld();
    const login = async () => tokenHeader((await world.send('GET', '/login', asRoot)).headers.get('x-sds-auth-token'));
    const [first, second, third] = [await login(), await login(), await login()];
    expect(await world.send('GET', '/logout', first)).toMatchObject({ status: 200, body: { user: 'root' } });
    expect((await world.send('GET', '/tenant', first)).status).toBe(401);
    expect((await world.send('GET', '/tenant', second)).status).toBe(200);
    await world.send('GET', '/logout?force=true', second);
    expect((await world.send('GET', '/tenant', third)).status).toBe(401);
    expect((await world.send('GET', '/tenant', { as: 'tina' })).status).toBe(200);
  });

  it('has the roles of this moment', async () => {
    const world = aHttpWorld();
    await world.rows.transact([{ do: 'update', table: 'Identity', key: { pk: 'USER#admin', sk: 'USER' }, set: { systemRoles: [] } }]);
    expect((await world.send('GET', '/vdc/storage-systems', { as: 'admin' })).status).toBe(403);
  });
});
