import { describe, expect, it } from 'vitest';
import type { Reply } from '../../support/live.ts';
import { expectAtRest, openOperations } from './at-rest.ts';
import { fastClock, openBench, startCrowdedArray } from './bench.ts';
import { carryOut, idle, send, tasksNow } from './carry-out.ts';
import { exportBody, exporting, nativeIdOf, orderOf, volumesBody } from './orders.ts';
import { expectNeedsRepair } from './run-row.ts';
import { arrived, steeredOf } from './steered.ts';
import { passRequestTimeout } from './strike.ts';
import { benchOfFile } from './suite.ts';

const bench = benchOfFile();

const tick = (): void => {
  for (const name of bench().live.host.events.ruleNames.filter((rule) => /tick/i.test(rule))) bench().live.host.events.fire(name);
};

const executionOf = (task: Reply['body']) => {
  const { executions } = bench().live.host;
  return executions.list().find(({ name }) => name === task.op_id);
};

const operationOf = async (task: Reply['body']) =>
  (await bench().stored.all('Tasks')).find((row) => row.pk === `OPERATION#${task.op_id}` && row.sk === 'OPERATION');

const setOnOperation = (task: Reply['body'], values: Record<string, unknown>): Promise<void> =>
  bench().stored.set('Tasks', { pk: `OPERATION#${task.op_id}`, sk: 'OPERATION' }, values);

const ended = async (tasks: readonly Reply['body'][]) => {
  await idle(bench());
  await expectAtRest(bench());
  return tasksNow(bench(), tasks);
};

const expectFailedWith = (task: Reply['body'], sentence: RegExp): void => {
  expect(task).toMatchObject({ state: 'error', allowed_operations: 'none_specified' });
  expect(task.service_error.details).toMatch(sentence);
};

describe('an operation that was accepted and not started', () => {
  it('is left alone for 30 seconds, then started by the tick that saw it', async () => {
    const order = await orderOf(bench(), 'volume-create');
    bench().live.host.faults.stepfunctions.loseStart({ times: 10, effect: 'before' });
    const acceptedAt = bench().clock.now();
    const tasks = await send(bench(), order);
    bench().clearFaults();
    await bench().clock.advance(acceptedAt + 20_000 - bench().clock.now());
    tick();
    expect(executionOf(tasks[0])).toBeUndefined();
    const execution = await bench().soon('it is started', async () => executionOf(tasks[0]));
    expect(execution.startedAt - acceptedAt).toBeGreaterThanOrEqual(30_000);
    expect(execution.startedAt - acceptedAt).toBeLessThanOrEqual(35_000);
    expect((await ended(tasks)).map(({ state }) => state)).toEqual(['ready', 'ready']);
    await order.cleanUp(bench(), tasks);
  });

  it('is carried out within 95 seconds without anybody’s help', async () => {
    const order = await orderOf(bench(), 'volume-create');
    bench().live.host.faults.stepfunctions.loseStart({ times: 10, effect: 'before' });
    const acceptedAt = bench().clock.now();
    const tasks = await send(bench(), order);
    bench().clearFaults();
    await ended(tasks);
    const task = await bench().ask('GET', `/vdc/tasks/${tasks[0].id}`);
    expect(task.end_time - acceptedAt).toBeLessThanOrEqual(95_000);
    await order.cleanUp(bench(), tasks);
  });
});

describe('a cancelled operation', () => {
  it('does nothing when it was cancelled before its first step', async () => {
    const order = await orderOf(bench(), 'volume-create');
    const before = bench().array.bytes();
    bench().array.simulator.log.forgetChanges();
    bench().live.host.faults.stepfunctions.loseStart({ times: 10, effect: 'before' });
    const tasks = await send(bench(), order);
    bench().clearFaults();
    await setOnOperation(tasks[0], { cancelRequested: true });
    for (const task of await ended(tasks)) expectFailedWith(task, /cancelled/);
    expect(bench().array.bytes()).toBe(before);
    expect(bench().array.simulator.log.changes()).toEqual([]);
  });

  it('takes back what earlier steps did, and nothing that was there before', async () => {
    const order = await orderOf(bench(), 'export-update');
    const before = bench().array.bytes();
    bench().array.simulator.addFault({ match: { verb: 'addMappedSdc' }, effect: 'hang', when: 'after' });
    const tasks = await send(bench(), order);
    await arrived(steeredOf(bench()));
    await setOnOperation(tasks[0], { cancelRequested: true });
    await passRequestTimeout(steeredOf(bench()));
    for (const task of await ended(tasks)) expectFailedWith(task, /cancelled/);
    expect(bench().array.bytes()).toBe(before);
    await order.cleanUp(bench(), tasks);
  });
});

describe('another array behind the address', () => {
  it('freezes the provider, is not touched, and the order is taken back once the array is back', async () => {
    const order = await orderOf(bench(), 'volume-create');
    const { simulator } = bench().array;
    const before = bench().array.bytes();
    const { id } = simulator.state.system;
    await bench().array.outsider('/identity', { systemId: '00000000deadbeef' });
    const stranger = bench().array.bytes();
    const tasks = await send(bench(), order);
    await expectNeedsRepair(bench(), tasks);
    const provider = await bench().ask('GET', `/vdc/storage-providers/${bench().estate.providerIds[0]}`);
    expect(JSON.stringify(provider)).toContain('frozen');
    expect(bench().array.bytes()).toBe(stranger);
    await bench().array.outsider('/identity', { systemId: id });
    await bench().stored.set('Inventory', { pk: String(provider.id), sk: 'RESOURCE' }, { operations: 'normal' });
    for (const task of await ended(tasks)) expectFailedWith(task, /array 00000000deadbeef answers/);
    expect(bench().array.bytes()).toBe(before);
  });
});

describe('what somebody else did to our volumes', () => {
  it('makes a deletion refuse a volume that was renamed, in a sentence that says so', async () => {
    const [id = ''] = await carryOut(bench(), '/block/volumes', volumesBody(bench(), 'renamed', 1));
    const volume = await bench().ask('GET', `/block/volumes/${id}`);
    await bench().array.outsider(`/volumes/${volume.native_id}/rename`, { name: 'mine-now' });
    const before = bench().array.bytes();
    const task = await bench().ask('POST', `/block/volumes/${id}/deactivate`);
    await idle(bench());
    const [failed] = await tasksNow(bench(), [task]);
    expectFailedWith(failed, /is not the one that was recorded: its name differs/);
    expect(bench().array.bytes()).toBe(before);
    expect(await bench().ask('GET', `/block/volumes/${id}`)).toMatchObject({ inactive: false });
    await bench().array.outsider(`/volumes/${volume.native_id}/rename`, { name: volume.device_label });
    await carryOut(bench(), `/block/volumes/${id}/deactivate`);
    await expectAtRest(bench());
  });

  it('is never unmapped by a deletion', async () => {
    const [id = ''] = await carryOut(bench(), '/block/volumes', volumesBody(bench(), 'in-use', 1));
    const nativeId = await nativeIdOf(bench(), id);
    await bench().array.outsider(`/volumes/${nativeId}/mappings`, { sdc: 'host3' });
    const before = bench().array.bytes();
    const task = await bench().ask('POST', `/block/volumes/${id}/deactivate`);
    const [failed] = await ended([task]);
    expectFailedWith(failed, /is mapped, and removing never unmaps/);
    expect(bench().array.bytes()).toBe(before);
    const sdcId = bench()
      .array.volumes()
      .find((each) => each.id === nativeId)?.mappedTo[0];
    await fetch(`${bench().array.simulator.controlUrl}/volumes/${nativeId}/mappings/${sdcId}`, { method: 'DELETE' });
    await carryOut(bench(), `/block/volumes/${id}/deactivate`);
  });

  it('keeps an undo from removing it, until they let go', async () => {
    const order = await orderOf(bench(), 'volume-create');
    const before = bench().array.bytes();
    bench().array.simulator.addFault({ match: { verb: 'create', nth: 2 }, effect: 'hang' });
    bench().array.simulator.addFault({ match: { verb: 'create', nth: 3 }, effect: 'error', error: { errorCode: 191 } });
    const known = new Set(
      bench()
        .array.volumes()
        .map(({ id }) => id),
    );
    const tasks = await send(bench(), order);
    await arrived(steeredOf(bench()));
    const made = await bench().soon('one volume is made', async () =>
      bench()
        .array.volumes()
        .find(({ id }) => !known.has(id)),
    );
    await bench().array.outsider(`/volumes/${made.id}/mappings`, { sdc: 'host3' });
    await passRequestTimeout(steeredOf(bench()));
    await expectNeedsRepair(bench(), tasks);
    const [taken] = bench()
      .array.volumes()
      .filter(({ id }) => id === made.id);
    expect(taken?.mappedTo).toHaveLength(1);
    await fetch(`${bench().array.simulator.controlUrl}/volumes/${made.id}/mappings/${taken?.mappedTo[0]}`, { method: 'DELETE' });
    const due = Date.parse(String((await operationOf(tasks[0]))?.['nextTryAt']));
    const states = (await ended(tasks)).map(({ state, end_time }) => ({ state, inTime: end_time >= due }));
    expect(states).toEqual([
      { state: 'error', inTime: true },
      { state: 'error', inTime: true },
    ]);
    expect(bench().array.bytes()).toBe(before);
  });

  it('keeps a volume of theirs that has the name we planned, and takes the rest of the order back', async () => {
    const order = await orderOf(bench(), 'volume-create');
    bench().live.host.faults.stepfunctions.loseStart({ times: 10, effect: 'before' });
    const tasks = await send(bench(), order);
    const plan = await bench().stored.get('Tasks', { pk: `OPERATION#${tasks[0].op_id}`, sk: 'PLAN' });
    const names = JSON.stringify(plan).match(/p\w{6}-[\w-]{22}/g) ?? [];
    const storagePoolId = [...bench().array.simulator.state.pools.values()].find(({ name }) => name === 'pool1')?.id;
    const theirs = { storagePoolId, name: names.at(-1), volumeSizeInKb: String(16 * 1024 * 1024), volumeType: 'ThinProvisioned' };
    const { id } = await bench().array.outsider('/volumes', theirs);
    const before = bench().array.bytes();
    bench().clearFaults();
    await idle(bench());
    for (const task of await tasksNow(bench(), tasks))
      expectFailedWith(task, /is there and is not the planned one: its (size|pool) differs/);
    expect(bench().array.bytes()).toBe(before);
    await fetch(`${bench().array.simulator.controlUrl}/volumes/${id}`, { method: 'DELETE' });
    await expectAtRest(bench());
  });

  it('leaves a mapping of theirs where it was, whatever becomes of our export', async () => {
    const what = await exporting(bench());
    const third = what.volumeIds[2] ?? '';
    const before = bench().array.bytes();
    const [groupId = ''] = await carryOut(bench(), '/block/exports', exportBody(bench(), what, [third]));
    await carryOut(bench(), `/block/exports/${groupId}/deactivate`);
    expect(bench().array.bytes()).toBe(before);
    await expectAtRest(bench());
  });
});

describe('repairs', () => {
  it('are tried again later each time while they fail, and end by themselves afterwards', async () => {
    const order = await orderOf(bench(), 'volume-create');
    const before = bench().array.bytes();
    bench().array.simulator.addFault({ effect: 'failBefore', times: 'always' });
    const tasks = await send(bench(), order);
    const repairs = (least: number) =>
      bench().until(`${least} repairs were tried`, async () =>
        (await openOperations(bench())).find((row) => row['state'] === 'needs-repair' && Number(row['repairs']) >= least),
      );
    const pauseOf = async (least: number): Promise<number> => {
      const operation = await repairs(least);
      const [task] = await tasksNow(bench(), tasks);
      expect(operation['nextTryAt']).toBe(task.repair.next_try);
      return Date.parse(task.repair.next_try) - Date.parse(task.repair.last_look);
    };
    expect(await pauseOf(0)).toBe(60_000);
    expect(await pauseOf(1)).toBe(120_000);
    bench().clearFaults();
    expect((await ended(tasks)).map(({ state }) => state)).toEqual(['error', 'error']);
    expect(bench().array.bytes()).toBe(before);
  });
});

describe('an array whose clock is an hour slow', () => {
  it('never ends an order as taken back while a volume of it is left', async () => {
    const clock = fastClock();
    const simulator = await startCrowdedArray(() => clock.now() - 3_600_000);
    const slow = await openBench({ clock, simulator });
    try {
      const before = slow.array.bytes();
      simulator.addFault({ match: { verb: 'create', nth: 2 }, effect: 'error', error: { errorCode: 191 } });
      const answer = await slow.ask('POST', '/block/volumes', volumesBody(slow, 'data', 2));
      await slow.until('it ended, or needs repair', async () =>
        (await openOperations(slow)).every((row) => row['state'] === 'needs-repair'),
      );
      const isClean = slow.array.bytes() === before;
      const tasks = await tasksNow(slow, answer.task);
      expect(tasks.map(({ repair }) => repair === undefined)).toEqual([isClean, isClean]);
    } finally {
      await slow.close();
      await simulator.close();
    }
  });
});
