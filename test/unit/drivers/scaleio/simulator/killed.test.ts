import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator } from '../../../../../drivers/scaleio/simulator/start.ts';

const main = fileURLToPath(new URL('../../../../../drivers/scaleio/simulator/main.ts', import.meta.url));

let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patina-killed-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** The control address of a simulator in a process of its own. */
const startChild = async (): Promise<string> => {
  const started = spawn(process.execPath, ['--import', 'tsx', main, '--plain-http', '--data', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  let control = '';
  for await (const line of createInterface({ input: started.stdout })) {
    if (line.startsWith('CONTROL ')) control = `http://127.0.0.1:${line.slice(8)}`;
    if (line.startsWith('READY ')) return control;
  }
  throw new Error('the simulator did not start');
};

const poolIn = async (control: string): Promise<string> => {
  const { pools } = (await (await fetch(`${control}/state`)).json()) as { pools: { id: string }[] };
  return pools[0]?.id ?? '';
};

const make = async (control: string, body: object): Promise<boolean> => {
  const answer = await fetch(`${control}/volumes`, { method: 'POST', body: JSON.stringify(body) }).catch(() => undefined);
  return answer?.status === 200;
};

/** Many callers make volumes at once; the process is killed while they do. What was answered. */
const makeUntilKilled = async (control: string, { round, killAfter }: { round: number; killAfter: number }): Promise<string[]> => {
  const storagePoolId = await poolIn(control);
  const answered: string[] = [];
  const caller = async (number: number): Promise<void> => {
    for (let index = 0; ; index += 1) {
      const name = `r${round}c${number}n${index}`;
      if (!(await make(control, { name, storagePoolId, volumeSizeInKb: '8388608', volumeType: 'ThinProvisioned' }))) return;
      answered.push(name);
      if (answered.length === killAfter) child?.kill('SIGKILL');
    }
  };
  const killed = child && once(child, 'exit');
  await Promise.all([0, 1, 2, 3].map(caller));
  expect(await killed).toEqual([null, 'SIGKILL']);
  return answered;
};

describe('a simulator with a data folder that is killed while it changes its array', () => {
  it('has at its next start all that it answered, whole, and at most what was being asked', async () => {
    const answered: string[] = [];
    for (const [round, killAfter] of [1, 7, 40].entries()) {
      answered.push(...(await makeUntilKilled(await startChild(), { round, killAfter })));
      const { state, close } = await startSimulator({ dataDir: folder, plainHttp: true });
      await close();
      const names = [...state.volumes.values()].map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(answered));
      expect(names.length).toBeLessThanOrEqual(answered.length + 4 * (round + 1));
      expect(new Set(names).size).toBe(names.length);
      for (const { id, vtreeId } of state.volumes.values()) expect(state.vtrees.get(vtreeId)?.volumeIds.has(id)).toBe(true);
      expect(state.vtrees.size).toBe(state.volumes.size);
    }
  });
});
