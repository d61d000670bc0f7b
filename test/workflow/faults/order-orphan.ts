import { expect } from 'vitest';
import { carryOut, type Order, type Ordering, type Tasks } from './carry-out.ts';
import type { Ground } from './ground.ts';
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

const isThere = ({ array }: Ground, { nativeId }: Orphan): boolean => array.volumes().some(({ id }) => id === nativeId);

const tombstoneOf = async ({ stored }: Ground, { name }: Orphan): Promise<StoredRow | undefined> =>
  (await stored.all('Coordination')).find(({ pk, sk }) => pk.startsWith('TOMBSTONE#') && sk === name);

const unmanagedOf = (ground: Ground, [task]: Tasks): Promise<StoredRow | undefined> =>
  ground.stored.get('Inventory', { pk: task.resource.id, sk: 'RESOURCE' });

const expectRemoved = async (ground: Ground, orphan: Orphan, tasks: Tasks): Promise<void> => {
  expect(isThere(ground, orphan)).toBe(false);
  expect(await unmanagedOf(ground, tasks)).toMatchObject({ inactive: true, nativeId: orphan.nativeId });
  expect(await tombstoneOf(ground, orphan)).toBeUndefined();
  const { event } = await ground.ask('GET', `/block/volumes/${orphan.volumeId}/history`);
  const told = event.filter(({ after }: { after?: Record<string, unknown> }) => after?.['removedFromArray'] === orphan.name);
  expect(told).toHaveLength(1);
};

const expectThere = async (ground: Ground, orphan: Orphan, tasks: Tasks): Promise<void> => {
  expect(isThere(ground, orphan)).toBe(true);
  expect(tasks[0]).toMatchObject({ state: 'error', allowed_operations: 'none_specified' });
  expect(tasks[0].service_error.details.length).toBeGreaterThan(10);
  expect(await unmanagedOf(ground, tasks)).toMatchObject({ inactive: false, nativeId: orphan.nativeId });
};

/** A later discovery says why, and leaves it alone. */
export const expectLeftAlone = async (ground: Ground, orphan: Orphan, why: string): Promise<void> => {
  const before = bytesOf(ground, [orphan.nativeId]);
  await discover(ground);
  expect(await orderedRemoval(ground)).toBeUndefined();
  const { difference } = await ground.ask('GET', `/vdc/storage-providers/${ground.estate.providerIds[0]}/differences`);
  expect(difference).toContainEqual(
    expect.objectContaining({ kind: 'orphan', native_id: orphan.nativeId, kept_because: expect.stringContaining(why) }),
  );
  expect(bytesOf(ground, [orphan.nativeId])).toBe(before);
};

/** Somebody who knows what it is takes it away. */
const takeAway = async (ground: Ground, { nativeId }: Orphan): Promise<void> => {
  await fetch(`${ground.array.simulator.controlUrl}/volumes/${nativeId}`, { method: 'DELETE' });
  await carryOut(ground, path);
};

interface Left {
  readonly order: Order;
  readonly orphan: Orphan;
}

/** One orphan among volumes that must stay; a discovery has ordered its removal, which nobody has started. */
export const orderedOrphan = async (ground: Ground): Promise<Left> => {
  const kept = await theKept(ground);
  const keptBefore = bytesOf(ground, kept);
  const atEnd = ground.array.bytes();
  const [orphan] = await leaveOrphans(ground, 'left', 1);
  if (!orphan) throw new Error('there is no orphan');
  await discover(ground);
  const expectKeptAlone = (now: Ground): void => expect(bytesOf(now, kept)).toBe(keptBefore);
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

export const orphanDelete = async (ground: Ground): Promise<Order> => (await orderedOrphan(ground)).order;
