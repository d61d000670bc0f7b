import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../drivers/scaleio/simulator/start.ts';
import { startChild } from '../../demo/child.ts';
import { assemblyDir } from '../../support/synthesized.ts';
import { expectAtRest } from './at-rest.ts';
import { asking, type Bench, fastClock, openBench, startCrowdedArray, successful, waitFor } from './bench.ts';
import { type Fault, faults } from './faults.ts';
import { idle, type Order, orderOf, tasksNow } from './orders.ts';
import { expectEnd, foreignOn, send } from './run-row.ts';
import { killRows, type Row, titleOf } from './table.ts';

let dataDir: string;
let simulator: Simulator;
let bench: Bench;
/** Of whichever host runs. */
let now = Date.now;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'patina-killed-'));
  const clock = fastClock();
  now = () => clock.now();
  simulator = await startCrowdedArray(() => now());
  bench = await openBench({ clock, simulator, dataDir });
});
afterAll(async () => {
  await bench.close();
  await simulator.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const startToKill = async () => {
  const startAt = bench.clock.now() + 1000;
  const since = Date.now();
  await bench.close();
  now = () => startAt + Date.now() - since;
  const child = startChild('test/support/host-child.ts', [assemblyDir, dataDir, String(startAt)]);
  const [line] = await child.line(/^\{.*\}$/);
  const { url, rootPassword } = JSON.parse(line) as { url: string; rootPassword: string };
  return { child, ask: successful(asking({ url }, { now }, rootPassword)) };
};

const startAgain = async (): Promise<void> => {
  const clock = fastClock(now() + 1000);
  now = () => clock.now();
  bench = await openBench({ clock, simulator, dataDir, estate: bench.estate });
};

const slotLeaseMs = 300_000;

/** The host dies, as by a power cut, while the array holds the call; another one goes on with the same data. */
const killedDuring = async (order: Order, arm: () => void) => {
  const { child, ask } = await startToKill();
  arm();
  const tasks = await send({ ask }, order);
  await waitFor('the call arrived at the array', async () => (await bench.array.met()) > 0);
  await child.kill();
  simulator.clearFaults();
  await startAgain();
  await idle(bench);
  await bench.clock.advance(slotLeaseMs);
  await expectAtRest(bench);
  return tasksNow(bench, tasks);
};

const runKilled = async (row: Row): Promise<void> => {
  const order = await orderOf(bench, row.workflow);
  const foreign = await foreignOn(bench);
  const before = { foreign: foreign(), array: bench.array.bytes() };
  const fault: Fault = faults[row.fault];
  const tasks = await killedDuring(order, () => fault.arm?.(bench, row.call));
  expect((await foreignOn(bench))()).toBe(before.foreign);
  await expectEnd(bench, { row, order, before }, tasks);
};

describe('a host that is killed', () => {
  it.each(killRows.map((row) => ({ title: `${row.workflow}, ${titleOf(row)}`, row })))('$title', async ({ row }) => {
    await runKilled(row);
  });

  it('goes on taking back what it was taking back', async () => {
    const order = await orderOf(bench, 'volume-create');
    const before = bench.array.bytes();
    const tasks = await killedDuring(order, () => {
      simulator.addFault({ match: { verb: 'removeVolume' }, effect: 'hang', when: 'after' });
      simulator.addFault({ match: { verb: 'create', nth: 2 }, effect: 'error', error: { errorCode: 191 } });
    });
    expect(tasks.map(({ state }) => state)).toEqual(['error', 'error']);
    expect(bench.array.bytes()).toBe(before);
  });
});
