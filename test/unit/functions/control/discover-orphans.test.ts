import { describe, expect, it } from 'vitest';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import { putTombstone, type Tombstone } from '../../../../core/volume/tombstone.ts';
import type { ObservedVolume } from '../../../../drivers/sdk/model.ts';
import {
  createdAt,
  idOfVolume,
  kindOf,
  nameOf,
  onArray,
  ours,
  page,
  put,
  record,
  unmanaged,
  worldWith,
} from '../../../support/array-volumes.ts';
import { type ControlWorld, providerId } from '../../../support/control.ts';
import { discover, gib } from '../../../support/discovery-world.ts';

describe('an orphan: it bears our mark, and there is no record of it', () => {
  const tombstone: Tombstone = {
    ...{ nativeName: nameOf(1), volumeId: idOfVolume(1), operationId: 'failed', poolNativeId: 'p1', bytes: 8 * gib },
    ...{ provisioning: 'thin', notBefore: createdAt },
  };
  const removals = (world: ControlWorld) => world.rows.all('Tasks').filter((row) => row['workflow'] === 'orphan-delete');
  const { nativeId: _unused, ...unmade } = record(1, { state: 'deleted', inactive: true });
  const orphanWorld = async (volumes: readonly ObservedVolume[], given: Partial<Tombstone> | undefined = {}, complete = true) => {
    const world = await worldWith(page(volumes, { complete }));
    put(world, unmade);
    const write = putTombstone('array-1', { ...tombstone, ...given }, createdAt);
    if (given && write.do === 'put') world.rows.seed('Coordination', [write.row]);
    return world;
  };

  it('is reported, and left alone, when nothing is known of a creation that failed', async () => {
    const world = await orphanWorld([ours(1)]);
    await world.rows.transact([{ do: 'delete', table: 'Coordination', key: { pk: 'TOMBSTONE#array-1', sk: nameOf(1) } }]);
    await discover(world);
    expect(await unmanaged(world, 'native-1')).toMatchObject({
      bearsMark: true,
      keptBecause: 'no creation that failed is known to have left it',
    });
    expect(await kindOf(world, 'native-1')).toBe('orphan');
    expect(removals(world)).toEqual([]);
  });

  it('that a failed creation has surely left is removed by an operation, of which there is but one', async () => {
    const world = await orphanWorld([ours(1)]);
    await discover(world);
    expect(removals(world)).toMatchObject([{ state: 'accepted', openPk: 'OPEN', requestedBy: 'discovery' }]);
    expect(await unmanaged(world, 'native-1')).toHaveProperty('activeTaskId');
    await discover(world);
    expect(removals(world)).toHaveLength(1);
    expect(world.drivers.verbs.every((verb) => verb === 'readInventory')).toBe(true);
  });

  it('is not removed by a view that is not complete, for only that knows what was taken from what', async () => {
    const world = await orphanWorld([ours(1)], {}, false);
    await discover(world);
    expect(removals(world)).toEqual([]);
  });

  it('that was once seen mapped is not removed when it is not mapped any more', async () => {
    const mapped = ours(1, { mappings: [{ initiatorType: 'sdc', initiatorId: 'sdc9', access: 'read-write', limits: {} }] });
    const world = await worldWith(page([mapped]), page([ours(1)]));
    put(world, unmade);
    await world.rows.transact([putTombstone('array-1', tombstone, createdAt)]);
    await discover(world);
    await discover(world);
    expect(await unmanaged(world, 'native-1')).toMatchObject({ keptBecause: 'it was mapped' });
    expect(removals(world)).toEqual([]);
  });

  it('that something was taken from is not removed', async () => {
    const world = await orphanWorld([ours(1), onArray('snap', { kind: 'snapshot', ancestorNativeId: 'native-1' })]);
    await discover(world);
    expect(await unmanaged(world, 'native-1')).toMatchObject({ keptBecause: 'something was taken from it' });
    expect(removals(world)).toEqual([]);
  });

  it.each([
    { what: 'the installation', rows: { pk: 'INSTALLATION', sk: 'INSTALLATION' } },
    { what: 'the provider', rows: { pk: providerId, sk: 'RESOURCE' } },
  ])('waits while the brake of $what is on', async ({ rows }) => {
    const world = await orphanWorld([ours(1)]);
    await world.rows.transact([{ do: 'update', table: 'Inventory', key: rows, set: { operations: 'frozen' } }]);
    await discover(world);
    expect(removals(world)).toEqual([]);
    expect(await unmanaged(world, 'native-1')).toMatchObject({ keptBecause: expect.stringContaining('is set to frozen') });
    await world.rows.transact([{ do: 'update', table: 'Inventory', key: rows, set: { operations: 'normal' } }]);
    await discover(world);
    expect(removals(world)).toHaveLength(1);
  });
});

describe('a walk that does not get to its end', () => {
  it('is gone on with by another invocation, and what was stored is remembered', async () => {
    const world = await worldWith(page([onArray('a')], { nextCursor: 'more', complete: false }));
    const late = () => world.clock.now() + 30_000;
    await expect(discover(world, { deadline: late })).rejects.toMatchObject({ name: 'DriverUnfinished' });
    expect(await kindOf(world, 'a')).toBe('foreign');
  });

  it('leaves what could not be stored to be looked at again', async () => {
    const world = await worldWith(page([ours(1, { name: 'x' })]));
    put(world, record(1));
    const { rows } = world;
    const transact = rows.transact.bind(rows);
    rows.transact = async (writes) => {
      if (writes.some((write) => write.do === 'update' && write.key.pk === idOfVolume(1)))
        await transact([{ do: 'update', table: 'Inventory', key: resourceKey(idOfVolume(1)), add: { version: 1 } }]).catch(() => undefined);
      return transact(writes);
    };
    await discover(world);
    expect(await kindOf(world, 'native-1')).toBeUndefined();
  });
});
