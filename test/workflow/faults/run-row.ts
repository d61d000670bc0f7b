import { expect } from 'vitest';
import type { Reply } from '../../support/live.ts';
import { expectAtRest, openOperations } from './at-rest.ts';
import type { Bench } from './bench.ts';
import { type Fault, faults } from './faults.ts';
import { idle, type Order, orderOf } from './orders.ts';
import type { Row } from './table.ts';

type Tasks = readonly Reply['body'][];

const send = async (bench: Bench, { path, body, method = 'POST' }: Order): Promise<Tasks> => {
  const answer = await bench.ask(method, path, body);
  return answer.task ?? [answer];
};

const read = async (bench: Bench, tasks: Tasks): Promise<Tasks> => {
  const found: Reply['body'][] = [];
  for (const { id } of tasks) found.push(await bench.ask('GET', `/vdc/tasks/${id}`));
  return found;
};

/** While the fault lasts the tasks say what is believed left and when it is tried again, and locks and capacity stay. */
const expectNeedsRepair = async (bench: Bench, tasks: Tasks): Promise<void> => {
  await bench.until('it needs repair', async () => (await openOperations(bench)).some((row) => row['state'] === 'needs-repair'));
  for (const task of await read(bench, tasks)) {
    expect(task.state).toBe('error');
    expect(task.service_error.description).toMatch(/repair/i);
    expect(task.repair.believed_left.length).toBeGreaterThan(0);
    expect(Date.parse(task.repair.next_try)).toBeGreaterThan(Date.parse(task.repair.last_look));
  }
  const locked = (await bench.stored.all('Inventory')).filter((row) => tasks.some(({ id }) => row['activeTaskId'] === id));
  expect(locked.length).toBeGreaterThan(0);
};

const slotLeaseMs = 300_000;

const rest = async (bench: Bench): Promise<void> => {
  await idle(bench);
  await expectAtRest(bench);
};

const strike = async (bench: Bench, row: Row, order: Order): Promise<Tasks> => {
  const fault: Fault = faults[row.fault];
  fault.arm?.(bench, row.call);
  const tasks = await send(bench, order);
  await fault.strike?.(bench, row.call);
  if (row.end === 'repaired' || row.end === 'settled') {
    await expectNeedsRepair(bench, tasks);
    bench.clearFaults();
  }
  await idle(bench);
  bench.clearFaults();
  if (fault.leavesSlot) await bench.clock.advance(slotLeaseMs);
  await rest(bench);
  return read(bench, tasks);
};

const foreignOf = (bench: Bench, ids: ReadonlySet<string>): string => {
  const { volumes } = JSON.parse(bench.array.bytes()) as { volumes: { id: string }[] };
  return JSON.stringify(volumes.filter(({ id }) => ids.has(id)));
};

const expectCarriedOut = async (bench: Bench, order: Order, tasks: Tasks): Promise<void> => {
  expect(tasks.map(({ state }) => state)).toEqual(tasks.map(() => 'ready'));
  await order.expectDone(tasks);
  await order.cleanUp(tasks);
};

/**
 * Orders with the fault, lets time pass until all is at rest, and holds the end against the table, the store and the array: what is
 * foreign has not changed by a byte, and the same request succeeds once the fault is gone.
 */
export const runRow = async (bench: Bench, row: Row): Promise<void> => {
  const order = await orderOf(bench, row.workflow);
  const before = bench.array.bytes();
  const mark = (await bench.stored.all('Inventory')).find(({ pk }) => pk === 'INSTALLATION')?.['mark'];
  const foreign = new Set(bench.array.volumes().flatMap(({ id, name }) => (name?.startsWith(`p${mark}-`) ? [] : [id])));
  const foreignBefore = foreignOf(bench, foreign);
  let tasks = await strike(bench, row, order);
  expect(foreignOf(bench, foreign)).toBe(foreignBefore);
  if (row.end === 'error' || row.end === 'repaired') {
    expect(tasks.map(({ state }) => state)).toEqual(tasks.map(() => 'error'));
    expect(bench.array.bytes()).toBe(before);
    tasks = await send(bench, order);
    await idle(bench);
    tasks = await read(bench, tasks);
  }
  await expectCarriedOut(bench, order, tasks);
  await rest(bench);
  expect(bench.array.bytes()).toBe(before);
};
