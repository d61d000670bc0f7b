import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectAtRest } from './at-rest.ts';
import { idle, type Order, send, type Tasks, tasksNow } from './carry-out.ts';
import { type Mortal, type Succession, startSuccession } from './killed-host.ts';
import { orderOf } from './orders.ts';
import { type Row, titleOf } from './rows.ts';
import { expectEnd, foreignOn } from './run-row.ts';
import { arrived, entered } from './steered.ts';
import { endless, enterLane, holdForLane, strikingOf } from './strike.ts';
import { killRows } from './table.ts';

let hosts: Succession;

beforeAll(async () => {
  hosts = await startSuccession();
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await hosts.close();
  hosts = await startSuccession();
});
afterAll(() => hosts.close());

const slotLeaseMs = 300_000;

/** How an operation stands once the write of such a state has had its effect. */
const written: Readonly<Record<string, string>> = { RecordFailure: 'undoing', RollBack: 'rolled-back', MarkNeedsRepair: 'needs-repair' };

const holdCall = ({ array }: Pick<Mortal, 'array'>, { call }: Row, when: 'before' | 'after'): void =>
  array.simulator.addFault({ effect: 'hang', when, match: call.match });

/** A write that never comes back: refused, or with its answers lost. */
const holdWrite = (host: Mortal, { call }: Row, when: 'before' | 'after'): Promise<void> => {
  const fault = { operation: call.storedBy, table: host.stored.nameOf('Tasks'), times: endless };
  return host.fail('dynamodb', when === 'before' ? { throttle: fault } : { failAfter: fault });
};

const untilHeld = async (host: Mortal, { row, when, operationId }: { row: Row; when: 'before' | 'after'; operationId: string }) => {
  const state = written[row.step];
  if (state === undefined) await arrived(host);
  else if (when === 'before') await entered(host, operationId, row.step);
  else
    await host.soon(`it is written that it is ${state}`, async () => {
      const operation = await host.stored.get('Tasks', { pk: `OPERATION#${operationId}`, sk: 'OPERATION' });
      return operation?.['state'] === state ? true : undefined;
    });
};

/** Brings the order to where the host is to die. */
const bringTo = async (host: Mortal, row: Row, order: Order): Promise<Tasks> => {
  const when = strikingOf(row).fault.kills ?? 'before';
  if (row.lane) holdForLane(host, row.lane);
  else holdCall(host, row, when);
  const tasks = await send(host, order);
  const operationId = String(tasks[0].op_id);
  const setFault = () => (written[row.step] === undefined ? holdCall(host, row, when) : holdWrite(host, row, when));
  if (row.lane) await enterLane(host, { lane: row.lane, operationId, setFault });
  await untilHeld(host, { row, when, operationId });
  return tasks;
};

const runKilled = async (row: Row): Promise<void> => {
  const host = hosts.host();
  const order = await orderOf(host, row.workflow);
  const foreign = await foreignOn(host);
  const before = { foreign: foreign(), array: host.array.bytes() };
  const tasks = await bringTo(host, row, order);
  await hosts.replace();
  const next = hosts.host();
  await idle(next);
  await next.advance(slotLeaseMs);
  await expectAtRest(next);
  expect((await foreignOn(next))()).toBe(before.foreign);
  await expectEnd(next, { row, order, before }, await tasksNow(next, tasks));
  await next.stored.forgetEnded();
};

describe('a host that is killed', () => {
  it.each(killRows.map((row) => ({ title: `${row.workflow}, ${titleOf(row)}`, row })))('$title', async ({ row }) => {
    await runKilled(row);
  });
});

/** What the product promises of the time after a host has died, by its own clock. */
describe('after the host was killed', () => {
  const killAndGoOn = async (): Promise<number> => {
    const diedAt = hosts.host().now();
    await hosts.replace();
    return diedAt;
  };

  it('what was accepted runs within 35 seconds', async () => {
    const host = hosts.host();
    const order = await orderOf(host, 'volume-create');
    await host.fail('stepfunctions', { loseStart: { times: 10, effect: 'before' } });
    const tasks = await send(host, order);
    const diedAt = await killAndGoOn();
    const next = hosts.host();
    const execution = await next.until('it is started', async () => (await next.executions()).find(({ name }) => name === tasks[0].op_id));
    expect(execution.startedAt - diedAt).toBeLessThanOrEqual(35_000);
    await idle(next);
    await expectAtRest(next);
    const ended = await tasksNow(next, tasks);
    expect(ended.map(({ state }) => state)).toEqual(['ready', 'ready']);
    await order.cleanUp(next, tasks);
  });

  it('what needed repair, and can be, is repaired within 95 seconds', async () => {
    const row = killRows.find(
      ({ workflow, step, fault }) => workflow === 'volume-create' && step === 'MarkNeedsRepair' && fault === 'killedAfter',
    );
    if (row === undefined) throw new Error('there is no such row');
    const host = hosts.host();
    const order = await orderOf(host, 'volume-create');
    const before = host.array.bytes();
    const tasks = await bringTo(host, row, order);
    const diedAt = await killAndGoOn();
    const next = hosts.host();
    await idle(next);
    for (const { state, end_time } of await tasksNow(next, tasks)) {
      expect(state).toBe('error');
      expect(end_time - diedAt).toBeLessThanOrEqual(95_000);
    }
    expect(next.array.bytes()).toBe(before);
    await expectAtRest(next);
  });
});
