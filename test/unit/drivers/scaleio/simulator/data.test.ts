import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '../../../../../drivers/scaleio/simulator/data.ts';
import { generateSeed } from '../../../../../drivers/scaleio/simulator/generate.ts';
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
    expect(readdirSync(dataDir)).toEqual(['array.bin', 'journal.bin']);
  });
});

const growJournal = async (simulator: Simulator): Promise<string> => {
  const { id } = await createVolume(simulator, 'long');
  const write = (content: string) => control(simulator, `/volumes/${id}/write`, { content });
  for (let round = 0; round < 3; round += 1) await write(`${round}`.padEnd(2 * 1024 * 1024, 'x'));
  await write('last');
  return id;
};

describe('the journal of a data folder', () => {
  it('gets what changed and no more', async () => {
    const before = await start({ seed: generateSeed({ volumes: 500, sdcs: 10, sds: 3 }) });
    const whole = statSync(join(dataDir, 'array.bin')).size;
    const empty = statSync(join(dataDir, 'journal.bin')).size;
    await createVolume(before, 'one');
    expect(statSync(join(dataDir, 'array.bin')).size).toBe(whole);
    expect(statSync(join(dataDir, 'journal.bin')).size - empty).toBeLessThan(5000);
    await control(before, '/clock', { advanceSeconds: 0 });
    const afterOne = statSync(join(dataDir, 'journal.bin')).size;
    await control(before, '/clock', { advanceSeconds: 0 });
    expect(statSync(join(dataDir, 'journal.bin')).size).toBe(afterOne);
    expect((await startAgain()).dump()).toEqual(before.dump());
  });

  it('tells of whatever changed: made, mapped, moved, removed, and what else the array remembers', async () => {
    const before = await start({ apiVersion: '4.5' });
    const { id } = await createVolume(before, 'first');
    const gone = await createVolume(before, 'gone');
    await control(before, `/volumes/${id}/mappings`, { sdc: 'host1' });
    await control(before, `/volumes/${id}/rename`, { name: 'renamed' });
    await fetch(`${before.controlUrl}/volumes/${gone.id}`, { method: 'DELETE' });
    await control(before, '/behaviour', { removalSeconds: 7 });
    await control(before, '/users', { name: 'guest', password: 'guest-secret', role: 'Monitor' });
    await control(before, '/failover', { calls: 2 });
    const after = await startAgain();
    expect(after.dump()).toEqual(before.dump());
    expect([...after.state.volumes.keys()]).toEqual([...before.state.volumes.keys()]);
    const { behaviour, mdm, ids, users } = before.state;
    expect({ ...after.state }).toMatchObject({ behaviour, mdm, ids, users });
  });

  it('gives way to a new snapshot when it has grown, and the array stays the same', async () => {
    const before = await start();
    const id = await growJournal(before);
    expect(statSync(join(dataDir, 'journal.bin')).size).toBeLessThan(3 * 1024 * 1024);
    await createVolume(before, 'later');
    const after = await startAgain();
    expect(after.dump()).toEqual(before.dump());
    expect(after.state.volumes.get(id)?.content).toBe('last');
  });

  it('counts for nothing when a later snapshot has it already', async () => {
    const before = await start();
    await createVolume(before, 'kept');
    const earlier = readFileSync(join(dataDir, 'journal.bin'));
    const between = await startAgain();
    await fetch(`${between.controlUrl}/volumes/${[...between.state.volumes.keys()][0]}`, { method: 'DELETE' });
    const last = await startAgain();
    writeFileSync(join(dataDir, 'journal.bin'), earlier);
    expect(last.state.volumes.size).toBe(0);
    expect((await startAgain()).dump()).toEqual(last.dump());
  });

  it('is as if the last change had not begun, wherever in writing it the process died', async () => {
    const before = await start();
    await createVolume(before, 'kept');
    const state = before.dump();
    const journal = readFileSync(join(dataDir, 'journal.bin'));
    const snapshot = readFileSync(join(dataDir, 'array.bin'));
    await createVolume(before, 'torn');
    const whole = readFileSync(join(dataDir, 'journal.bin'));
    const places = [journal.length, journal.length + 1, journal.length + 8, journal.length + 9, whole.length - 1];
    const torn = [...places.map((place) => whole.subarray(0, place)), Buffer.concat([journal, Buffer.alloc(4096)])];
    for (const content of torn) {
      writeFileSync(join(dataDir, 'array.bin'), snapshot);
      writeFileSync(join(dataDir, 'journal.bin'), content);
      expect((await startAgain()).dump()).toEqual(state);
    }
  });

  it('is refused when what was answered long ago is damaged', async () => {
    const before = await start();
    const at = statSync(join(dataDir, 'journal.bin')).size + 20;
    for (const name of ['one', 'two']) await createVolume(before, name);
    const content = readFileSync(join(dataDir, 'journal.bin'));
    content.writeUInt8(content.readUInt8(at) ^ 0xff, at);
    writeFileSync(join(dataDir, 'journal.bin'), content);
    await expect(start()).rejects.toThrow('cannot be read; remove its folder');
  });

  it('begins after an array that was kept without one', async () => {
    const before = await start();
    await createVolume(before, 'kept');
    await startAgain();
    const { generation: _, ...old } = deserialize(readFileSync(join(dataDir, 'array.bin')));
    writeFileSync(join(dataDir, 'array.bin'), serialize({ ...old, format: 1 }));
    rmSync(join(dataDir, 'journal.bin'));
    expect((await startAgain()).dump()).toEqual(before.dump());
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
