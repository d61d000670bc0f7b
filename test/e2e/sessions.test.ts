import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../local/clock/clock.ts';
import { type Live, loginAs, startLive } from '../support/live.ts';
import { expectRefusal } from '../support/refusal.ts';

/** How long a login lasts, by a clock that is advanced. */

const minutes = 60_000;
const hours = 60 * minutes;
const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: false });
let live: Live;

beforeAll(async () => {
  live = await startLive({ clock });
});
afterAll(() => live.close());

const login = () => loginAs(live.host.url, live.host.rootPassword ?? '');

const statusOf = async (token: string, path = '/user/whoami'): Promise<number> => (await live.send('GET', path, { token })).status;

describe('a user whose password was wrong five times', () => {
  const loginStatus = async (user: string, password: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const answer = await fetch(`${live.host.url}/login`, { headers: { authorization } });
    await answer.text();
    return answer.status;
  };
  const right = () => loginStatus('root', live.host.rootPassword ?? '');

  it('is 401 for a minute whatever the password, while tokens and other users go on, and then logs in', async () => {
    for (let time = 0; time < 6; time += 1) expect(await loginStatus('stranger', 'wrong')).toBe(401);
    expect(await right()).toBe(200);
    for (let time = 0; time < 5; time += 1) expect(await loginStatus('root', 'wrong')).toBe(401);
    expect(await right()).toBe(401);
    expect(await statusOf(live.token)).toBe(200);
    await clock.advance(minutes + 1000);
    expect(await right()).toBe(200);
  });
});

describe('a token', () => {
  it('ends with a logout, from the next request on, and other tokens of the user do not', async () => {
    const [mine, other] = [await login(), await login()];
    expect(await live.send('GET', '/logout', { token: mine })).toMatchObject({ status: 200, body: { user: 'root' } });
    expect([await statusOf(mine), await statusOf(other)]).toEqual([401, 200]);
    expectRefusal(await live.send('GET', '/logout', { token: mine }), { status: 401, code: 4000, details: ['log in again'] });
  });

  it('ends with a logout by force, with every other token of the user', async () => {
    const tokens = [await login(), await login(), await login()];
    expect(await live.send('GET', '/logout?force=true', { token: tokens[0] ?? '' })).toMatchObject({ status: 200 });
    expect(await Promise.all(tokens.map((token) => statusOf(token)))).toEqual([401, 401, 401]);
    expect(await statusOf(await login())).toBe(200);
  });

  it('ends when it was not used for two hours', async () => {
    const token = await login();
    await clock.advance(2 * hours - minutes);
    expect(await statusOf(token)).toBe(200);
    await clock.advance(2 * hours + minutes);
    expect(await statusOf(token)).toBe(401);
  });

  it('ends eight hours after the login, however much it is used, with 401 on every path', async () => {
    const token = await login();
    for (let used = 0; used < 4; used += 1) {
      await clock.advance(2 * hours - 11 * minutes);
      expect(await statusOf(token)).toBe(200);
    }
    await clock.advance(44 * minutes + minutes);
    const all = ['/user/whoami', '/block/volumes/search?name=xx', '/vdc/storage-providers', '/logout', '/no/such/path'];
    expect(await Promise.all(all.map((path) => statusOf(token, path)))).toEqual([401, 401, 401, 401, 401]);
    expectRefusal(await live.send('GET', '/tenant', { token }), { status: 401, code: 4000, details: ['expired', 'GET /login'] });
    expectRefusal(await live.send('POST', '/vdc/storage-providers', { token, body: {} }), {
      status: 401,
      code: 4000,
      details: ['expired'],
    });
  });
});
