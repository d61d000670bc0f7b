import { afterEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../../../drivers/scaleio/simulator/default-seed.ts';
import { optionsOf } from '../../../../../drivers/scaleio/simulator/options.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../../../drivers/scaleio/simulator/start.ts';
import { basic, call, refusal } from './client.ts';

const running: Simulator[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

const start = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  const simulator = await startSimulator({ plainHttp: true, ...options });
  running.push(simulator);
  return simulator;
};

const loginAs = async ({ url }: Simulator, user: string, password: string): Promise<string> => {
  const { status, body } = await call<string>({ url: `${url}/api/login`, authorization: basic(user, password) });
  expect(status).toBe(200);
  return basic('', body);
};

const createVolume = (simulator: Simulator, authorization: string) => {
  const [storagePoolId] = simulator.state.pools.keys();
  const body = { storagePoolId, volumeSizeInKb: '8388608', volumeType: 'ThinProvisioned' };
  return call({ url: `${simulator.url}/api/types/Volume/instances`, method: 'POST', authorization, body });
};

const enterMaintenance = (simulator: Simulator, authorization: string) => {
  const [sdsId] = simulator.state.sdss.keys();
  const url = `${simulator.url}/api/instances/Sds::${sdsId}/action/enterMaintenanceMode`;
  return call({ url, method: 'POST', authorization, body: {} });
};

const usersOf = ({ url, state }: Simulator, authorization: string) =>
  call<object[]>({ url: `${url}/api/instances/System::${state.system.id}/relationships/User`, authorization });

const guest = { name: 'guest', password: 'guest-secret', role: 'Monitor' };
const refused = refusal(168);

describe('the users of a simulated array', () => {
  it('are the one it was started with, in a role that may configure storage and no more, and those of the seed', async () => {
    const simulator = await start({ seed: { ...defaultSeed, users: [guest] } });
    const { body } = await usersOf(simulator, await loginAs(simulator, 'guest', guest.password));
    expect(body).toMatchObject([
      { name: 'guest', userRole: 'Monitor', passwordChangeRequired: false },
      { name: 'admin', userRole: 'Configure', systemId: simulator.state.system.id },
    ]);
    const one = await call({
      url: `${simulator.url}/api/types/User/instances`,
      authorization: await loginAs(simulator, 'admin', 'Secret123!'),
    });
    expect(one.body).toEqual(body);
    expect(JSON.stringify([body, simulator.dump()])).not.toMatch(/Secret123|guest-secret/);
  });

  it('are those of the single sign-on from 4.x on, which is asked by name', async () => {
    const simulator = await start({ apiVersion: '4.5', seed: { ...defaultSeed, users: [guest] } });
    const authorization = await loginAs(simulator, 'admin', 'Secret123!');
    expect((await usersOf(simulator, authorization)).body).toEqual([]);
    const ask = (query: string) => call({ url: `${simulator.url}/rest/v1/users${query}`, authorization });
    const filtered = await ask(`?filter=${encodeURIComponent('username eq "guest"')}`);
    expect(filtered.body).toMatchObject({ users: [{ username: 'guest', is_enabled: true, permission: { role: 'Monitor' } }] });
    expect((await ask('')).body).toMatchObject({ users: [{ username: 'guest' }, { permission: { role: 'StorageAdmin' } }] });
    expect((await ask('?filter=email')).status).toBe(400);
  });

  it('are nobody else’s before 4.x', async () => {
    const simulator = await start({ apiVersion: '3.6' });
    const authorization = await loginAs(simulator, 'admin', 'Secret123!');
    expect((await call({ url: `${simulator.url}/rest/v1/users`, authorization })).status).toBe(404);
  });

  it('log in with their own password alone', async () => {
    const simulator = await start({ seed: { ...defaultSeed, users: [guest] } });
    const attempt = await call({ url: `${simulator.url}/api/login`, authorization: basic('guest', 'Secret123!') });
    expect(attempt.status).toBe(401);
  });

  it.each([
    { apiVersion: '3.6', role: 'Monitor', volumes: false, nodes: false },
    { apiVersion: '3.6', role: 'Security', volumes: false, nodes: false },
    { apiVersion: '3.6', role: 'FrontendConfigure', volumes: true, nodes: false },
    { apiVersion: '3.6', role: 'BackendConfigure', volumes: false, nodes: true },
    { apiVersion: '3.6', role: 'Configure', volumes: true, nodes: true },
    { apiVersion: '2.5', role: 'Administrator', volumes: true, nodes: true },
    { apiVersion: '3.0', role: 'SuperUser', volumes: true, nodes: true },
    { apiVersion: '4.5', role: 'Monitor', volumes: false, nodes: false },
    { apiVersion: '4.5', role: 'StorageAdmin', volumes: true, nodes: true },
    { apiVersion: '4.5', role: 'SuperUser', volumes: true, nodes: true },
  ] as const)(
    'of $apiVersion in the role $role read everything, change volumes: $volumes, take nodes out of service: $nodes',
    async ({ apiVersion, role, volumes, nodes }) => {
      const simulator = await start({ apiVersion, role });
      const authorization = await loginAs(simulator, 'admin', 'Secret123!');
      expect((await call({ url: `${simulator.url}/api/types/Volume/instances`, authorization })).status).toBe(200);
      const query = { url: `${simulator.url}/api/instances/System/action/querySystemLimits`, method: 'POST', authorization, body: {} };
      expect((await call(query)).status).toBe(200);
      expect(await createVolume(simulator, authorization)).toMatchObject(volumes ? { status: 200 } : refused);
      expect(await enterMaintenance(simulator, authorization)).toMatchObject(nodes ? { status: 200 } : refused);
      expect(simulator.state.volumes.size).toBe(volumes ? 1 : 0);
    },
  );

  it('may get another role while they work, and feel it at the next call', async () => {
    const simulator = await start();
    const authorization = await loginAs(simulator, 'admin', 'Secret123!');
    const change = (role: string) =>
      call({ url: `${simulator.controlUrl}/users`, method: 'POST', body: { name: 'admin', password: 'Secret123!', role } });
    expect((await createVolume(simulator, authorization)).status).toBe(200);
    expect((await change('Monitor')).status).toBe(200);
    expect(await createVolume(simulator, authorization)).toMatchObject(refused);
    expect(await change('StorageAdmin')).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('must be one of Monitor') },
    });
  });

  it('have no role that their version does not know', async () => {
    await expect(startSimulator(optionsOf(['--api-version', '4.5', '--role', 'Configure']))).rejects.toThrow(
      'the role Configure of user admin must be one of Monitor, SecurityAdmin',
    );
  });
});
