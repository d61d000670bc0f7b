import { afterEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../drivers/scaleio/simulator/start.ts';
import type { ApiVersion } from '../../../drivers/scaleio/simulator/versions.ts';

type Json = Record<string, unknown>;

interface Got<T> {
  status: number;
  type: string;
  body: T;
}

const running: Simulator[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

const start = async (apiVersion: ApiVersion): Promise<Simulator> => {
  const simulator = await startSimulator({ apiVersion, plainHttp: true });
  running.push(simulator);
  return simulator;
};

const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const logIn = async ({ url }: Simulator): Promise<string> => {
  const answer = await fetch(`${url}/api/login`, { headers: { authorization: basic('admin', 'Secret123!') } });
  return (await answer.text()).replaceAll('"', '');
};

const clientOf = (simulator: Simulator, authorization: string) => {
  const send = async <T = Json>(path: string, body?: object): Promise<Got<T>> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(simulator.url + path, { ...init, headers });
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', body: (await answer.json()) as T };
  };
  return { send };
};

const poolOf = ({ state }: Simulator): string => [...state.pools.keys()][0] ?? '';
const versions = ['2.5', '3.6', '4.5'] as const satisfies ApiVersion[];

const wantedIn = (simulator: Simulator, name: string) => ({
  ...{ storagePoolId: poolOf(simulator), volumeSizeInKb: '8388608', volumeType: 'ThinProvisioned', name },
});

describe('siolib keeps its token for eight minutes, logs in again on 401, and repeats what it asked', () => {
  it.each(versions)('at %s', async (version) => {
    const simulator = await start(version);
    const first = clientOf(simulator, basic('admin', await logIn(simulator)));
    simulator.advanceClock(8 * 60);
    expect((await first.send('/api/types/Volume/instances')).status).toBe(200);
    simulator.advanceClock(11 * 60);
    const refused = await first.send('/api/types/Volume/instances', wantedIn(simulator, 'sio'));
    expect(refused).toMatchObject({ status: 401, type: expect.stringMatching(/^application\/json/), body: { httpStatusCode: 401 } });
    expect(simulator.state.volumes.size).toBe(0);
    const second = clientOf(simulator, basic('admin', await logIn(simulator)));
    const again = await second.send('/api/types/Volume/instances', wantedIn(simulator, 'sio'));
    expect(again).toMatchObject({ status: 200, body: { id: expect.any(String) } });
  });
});

describe('goscaleio finds what it needs in answers', () => {
  const open = async (version: ApiVersion) => {
    const simulator = await start(version);
    const token = await logIn(simulator);
    const client = clientOf(simulator, version === '4.5' ? `Bearer ${token}` : basic('', token));
    const { body } = await client.send('/api/types/Volume/instances', wantedIn(simulator, 'go'));
    return { simulator, ...client, id: String(body['id']) };
  };

  it.each(versions)('at %s: a token without its quotes, and again after a session was lost', async (version) => {
    const { simulator, send } = await open(version);
    simulator.sessions.expireAll();
    expect(await send('/api/version')).toMatchObject({ status: 401, body: { message: 'Unauthorized', errorCode: 0 } });
    const token = await logIn(simulator);
    expect((await clientOf(simulator, version === '4.5' ? `Bearer ${token}` : basic('', token)).send('/api/version')).body).toBe(version);
  });

  it.each(versions)('at %s: no list where it reads a string, and null for no mapping', async (version) => {
    const { send, id } = await open(version);
    const { body } = await send(`/api/instances/Volume::${id}`);
    expect(body['mappedSdcInfo']).toBeNull();
    expect(body['mappedScsiInitiatorInfo'] ?? null).toBeNull();
  });

  it.each(versions)('at %s: a group of snapshots, taken at the address of the system’s own link', async (version) => {
    const { simulator, send, id } = await open(version);
    const [system] = (await send<{ links: { rel: string; href: string }[] }[]>('/api/types/System/instances')).body;
    const self = system?.links.find(({ rel }) => rel === 'self')?.href;
    const taken = await send(`${self}/action/snapshotVolumes`, { snapshotDefs: [{ volumeId: id, snapshotName: 'go-s' }] });
    expect(taken).toMatchObject({ status: 200, body: { volumeIdList: [expect.any(String)], snapshotGroupId: expect.any(String) } });
    expect(simulator.state.volumes.size).toBe(2);
  });

  it.each(versions)('at %s: the texts of errors that it compares', async (version) => {
    const { simulator, send, id } = await open(version);
    const taken = await send('/api/types/Volume/instances', wantedIn(simulator, 'go'));
    expect(taken.body['message']).toBe('Volume name already in use. Please use a different name.');
    const [sdcId] = simulator.state.sdcs.keys();
    await send(`/api/instances/Volume::${id}/action/addMappedSdc`, { sdcId, allowMultipleMappings: 'TRUE' });
    const twice = await send(`/api/instances/Volume::${id}/action/addMappedSdc`, { sdcId, allowMultipleMappings: 'TRUE' });
    expect(twice.body['message']).toBe('The volume is already mapped to this SDC');
    const odd = await send('/api/instances/Volume::not-an-id');
    expect(odd.body['message']).toContain('must be a hexadecimal number');
  });
});

describe('PyPowerFlex compares the version that it is told as text', () => {
  it.each([
    ['2.5', { isRefused: true, isModern: false }],
    ['3.6', { isRefused: false, isModern: false }],
    ['4.5', { isRefused: false, isModern: true }],
  ] as const)('%s: %j', async (version, decision) => {
    const simulator = await start(version);
    const { body } = await clientOf(simulator, basic('admin', await logIn(simulator))).send<string>('/api/version');
    expect(body).toMatch(/^\d+(\.\d+)*$/);
    expect({ isRefused: body < '3.0', isModern: body >= '4.0' }).toEqual(decision);
  });
});
