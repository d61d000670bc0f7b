import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SimulatedArray } from '../../local/simulators.ts';
import { type Child, startChild } from '../demo/child.ts';
import { anEstate, volumeOrder } from '../support/estate.ts';
import { loginAs, type Reply, sender } from '../support/live.ts';
import { assemblyDir } from '../support/synthesized.ts';

/** What `npm start -- --with-simulators` starts, and what a `kill -9` of it leaves. */

let dataDir: string;
let running: Child | undefined;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'patina-simulated-'));
});
afterEach(async () => {
  await running?.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
};

interface Said {
  readonly url: string;
  readonly rootPassword: string;
  readonly arrays: readonly [SimulatedArray];
}

const eventually = async <T>(look: () => Promise<T | undefined | false>): Promise<T> => {
  for (const giveUpAt = performance.now() + 60_000; performance.now() < giveUpAt; ) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error('it did not come to this');
};

const start = async (simulatorPort: number, rate: number) => {
  running = startChild('test/support/simulated-host.ts', [assemblyDir, dataDir, String(simulatorPort), String(rate)]);
  const [line] = await running.line(/^\{.*\}$/);
  const { url, rootPassword, arrays } = JSON.parse(line) as Said;
  const [array] = arrays;
  const token = await loginAs(url, rootPassword);
  const send = sender(url, token);
  const control = async (path: string, body?: object): Promise<Reply['body']> =>
    (
      await fetch(`http://127.0.0.1:${array.controlPort}${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
    ).json();
  const get = (path: string) => send('GET', path);
  const finished = ({ id }: { id: string }) =>
    eventually(async () => {
      const { body } = await get(`/vdc/tasks/${id}`);
      return (body.state === 'ready' || body.state === 'error') && body;
    });
  return {
    array,
    get,
    finished,
    control,
    post: (path: string, body?: unknown) => send('POST', path, body === undefined ? {} : { body }),
    put: (path: string, body: unknown) => send('PUT', path, { body }),
    volumes: async (): Promise<{ name: string }[]> => (await control('/state')).volumes,
  };
};

type Started = Awaited<ReturnType<typeof start>>;

const estateOf = (host: Started) =>
  anEstate({ ...host, simulators: [{ port: host.array.port, fingerprint256: host.array.fingerprint ?? '' }] });

describe('the simulated array of a host that is killed in the middle of a create', () => {
  it('is there again with the same certificate, its volumes, and the interrupted work, which ends by itself', async () => {
    const port = await freePort();
    const before = await start(port, 1);
    const estate = await estateOf(before);
    const [kept] = (await before.post('/block/volumes', volumeOrder(estate, { name: 'kept' }))).body.task;
    expect(await before.finished(kept)).toMatchObject({ state: 'ready' });
    await before.control('/faults', { match: { verb: 'create' }, effect: 'hang', when: 'after' });
    const [cut] = (await before.post('/block/volumes', volumeOrder(estate, { name: 'cut' }))).body.task;
    await eventually(async () => (await before.volumes()).length === 2);
    await running?.kill();

    const after = await start(port, 8);
    expect(after.array.fingerprint).toBe(before.array.fingerprint);
    const { state } = await after.finished(cut);
    const native = (task: Reply['body']) => after.get(`/block/volumes/${task.resource.id}`).then(({ body }) => body.device_label);
    const wanted = [await native(kept), ...(state === 'ready' ? [await native(cut)] : [])];
    expect((await after.volumes()).map(({ name }) => name).sort()).toEqual(wanted.sort());
    const [scan] = (await after.post('/vdc/storage-providers/scan')).body.task;
    expect(await after.finished(scan)).toMatchObject({ state: 'ready' });
    const { body: task } = await after.post(`/block/volumes/${kept.resource.id}/expand`, { new_size: '16GB' });
    expect(await after.finished(task)).toMatchObject({ state: 'ready' });
  });
});
