import { describe, expect, it } from 'vitest';
import { toRow } from '../../../../core/inventory/resource.ts';
import type { Volume } from '../../../../core/inventory/schemas.ts';
import { idOfVolume, nameOf, onArray, ours, page, put, record, worldWith } from '../../../support/array-volumes.ts';
import type { ControlWorld } from '../../../support/control.ts';
import { discover, gib, idOf } from '../../../support/discovery-world.ts';

const poolKey = idOf('StoragePool', 'p1');
const countsOf = async (world: ControlWorld) => {
  const pool = await world.rows.get('Inventory', poolKey);
  return [pool?.['managedCount'], pool?.['foreignCount'], pool?.['isCounted']];
};
const setPool = (world: ControlWorld, set: Record<string, number>, remove: string[] = []) =>
  world.rows.transact([{ do: 'update', table: 'Inventory', key: poolKey, set, remove }]);

describe('the volumes of others in a pool', () => {
  it('are counted by each complete discovery, also those that nobody has touched', async () => {
    const three = [onArray('a'), onArray('b'), onArray('c')];
    const world = await worldWith(page(three), page([...three, onArray('d')]), page(three.slice(1)));
    await discover(world);
    expect(await countsOf(world)).toEqual([0, 3, true]);
    await discover(world);
    expect(await countsOf(world)).toEqual([0, 4, true]);
    await discover(world);
    expect(await countsOf(world)).toEqual([0, 2, true]);
  });

  it('are neither ours nor what is being made for us, but what was released just now, whatever name it bears', async () => {
    const world = await worldWith(page([onArray('a')]), page([onArray('a'), ours(1), ours(2), ours(3)]));
    await discover(world);
    put(world, record(1));
    const making = record(2, { state: 'creating', activeTaskId: 'urn:storageos:Task:t:vdc1' });
    const released = record(3, { state: 'released', inactive: true });
    world.rows.seed('Inventory', [toRow(making), toRow(released)]);
    world.rows.seed('History', [{ pk: released.id, sk: '1', at: new Date(world.clock.now()).toISOString() }]);
    await discover(world);
    expect(await countsOf(world)).toEqual([0, 2, true]);
    expect([nameOf(3), idOfVolume(3)]).toEqual([ours(3).name, released.id]);
  });

  it('are left as they were counted by a discovery that was not complete, or while one of ours was released', async () => {
    const world = await worldWith(page([onArray('a')]), page([onArray('a'), onArray('b')], { complete: false }), page([]));
    await discover(world);
    await discover(world);
    expect(await countsOf(world)).toEqual([0, 1, true]);
    const query = world.rows.query.bind(world.rows);
    world.rows.query = async (asked) => {
      if (asked.pk.startsWith('SEEN#')) await setPool(world, { foreignCount: 5 });
      return query(asked);
    };
    await discover(world);
    expect(await countsOf(world)).toEqual([0, 5, true]);
  });
});

describe('a pool that an earlier release has stored', () => {
  const uncounted = async (...volumes: Volume[]): Promise<ControlWorld> => {
    const world = await worldWith(page([onArray('a'), ours(1), ours(2)]));
    await discover(world);
    put(world, ...volumes);
    await setPool(world, { managedBytes: 16 * gib }, ['managedCount', 'foreignCount', 'isCounted']);
    return world;
  };

  it('is counted by the first complete discovery, from its volumes', async () => {
    const world = await uncounted(record(1), record(2));
    await discover(world);
    expect(await countsOf(world)).toEqual([2, 1, true]);
  });

  it('is counted also when volumes have come and gone since', async () => {
    const world = await uncounted(record(1), record(2));
    await setPool(world, { managedCount: -3, foreignCount: 1 });
    await discover(world);
    expect(await countsOf(world)).toEqual([2, 1, true]);
  });

  it('is not counted while its books are not the sum of its volumes', async () => {
    const world = await uncounted(record(1));
    await discover(world);
    expect(await countsOf(world)).toEqual([undefined, undefined, undefined]);
    put(world, record(2, { provisioningType: 'thick' }));
    await discover(world);
    expect(await countsOf(world)).toEqual([undefined, undefined, undefined]);
  });

  it('is not counted while one of its volumes grows', async () => {
    const world = await uncounted(record(1), record(2, { state: 'expanding' }));
    await discover(world);
    expect(await countsOf(world)).toEqual([undefined, undefined, undefined]);
  });
});
