import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { volumeOrder } from '../support/estate.ts';
import type { Reply } from '../support/live.ts';
import { type Bench, startBench } from '../workflow/faults/bench.ts';

/** What an operator does, on the live host: the brake, repair, cancelling, a new epoch. */

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterEach(() => bench.clearFaults());
afterAll(() => bench.close());

type Task = Reply['body'];

const order = async (name: string): Promise<Task> =>
  (await bench.ask('POST', '/block/volumes', volumeOrder(bench.estate, { name }))).task[0];
const taskNow = (task: Task): Promise<Task> => bench.ask('GET', `/vdc/tasks/${task.id}`);
const ended = (task: Task): Promise<Task> =>
  bench.until('the task ends', async () => {
    const now = await taskNow(task);
    return (now.state === 'ready' || now.state === 'error') && now;
  });
const volumeOf = (task: Task): Promise<Reply['body']> => bench.ask('GET', `/block/volumes/${task.resource.id}`);
const onArray = (name: string): boolean => bench.array.volumes().some((volume) => volume.name === name);
const setBrake = (operations: string) => bench.ask('PUT', '/config/properties', { properties: { operations } });
const managedGib = async (): Promise<number> => {
  const pools = await Promise.all(bench.estate.poolIds.map((id) => bench.ask('GET', `/vdc/storage-pools/${id}`)));
  return pools.reduce((sum, pool) => sum + Number(pool.managed_gb), 0);
};

/** The array makes every volume, but none of them can be read. */
const hideVolumes = (): void =>
  bench.array.simulator.addFault({ match: { method: 'GET', path: '/api/instances/Volume::' }, effect: 'failBefore', times: 'always' });

const nativeNameOf = async (task: Task): Promise<string> => (await volumeOf(task)).device_label;
const nativeIdOf = async (task: Task): Promise<string> => {
  const name = await nativeNameOf(task);
  return bench.soon('the array has it', async () => bench.array.volumes().find((volume) => volume.name === name)?.id);
};

const mapToOthers = async (task: Task): Promise<void> => {
  await bench.array.outsider(`/volumes/${await nativeIdOf(task)}/mappings`, { sdc: 'host1' });
};

const unmapFromOthers = async (task: Task): Promise<void> => {
  const { controlUrl } = bench.array.simulator;
  const answer = await fetch(`${controlUrl}/volumes/${await nativeIdOf(task)}/mappings/host1`, { method: 'DELETE' });
  expect(answer.ok).toBe(true);
};

/** Made, but not to be seen, and in use by others before that could be taken back. */
const brokenOrders = async (names: readonly string[]): Promise<Task[]> => {
  hideVolumes();
  const tasks: Task[] = [];
  for (const name of names) tasks.push(await order(name));
  for (const task of tasks) await mapToOthers(task);
  const isTakenBack = async (task: Task) =>
    (await bench.stored.all('Tasks')).some(({ pk, state }) => pk === `OPERATION#${task.op_id}` && state === 'undoing');
  await bench.until('they are taken back', async () => (await Promise.all(tasks.map(isTakenBack))).every(Boolean));
  bench.clearFaults();
  return needingRepair(...tasks);
};

const needingRepair = (...tasks: readonly Task[]): Promise<Task[]> =>
  bench.until('they need repair', async () => {
    const now = await Promise.all(tasks.map(taskNow));
    return now.every(({ repair }) => repair !== undefined) && now;
  });

describe('the brake', () => {
  it('lets plans go on, accepts and changes nothing, and lets go', async () => {
    await setBrake('frozen');
    const before = bench.array.bytes();
    const body = volumeOrder(bench.estate, { name: 'braked' });
    const planned = await bench.ask('POST', '/block/volumes?dry_run=true', body);
    expect(planned.plan).toMatchObject({ chosen: [{ volumes: 1 }], refused_now: expect.stringContaining('frozen') });
    expect(await bench.send('POST', '/block/volumes', body)).toMatchObject({ status: 400, body: { code: 1057 } });
    const [providerId] = bench.estate.providerIds;
    const discovery = await bench.ask('POST', '/vdc/storage-providers/scan');
    for (const task of discovery.task) expect(await ended(task)).toMatchObject({ state: 'ready', resource: { id: providerId } });
    expect(bench.array.bytes()).toBe(before);
    await setBrake('normal');
    expect(await ended(await order('unbraked'))).toMatchObject({ state: 'ready' });
  });

  it('makes what is under way wait, and what waited too long is taken back as soon as the provider is free', async () => {
    const provider = `/vdc/storage-providers/${bench.estate.providerIds[0]}`;
    bench.array.simulator.addFault({ match: { verb: 'create' }, effect: 'failBefore', times: 'always' });
    const task = await order('waiting');
    await bench.ask('PUT', provider, { operations: 'frozen', operations_reason: 'new controller' });
    const [held] = await needingRepair(task);
    bench.clearFaults();
    expect(held.service_error.details).toContain('is set to frozen');
    await bench.ask('PUT', provider, { operations: 'normal' });
    const end = await bench.until('it is taken back', async () => {
      const now = await taskNow(task);
      return now.state === 'error' && now.repair === undefined && now;
    });
    expect(end.allowed_operations).toBe('none_specified');
    expect(await volumeOf(task)).toMatchObject({ inactive: true });
    expect(onArray((await volumeOf(task)).device_label)).toBe(false);
  });
});

describe('cancelling', () => {
  it('ends an operation that has not got through, with its own reason, and leaves nothing', async () => {
    bench.array.simulator.addFault({ match: { verb: 'create' }, effect: 'failBefore', times: 'always' });
    const task = await order('cancelled');
    await bench.ask('POST', `/vdc/tasks/${task.id}/cancel`);
    expect(await ended(task)).toMatchObject({ state: 'error', service_error: { code: 14_011 } });
    expect(onArray((await volumeOf(task)).device_label)).toBe(false);
    expect(await bench.send('POST', `/vdc/tasks/${task.id}/cancel`)).toMatchObject({ status: 400 });
  });
});

describe('the queues', () => {
  it('are seen by the tick, which also moves dead jobs back when that is ordered', async () => {
    expect(await bench.ask('POST', '/config/queues/jobs/redrive')).toEqual({ redrive_ordered: true });
    const { queue } = await bench.until('the tick has done it', async () => {
      const now = await bench.ask('GET', '/config/queues');
      return !now.redrive_ordered && now;
    });
    expect(queue.map(({ name }: { name: string }) => name).sort()).toEqual(['dead-jobs', 'jobs']);
  });
});

describe('operations that need repair, of an epoch that has ended', () => {
  const names = ['accepted', 'released', 'discarded', 'resumed'] as const;
  const tasks = new Map<string, Task>();
  const taskOf = (name: (typeof names)[number]): Task => tasks.get(name);

  beforeAll(async () => {
    const broken = await brokenOrders(names);
    for (const [n, task] of broken.entries()) {
      expect(task).toMatchObject({ state: 'error', allowed_operations: 'retry_rollback' });
      expect(onArray(await nativeNameOf(task))).toBe(true);
      tasks.set(names[n] ?? '', task);
    }
    await bench.ask('POST', '/config/epoch', { operations: 'frozen' });
    await setBrake('normal');
  });

  it('are listed and left alone, for however long', async () => {
    await bench.clock.advance(3 * 3_600_000);
    const { epoch, stale_operations: stale } = await bench.ask('GET', '/config/epoch');
    expect(stale).toHaveLength(names.length);
    for (const operation of stale) expect(operation).toMatchObject({ epoch: epoch - 1, workflow: 'volume-create' });
    for (const task of tasks.values()) expect(onArray(await nativeNameOf(task))).toBe(true);
  });

  it('are accepted: the volume that the array made is the ordered one', async () => {
    const task = taskOf('accepted');
    const path = `/vdc/tasks/${task.id}/resolve`;
    expect((await bench.ask('POST', `${path}?dry_run=true`, { how: 'accept' })).plan).toMatchObject({ how: 'accept' });
    expect(await bench.ask('POST', path, { how: 'accept' })).toMatchObject({ state: 'pending' });
    expect(await ended(task)).toMatchObject({ state: 'ready' });
    expect(await volumeOf(task)).toMatchObject({ state: 'ready', inactive: false, native_id: expect.any(String) });
    await unmapFromOthers(task);
    const deleted = await bench.ask('POST', `/block/volumes/${task.resource.id}/deactivate`);
    expect(await ended(deleted)).toMatchObject({ state: 'ready' });
    expect(onArray(await nativeNameOf(task))).toBe(false);
  });

  it('are released: the record and its capacity are given up, the array keeps what it has', async () => {
    const before = await managedGib();
    const task = taskOf('released');
    const nativeName = await nativeNameOf(task);
    await bench.ask('POST', `/vdc/tasks/${task.id}/resolve`, { how: 'release' });
    expect(await ended(task)).toMatchObject({ state: 'error', service_error: { details: expect.stringContaining(nativeName) } });
    expect(await volumeOf(task)).toMatchObject({ state: 'released', inactive: true });
    expect(await managedGib()).toBe(before - 8);
    expect(onArray(nativeName)).toBe(true);
  });

  it.each([
    { name: 'discarded', path: 'resolve', body: { how: 'discard' } },
    { name: 'resumed', path: 'resume', body: undefined },
  ] as const)('are $name: not while others use what is left, and then nothing is', async ({ name, path, body }) => {
    const before = await managedGib();
    const task = taskOf(name);
    await bench.ask('POST', `/vdc/tasks/${task.id}/${path}`, body);
    expect((await ended(task)).repair).toMatchObject({ believed_left: expect.any(Array) });
    expect(onArray(await nativeNameOf(task))).toBe(true);
    await unmapFromOthers(task);
    await bench.ask('POST', `/vdc/tasks/${task.id}/${path}`, body);
    expect(await ended(task)).toMatchObject({ state: 'error', allowed_operations: 'none_specified' });
    expect(await taskNow(task)).not.toHaveProperty('repair');
    expect(await volumeOf(task)).toMatchObject({ inactive: true });
    expect(onArray(await nativeNameOf(task))).toBe(false);
    expect(await managedGib()).toBe(before - 8);
  });

  it('are none any more when each is decided, and what is ordered now belongs to the new epoch', async () => {
    expect((await bench.ask('GET', '/config/epoch')).stale_operations).toEqual([]);
    expect(await ended(await order('newer'))).toMatchObject({ state: 'ready' });
  });
});
