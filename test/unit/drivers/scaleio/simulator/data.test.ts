import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '../../../../../drivers/scaleio/simulator/data.ts';
import { optionsOf } from '../../../../../drivers/scaleio/simulator/options.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../../../drivers/scaleio/simulator/start.ts';

let folder: string;
let dataDir: string;
const running: Simulator[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patina-array-'));
  dataDir = join(folder, 'array');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
  rmSync(folder, { recursive: true });
});

const start = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  const simulator = await startSimulator({ dataDir, ...options });
  running.push(simulator);
  return simulator;
};

const control = async (simulator: Simulator, path: string, body: object): Promise<{ id: string }> => {
  const answer = await fetch(`${simulator.controlUrl}${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return (await answer.json()) as { id: string };
};

const createVolume = (simulator: Simulator, name: string) =>
  control(simulator, '/volumes', {
    name,
    storagePoolId: [...simulator.state.pools.keys()][0],
    volumeSizeInKb: String(8 * 1024 * 1024),
    volumeType: 'ThinProvisioned',
  });

/** Another process would find the same folder; this one is left running, as one that was killed. */
const startAgain = start;

describe('an array with a data folder', () => {
  it('is the same after the process died, with the same certificate', async () => {
    const before = await start();
    const { id } = await createVolume(before, 'kept');
    await control(before, `/volumes/${id}/mappings`, { sdc: 'host1' });
    const after = await startAgain();
    expect(after.dump()).toEqual(before.dump());
    expect(after.state.volumes.get(id)).toMatchObject({ name: 'kept', mappings: [{ accessMode: 'ReadWrite' }] });
    expect(after.fingerprint256).toBe(before.fingerprint256);
  });

  it('keeps what a gateway call changed before it answers, also when the answer is lost', async () => {
    const before = await start({ plainHttp: true });
    const login = await fetch(`${before.url}/api/login`, { headers: { authorization: `Basic ${btoa('admin:Secret123!')}` } });
    const authorization = `Basic ${btoa(`:${await login.json()}`)}`;
    const body = {
      name: 'lost',
      storagePoolId: [...before.state.pools.keys()][0],
      volumeSizeInKb: '8388608',
      volumeType: 'ThinProvisioned',
    };
    before.addFault({ match: { verb: 'create' }, effect: 'failAfter' });
    const creating = fetch(`${before.url}/api/types/Volume/instances`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await expect(creating).rejects.toThrow();
    const after = await startAgain({ plainHttp: true });
    expect([...after.state.volumes.values()].map(({ name }) => name)).toEqual(['lost']);
  });

  it('never gives an id twice', async () => {
    const before = await start();
    const { id } = await createVolume(before, 'first');
    await fetch(`${before.controlUrl}/volumes/${id}`, { method: 'DELETE' });
    const after = await startAgain();
    expect((await createVolume(after, 'second')).id).not.toBe(id);
  });

  it('goes on at the time to which its clock was moved', async () => {
    const before = await start({ wallMs: () => 1_000_000 });
    await control(before, '/clock', { advanceSeconds: 3600 });
    expect((await startAgain({ wallMs: () => 1_000_000 })).state.clock.nowMs()).toBe(4_600_000);
  });

  it('is what was kept, whatever seed and version are asked for later', async () => {
    await start(optionsOf(['--data', dataDir, '--api-version', '4.5']));
    const after = await startAgain({ apiVersion: '2.5', seed: { systemId: '00000000000000ab', domains: [{ name: 'other' }] } });
    expect(after.state).toMatchObject({ version: '4.5', system: { name: 'simulated' } });
  });

  it('keeps its certificate while it speaks without TLS', async () => {
    const { fingerprint256 } = await start();
    expect((await startAgain({ plainHttp: true })).fingerprint256).toBe('');
    expect((await startAgain()).fingerprint256).toBe(fingerprint256);
  });

  it('is whole when the process died while it was being written', async () => {
    const before = await start();
    await createVolume(before, 'kept');
    writeFileSync(join(dataDir, 'array.bin.next'), readFileSync(join(dataDir, 'array.bin')).subarray(0, 50));
    expect((await startAgain()).dump()).toEqual(before.dump());
    expect(readdirSync(dataDir)).toEqual(['array.bin']);
  });
});

describe('a data folder', () => {
  it.each([
    ['that cannot be read', Buffer.from('no array'), 'cannot be read; remove its folder'],
    ['of another version', serialize({ format: 0 }), 'was kept by another version'],
  ])('%s is refused with what to do', async (_, content, sentence) => {
    await start();
    writeFileSync(join(dataDir, 'array.bin'), content);
    await expect(start()).rejects.toThrow(sentence);
    await expect(start()).rejects.toThrow(DataError);
  });

  it('that cannot be made is refused by its name', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(start({ dataDir: join(folder, 'file', 'below') })).rejects.toThrow(
      `the folder of --data cannot be made: ${folder}/file/below`,
    );
  });
});
