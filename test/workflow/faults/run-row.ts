import { expect } from 'vitest';
import { expectAtRest, openOperations } from './at-rest.ts';
import type { Bench } from './bench.ts';
import { idle, type Order, send, type Tasks, tasksNow } from './carry-out.ts';
import type { Fault } from './faults.ts';
import type { Ground } from './ground.ts';
import { orderOf } from './orders.ts';
import type { Row } from './rows.ts';
import { armForward, holdForLane, strikeForward, strikeInLane, strikingOf } from './strike.ts';

/** How the array calls what these tasks are about: their volumes, or those of ours that they map. */
const namesOnArray = async (bench: Bench, tasks: Tasks): Promise<string[]> => {
  const volumes = (await bench.stored.all('Inventory')).filter((row) => row.sk === 'RESOURCE' && row['nativeName'] !== undefined);
  const ordered = volumes.filter(({ pk }) => tasks.some(({ resource }) => resource.id === pk));
  return (ordered.length > 0 ? ordered : volumes).map((row) => String(row['nativeName']));
};

const expectNamed = async (bench: Bench, tasks: Tasks, left: readonly string[]): Promise<void> => {
  expect(left.length).toBeGreaterThan(0);
  const names = [...(await namesOnArray(bench, tasks)), ...tasks.map(({ resource }) => String(resource.name))];
  expect(
    names.some((name) => left.some((text) => text.startsWith(`volume ${name} `))),
    left.join('; '),
  ).toBe(true);
};

/** While the fault lasts the tasks say what is believed left and when it is tried again, and the locks stay. */
export const expectNeedsRepair = async (bench: Bench, tasks: Tasks): Promise<void> => {
  await bench.until('it needs repair', async () => (await openOperations(bench)).some((row) => row['state'] === 'needs-repair'));
  for (const task of await tasksNow(bench, tasks)) {
    expect(task).toMatchObject({ state: 'error', allowed_operations: 'retry_rollback' });
    expect(task.service_error.description).toMatch(/repair/i);
    await expectNamed(bench, tasks, task.repair.believed_left);
    expect(Date.parse(task.repair.next_try)).toBeGreaterThan(Date.parse(task.repair.last_look));
  }
  const locked = (await bench.stored.all('Inventory')).filter((row) => tasks.some(({ id }) => row['activeTaskId'] === id));
  expect(locked.length).toBeGreaterThan(0);
};

const slotLeaseMs = 300_000;

const rest = async (bench: Ground): Promise<void> => {
  await idle(bench);
  await expectAtRest(bench);
};

const isRepaired = ({ end }: Row): boolean => end === 'repaired' || end === 'settled' || end === 'followed';

const expectStruck = async (bench: Bench, row: Row, { times, startLost }: Fault): Promise<void> => {
  if (typeof times === 'number') expect(bench.live.host.faults.dynamodb.outstanding()).toBeLessThan(times);
  else if (row.lane === undefined && !startLost) expect(await bench.array.met()).toBeGreaterThan(0);
};

/** A repair whose start is lost; on the way forward it is the order's own start, lost from the beginning. */
const loseRepairStart = (bench: Bench, { lane }: Row, { startLost }: Fault): void => {
  if (lane && startLost) bench.live.host.faults.stepfunctions.loseStart({ times: 10, effect: startLost });
};

const strike = async (bench: Bench, row: Row, order: Order): Promise<Tasks> => {
  const striking = strikingOf(row);
  const { fault } = striking;
  if (row.lane) holdForLane(bench, row.lane);
  else armForward(bench, striking);
  const tasks = await send(bench, order);
  const struck = { ...striking, operationId: String(tasks[0].op_id) };
  await (row.lane ? strikeInLane(bench, struck) : strikeForward(bench, struck));
  if (isRepaired(row)) await expectNeedsRepair(bench, tasks);
  else await idle(bench);
  await expectStruck(bench, row, fault);
  bench.clearFaults();
  loseRepairStart(bench, row, fault);
  if (fault.leavesSlot) await bench.advance(slotLeaseMs);
  await rest(bench);
  bench.clearFaults();
  return tasksNow(bench, tasks);
};

/** Ids of what is on the array and not of this installation, and all its bytes. */
export const foreignOn = async (bench: Ground) => {
  const mark = (await bench.stored.all('Inventory')).find(({ pk }) => pk === 'INSTALLATION')?.['mark'];
  const ids = bench.array.volumes().flatMap(({ id, name }) => (name?.startsWith(`p${mark}-`) ? [] : [id]));
  return () => {
    const { volumes } = JSON.parse(bench.array.bytes()) as { volumes: { id: string }[] };
    return JSON.stringify(volumes.filter(({ id }) => ids.includes(id)));
  };
};

const expectStates = (tasks: Tasks, state: 'ready' | 'error'): void =>
  expect(tasks.map((task) => ({ state: task.state, why: state === 'ready' ? task.service_error : undefined }))).toEqual(
    tasks.map(() => ({ state, why: undefined })),
  );

export interface Before {
  readonly foreign: string;
  /** The whole array. */
  readonly array: string;
}

/** Holds an end against the table and the array, repeats the request where it failed, and cleans up. */
export const expectEnd = async (bench: Ground, what: { row: Row; order: Order; before: Before }, ended: Tasks): Promise<void> => {
  const { row, order, before } = what;
  const isPartial = row.end === 'followed' || row.end === 'partly' || row.end === 'kept';
  const hasFailed = isPartial || row.end === 'error' || row.end === 'repaired';
  expectStates(ended, hasFailed ? 'error' : 'ready');
  if (row.end === 'kept') await order.expectKept?.(bench, ended);
  let tasks = ended;
  if (hasFailed && !isPartial) {
    expect(bench.array.bytes()).toBe(before.array);
    await order.expectUndone(bench, tasks);
    tasks = await send(bench, order);
    await idle(bench);
    tasks = await tasksNow(bench, tasks);
  }
  if (!isPartial) {
    expectStates(tasks, 'ready');
    await order.expectDone(bench, tasks);
  }
  await order.cleanUp(bench, tasks);
  await rest(bench);
  expect(bench.array.bytes()).toBe(order.atEnd);
};

/**
 * Orders with the fault, lets time pass until all is at rest, and holds the end against the table, the store and the array: what is
 * foreign has not changed by a byte, and the same request succeeds once the fault is gone.
 */
export const runRow = async (bench: Bench, row: Row): Promise<void> => {
  const order = await orderOf(bench, row.workflow);
  const foreign = await foreignOn(bench);
  const before = { foreign: foreign(), array: bench.array.bytes() };
  const tasks = await strike(bench, row, order);
  expect(foreign()).toBe(before.foreign);
  await expectEnd(bench, { row, order, before }, tasks);
  await bench.stored.forgetEnded();
};
