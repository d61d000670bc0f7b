import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../../../drivers/scaleio/simulator/start.ts';
import type { ApiVersion } from '../../../../../drivers/scaleio/simulator/versions.ts';
import { basic, call, login } from './client.ts';

const unauthorized = { status: 401, body: { message: 'Unauthorized', httpStatusCode: 401, errorCode: 0 } };
const minute = 60;

let simulator: Simulator;
const start = async (apiVersion: ApiVersion) => {
  simulator = await startSimulator({ plainHttp: true, apiVersion });
};
beforeEach(() => start('3.6'));
afterEach(() => simulator.close());

const version = (authorization?: string) =>
  call({ url: `${simulator.url}/api/version`, ...(authorization === undefined ? {} : { authorization }) });
const loginAs = (user: string, password: string) =>
  call<string>({ url: `${simulator.url}/api/login`, authorization: basic(user, password) });

describe('a session', () => {
  it('opens with a quoted token, which is the Basic password of any user', async () => {
    const { status, body: token } = await loginAs('admin', 'Secret123!');
    expect(status).toBe(200);
    expect(token).toMatch(/^[A-Za-z0-9+/]+$/);
    for (const user of ['', 'admin', 'whoever']) expect(await version(basic(user, token))).toEqual({ status: 200, body: '3.6' });
  });

  it.each([
    ['admin', 'wrong'],
    ['nobody', 'Secret123!'],
  ])('does not open for %s with %s', async (user, password) => {
    expect(await loginAs(user, password)).toEqual(unauthorized);
  });

  it('is needed by every call', async () => {
    expect(await version()).toEqual(unauthorized);
    expect(await version(basic('admin', 'Secret123!'))).toEqual(unauthorized);
    expect(await version('Basic nonsense')).toEqual(unauthorized);
  });

  it('ends ten minutes after the last call', async () => {
    const authorization = await login(simulator);
    simulator.advanceClock(9 * minute);
    expect((await version(authorization)).status).toBe(200);
    simulator.advanceClock(9 * minute);
    expect((await version(authorization)).status).toBe(200);
    simulator.advanceClock(10 * minute);
    expect(await version(authorization)).toEqual(unauthorized);
  });

  it('ends eight hours after login, however busy', async () => {
    const authorization = await login(simulator);
    for (let passed = 9; passed < 480; passed += 9) {
      simulator.advanceClock(9 * minute);
      expect((await version(authorization)).status).toBe(200);
    }
    simulator.advanceClock(9 * minute);
    expect(await version(authorization)).toEqual(unauthorized);
  });

  it('ends at logout, and only that one', async () => {
    const one = await login(simulator);
    const two = await login(simulator);
    expect(await call({ url: `${simulator.url}/api/logout`, authorization: one })).toEqual({ status: 200, body: {} });
    expect(await version(one)).toEqual(unauthorized);
    expect((await version(two)).status).toBe(200);
  });

  it('is one of 128 at most', async () => {
    for (let opened = 0; opened < 128; opened += 1) await login(simulator);
    expect(await loginAs('admin', 'Secret123!')).toMatchObject({ status: 500, body: { errorCode: 252 } });
    simulator.advanceClock(10 * minute);
    expect((await loginAs('admin', 'Secret123!')).status).toBe(200);
  });
});

describe('Bearer', () => {
  const restLogin = (password: string) =>
    call<{ access_token: string; refresh_token: string }>({
      url: `${simulator.url}/rest/auth/login`,
      method: 'POST',
      body: { username: 'admin', password },
    });

  it('is not known before 4.x', async () => {
    const { body: token } = await loginAs('admin', 'Secret123!');
    expect(await version(`Bearer ${token}`)).toEqual(unauthorized);
    expect((await restLogin('Secret123!')).status).toBe(404);
  });

  it('takes tokens of both logins on 4.x, where Basic still works', async () => {
    await simulator.close();
    await start('4.5');
    const { body: old } = await loginAs('admin', 'Secret123!');
    const { body: rest } = await restLogin('Secret123!');
    for (const authorization of [`Bearer ${old}`, `Bearer ${rest.access_token}`, basic('', rest.access_token)]) {
      expect(await version(authorization)).toEqual({ status: 200, body: '4.5' });
    }
    expect(await restLogin('wrong')).toEqual(unauthorized);
  });

  it('ends with the refresh token it came with, answered 204', async () => {
    await simulator.close();
    await start('4.5');
    const { body: rest } = await restLogin('Secret123!');
    const logout = { url: `${simulator.url}/rest/auth/logout`, method: 'POST', body: { refresh_token: rest.refresh_token } };
    expect(await call(logout)).toEqual({ status: 204, body: undefined });
    expect(await version(`Bearer ${rest.access_token}`)).toEqual(unauthorized);
  });
});
