import { beforeEach, describe, expect, it } from 'vitest';
import { listStubs } from '../../../../core/inventory/read.ts';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import { isEven, sumPools } from '../../../../core/provider/capacity-sum.ts';
import { createVolumes } from '../../../../core/volume/create.ts';
import type { EventPorts } from '../../../../functions/events/ports.ts';
import { runJob } from '../../../../functions/events/run-job.ts';
import { volumeCreateSteps } from '../../../../statemachines/volume-create/steps.ts';
import { madeVolumes } from '../../../support/block-volumes.ts';
import {
  aProvider,
  asked,
  aWorld,
  gib,
  poolIdOf,
  projectId,
  providerId,
  startedOperation,
  varrayId,
  vpoolId,
  type World,
} from '../../../support/block-world.ts';

let world: World;
beforeEach(() => {
  world = aWorld();
});

const sums = () => sumPools(world.rows, aProvider());
const differing = async () => (await sums()).filter((difference) => !isEven(difference));
const setPool = (n: number, set: Record<string, number>) =>
  world.rows.transact([{ do: 'update', table: 'Inventory', key: resourceKey(poolIdOf(n)), set }]);
const order = (name: string) =>
  createVolumes(world.ports, asked(), { name, size: '8GB', project: projectId, varray: varrayId, vpool: vpoolId, count: 1 });
const poolOf = async (): Promise<string> => {
  const { stubs } = await listStubs(world.rows, { type: 'Volume', scope: projectId });
  return String(world.row(stubs[0]?.id ?? '')?.['poolId']);
};

describe('the books of the pools', () => {
  it('are the sum of the volumes: of those that are there and of those that are being made', async () => {
    await madeVolumes(world, { count: 3 });
    await order('coming');
    expect(await sums()).toHaveLength(2);
    expect(await differing()).toEqual([]);
  });

  it('are summed whatever the store answers at once, and whatever has ended since it was listed', async () => {
    await order('one');
    await order('two');
    world.rows.seed('Tasks', [{ pk: 'OPERATION#gone', sk: 'INDEX', openPk: 'OPEN', openSk: '0' }]);
    const { operation } = startedOperation(world, volumeCreateSteps);
    const key = { pk: operation.taskIds[0] ?? '', sk: 'TASK' };
    const { rows } = world;
    const query = rows.query.bind(rows);
    rows.query = (page) => query(page.index ? { ...page, limit: 1 } : page);
    expect(await differing()).toEqual([]);
    await rows.transact([{ do: 'delete', table: 'Tasks', key }]);
    expect(await differing()).toMatchObject([{ bytes: 8 * gib }]);
  });

  it('of thick volumes are kept apart', async () => {
    const [id = ''] = await madeVolumes(world);
    await world.rows.transact([{ do: 'update', table: 'Inventory', key: resourceKey(id), set: { provisioningType: 'thick' } }]);
    expect(await differing()).toMatchObject([{ bytes: 0, thickBytes: -8 * gib }]);
  });

  it('are read while a volume grows only when it has grown', async () => {
    const [id = ''] = await madeVolumes(world);
    await world.rows.transact([{ do: 'update', table: 'Inventory', key: resourceKey(id), set: { state: 'expanding' } }]);
    expect((await sums()).map(({ pool }) => pool.id)).not.toContain(await poolOf());
  });

  it('are not read while a large order is being stored', async () => {
    await order('large');
    const { operation } = startedOperation(world, volumeCreateSteps);
    await world.rows.transact([
      { do: 'update', table: 'Tasks', key: { pk: `OPERATION#${operation.id}`, sk: 'OPERATION' }, set: { state: 'accepting' } },
    ]);
    expect(await sums()).toEqual([]);
  });

  it('that move while they are read are left out', async () => {
    const { rows } = world;
    const query = rows.query.bind(rows);
    rows.query = async (page) => {
      if (page.pk.startsWith('NATIVE#')) await setPool(1, { managedBytes: 8 * gib });
      return query(page);
    };
    expect((await sums()).map(({ pool }) => pool.id)).toEqual([poolIdOf(2)]);
  });

  it('of which the volume was given up do not count it', async () => {
    const [id = ''] = await madeVolumes(world);
    await world.rows.transact([{ do: 'update', table: 'Inventory', key: resourceKey(id), set: { inactive: true } }]);
    expect(await differing()).toMatchObject([{ bytes: 8 * gib, volumes: 1 }]);
  });

  it('count the volumes, but for a pool of an earlier release that nobody has counted', async () => {
    await madeVolumes(world, { count: 3 });
    const set = { managedCount: 5 };
    const pool = await poolOf();
    await world.rows.transact([{ do: 'update', table: 'Inventory', key: resourceKey(pool), set }]);
    expect(await differing()).toMatchObject([{ bytes: 0, thickBytes: 0, volumes: 2, found: 3 }]);
    await world.rows.transact([{ do: 'update', table: 'Inventory', key: resourceKey(pool), remove: ['isCounted', 'managedCount'] }]);
    expect(await differing()).toEqual([]);
  });
});

describe('the daily job', () => {
  const job = async () => {
    const told: unknown[] = [];
    const counted: string[] = [];
    const ports: EventPorts = {
      ...world.ports,
      log: { ...world.ports.log, error: (_message, facts) => void told.push(facts) },
      count: (name) => counted.push(name),
      storeName: 'tables',
      jobs: { send: () => Promise.resolve() },
      queues: { depths: () => Promise.resolve([]), redrive: () => Promise.resolve(0) },
      sleep: () => Promise.resolve(),
    };
    await runJob(ports, JSON.stringify({ kind: 'capacity-sum', targetId: providerId }));
    return { told, counted };
  };

  it('says nothing and writes nothing while the books are right', async () => {
    await madeVolumes(world);
    const before = world.rows.dump();
    expect(await job()).toEqual({ told: [], counted: [] });
    expect(world.rows.dump()).toBe(before);
  });

  it('tells of a difference, keeps it with the pool and its history, and leaves the books alone', async () => {
    await setPool(1, { managedBytes: 24 * gib, managedThickBytes: 8 * gib });
    const { told, counted } = await job();
    expect(told).toMatchObject([{ poolId: poolIdOf(1), bytes: 24 * gib, thickBytes: 8 * gib, volumes: 0 }]);
    expect(counted).toEqual(['CapacityDifference']);
    expect(world.row(poolIdOf(1))).toMatchObject({ managedBytes: 24 * gib, capacityDifference: { bytes: 24 * gib, thickBytes: 8 * gib } });
    expect(world.rows.all('History').filter(({ pk }) => pk === poolIdOf(1))).toMatchObject([{ actor: 'daily sum' }]);
    await setPool(1, { managedBytes: 0, managedThickBytes: 0 });
    expect((await job()).counted).toEqual([]);
    expect(world.row(poolIdOf(1))).not.toHaveProperty('capacityDifference');
  });

  it('does not tell of what is a difference but once', async () => {
    await setPool(1, { managedBytes: 24 * gib });
    const { rows } = world;
    const query = rows.query.bind(rows);
    let passes = 0;
    rows.query = async (page) => {
      if (page.pk.startsWith('LIST#') && page.pk.endsWith('#StorageSystem') && ++passes === 2) await setPool(1, { managedBytes: 16 * gib });
      return query(page);
    };
    expect((await job()).counted).toEqual([]);
  });

  it('tells also when the pool was changed at the same moment', async () => {
    await setPool(1, { managedBytes: 24 * gib });
    const { rows } = world;
    const transact = rows.transact.bind(rows);
    rows.transact = async (writes) => {
      if (writes.length > 1) await transact([{ do: 'update', table: 'Inventory', key: resourceKey(poolIdOf(1)), add: { version: 1 } }]);
      return transact(writes);
    };
    expect((await job()).counted).toEqual(['CapacityDifference']);
  });
});
