import { expect } from 'vitest';
import type { Bench } from './bench.ts';
import { carryOut, type Order, type Ordering, type Tasks } from './carry-out.ts';
import { bytesOf, discover, leaveOrphans, type Orphan, theKept } from './orphans.ts';
import type { StoredRow } from './stored.ts';

const path = '/vdc/storage-providers/scan';

const orderedRemoval = async ({ stored }: Pick<Ordering, 'stored'>): Promise<StoredRow | undefined> =>
  (await stored.open()).find((row) => row['workflow'] === 'orphan-delete');

/** The reconciler leaves what was accepted alone for so long. */
const graceMs = 30_000;

/** The removal that a discovery has ordered, or orders now; the reconciler then starts it. */
const place = async (host: Ordering): Promise<Tasks> => {
  if (!(await orderedRemoval(host))) await discover(host);
  const operation = await orderedRemoval(host);
  const tasks: Tasks[number][] = [];
  for (const id of (operation?.['taskIds'] ?? []) as string[]) tasks.push(await host.ask('GET', `/vdc/tasks/${id}`));
  expect(tasks).toHaveLength(1);
  await host.advance(graceMs + 1000);
  await host.tick();
  return tasks;
};

const isThere = ({ array }: Bench, { nativeId }: Orphan): boolean => array.volumes().some(({ id }) => id === nativeId);

const tombstoneOf = async ({ stored }: Bench, { name }: Orphan): Promise<StoredRow | undefined> =>
  (await stored.all('Coordination')).find(({ pk, sk }) => pk.startsWith('TOMBSTONE#') && sk === name);

const unmanagedOf = (bench: Bench, [task]: Tasks): Promise<StoredRow | undefined> =>
  bench.stored.get('Inventory', { pk: task.resource.id, sk: 'RESOURCE' });

const expectRemoved = async (bench: Bench, orphan: Orphan, tasks: Tasks): Promise<void> => {
  expect(isThere(bench, orphan)).toBe(false);
  expect(await unmanagedOf(bench, tasks)).toMatchObject({ inactive: true, nativeId: orphan.nativeId });
  expect(await tombstoneOf(bench, orphan)).toBeUndefined();
  const { event } = await bench.ask('GET', `/block/volumes/${orphan.volumeId}/history`);
  const told = event.filter(({ after }: { after?: Record<string, unknown> }) => after?.['removedFromArray'] === orphan.name);
  expect(told).toHaveLength(1);
};

const expectThere = async (bench: Bench, orphan: Orphan, tasks: Tasks): Promise<void> => {
  expect(isThere(bench, orphan)).toBe(true);
  expect(tasks[0]).toMatchObject({ state: 'error', allowed_operations: 'none_specified' });
  expect(tasks[0].service_error.details.length).toBeGreaterThan(10);
  expect(await unmanagedOf(bench, tasks)).toMatchObject({ inactive: false, nativeId: orphan.nativeId });
};

/** A later discovery says why, and leaves it alone. */
export const expectLeftAlone = async (bench: Bench, orphan: Orphan, why: string): Promise<void> => {
  const before = bytesOf(bench, [orphan.nativeId]);
  await discover(bench);
  expect(await orderedRemoval(bench)).toBeUndefined();
  const { difference } = await bench.ask('GET', `/vdc/storage-providers/${bench.estate.providerIds[0]}/differences`);
  expect(difference).toContainEqual(
    expect.objectContaining({ kind: 'orphan', native_id: orphan.nativeId, kept_because: expect.stringContaining(why) }),
  );
  expect(bytesOf(bench, [orphan.nativeId])).toBe(before);
};

/** Somebody who knows what it is takes it away. */
const takeAway = async (bench: Bench, { nativeId }: Orphan): Promise<void> => {
  await fetch(`${bench.array.simulator.controlUrl}/volumes/${nativeId}`, { method: 'DELETE' });
  await carryOut(bench, path);
};

interface Left {
  readonly order: Order;
  readonly orphan: Orphan;
}

/** One orphan among volumes that must stay; a discovery has ordered its removal, which nobody has started. */
export const orderedOrphan = async (bench: Bench): Promise<Left> => {
  const kept = await theKept(bench);
  const keptBefore = bytesOf(bench, kept);
  const atEnd = bench.array.bytes();
  const [orphan] = await leaveOrphans(bench, 'left', 1);
  if (!orphan) throw new Error('there is no orphan');
  await discover(bench);
  const expectKeptAlone = (now: Bench): void => expect(bytesOf(now, kept)).toBe(keptBefore);
  const order: Order = {
    ...{ method: 'POST', path, place, atEnd },
    expectUndone: async (now, tasks) => {
      await expectThere(now, orphan, tasks);
      expect(await tombstoneOf(now, orphan)).not.toHaveProperty('refusal');
      expectKeptAlone(now);
    },
    expectKept: async (now, tasks) => {
      await expectThere(now, orphan, tasks);
      await expectLeftAlone(now, orphan, 'the array did not remove it');
      await takeAway(now, orphan);
    },
    expectDone: (now, tasks) => expectRemoved(now, orphan, tasks),
    cleanUp: async (now) => expectKeptAlone(now),
  };
  return { order, orphan };
};

export const orphanDelete = async (bench: Bench): Promise<Order> => (await orderedOrphan(bench)).order;
