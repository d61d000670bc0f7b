import { beforeEach, describe, expect, it } from 'vitest';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import { quotaKey } from '../../../../core/quota/quota.ts';
import { createVolumes } from '../../../../core/volume/create.ts';
import type { EventPorts } from '../../../../functions/events/ports.ts';
import { runJob } from '../../../../functions/events/run-job.ts';
import { madeVolumes } from '../../../support/block-volumes.ts';
import { asked, aWorld, gib, projectId, tenantId, varrayId, vpoolId, type World } from '../../../support/block-world.ts';
import { limit } from '../../../support/quotas.ts';

let world: World;
let ids: string[] = [];
beforeEach(async () => {
  world = aWorld();
  ids = await madeVolumes(world, { count: 3 });
  for (const id of [projectId, tenantId, vpoolId]) await limit(world, id, 100);
});

const job = async () => {
  const told: unknown[] = [];
  const counted: string[] = [];
  const ports: EventPorts = {
    ...world.ports,
    log: { ...world.ports.log, error: (_message, facts) => void told.push(facts) },
    count: (name) => counted.push(name),
    storeName: 'tables',
    jobs: { send: async () => undefined },
    queues: { depths: async () => [], redrive: async () => 0 },
    sleep: async () => undefined,
  };
  const before = world.rows.dump();
  await runJob(ports, JSON.stringify({ kind: 'quota-sum', targetId: 'quotas' }));
  expect(world.rows.dump()).toBe(before);
  return { told, counted };
};

const falsify = (id: string, bytes: number) =>
  world.rows.transact([{ do: 'update', table: 'Inventory', key: quotaKey(id), add: { usedBytes: bytes } }]);
const setVolume = (id: string, change: { set?: Record<string, string>; remove?: string[] }) =>
  world.rows.transact([{ do: 'update', table: 'Inventory', key: resourceKey(id), ...change }]);

describe('the daily sum of quotas', () => {
  it('says nothing while the counters are right, or there are none', async () => {
    expect(await job()).toEqual({ told: [], counted: [] });
    world = aWorld();
    expect(await job()).toEqual({ told: [], counted: [] });
  });

  it('tells of each counter that is wrong, and leaves it alone', async () => {
    await falsify(tenantId, gib);
    expect(await job()).toEqual({
      told: [{ id: tenantId, usedBytes: 25 * gib, bytes: gib, unmarked: 0 }],
      counted: ['CapacityDifference'],
    });
  });

  it('tells of volumes that a quota should count and does not, not so of one that is off', async () => {
    await setVolume(ids[0] ?? '', { remove: ['countedInProject'] });
    expect((await job()).told).toMatchObject([{ id: projectId, bytes: 8 * gib, unmarked: 1 }]);
    await limit(world, projectId, { enabled: false });
    expect((await job()).told).toMatchObject([{ id: projectId, bytes: 8 * gib, unmarked: 0 }]);
  });

  it('does not judge while a task works on one of the volumes', async () => {
    await falsify(projectId, gib);
    await setVolume(ids[0] ?? '', { set: { activeTaskId: 'task' } });
    expect((await job()).told).toEqual([]);
  });

  it('does not judge while a large order is being stored', async () => {
    await falsify(projectId, gib);
    const order = { name: 'large', size: '8GB', project: projectId, varray: varrayId, vpool: vpoolId, count: 13 };
    const { rows } = world;
    const transact = rows.transact.bind(rows);
    let told: unknown[] = ['not asked'];
    let transactions = 0;
    rows.transact = async (writes) => {
      transactions += 1;
      if (transactions === 2) ({ told } = await job());
      return transact(writes);
    };
    await limit(world, tenantId, 1000);
    await limit(world, projectId, 1000);
    await limit(world, vpoolId, 1000);
    transactions = 0;
    await createVolumes(world.ports, asked(), order);
    expect(told).toEqual([]);
  });

  it('does not judge a counter that moves while it is summed', async () => {
    await falsify(projectId, gib);
    const { rows } = world;
    const query = rows.query.bind(rows);
    rows.query = async (page) => {
      if (page.pk.endsWith('#Volume'))
        rows.seed(
          'Inventory',
          rows.all('Inventory').flatMap((row) => (row.sk === 'QUOTA' ? [{ ...row, moves: Number(row['moves']) + 1 }] : [])),
        );
      return query(page);
    };
    const before = rows.dump.bind(rows);
    rows.dump = () => before().replaceAll(/"moves":\d+/g, '');
    expect((await job()).told).toEqual([]);
  });

  it('does not tell of what is wrong but once', async () => {
    await falsify(projectId, gib);
    const { rows } = world;
    const query = rows.query.bind(rows);
    let passes = 0;
    rows.query = async (page) => {
      if (page.pk.endsWith('#VirtualPool')) passes += 1;
      if (page.pk.endsWith('#VirtualPool') && passes === 2) await falsify(projectId, gib);
      return query(page);
    };
    rows.dump = () => '';
    expect((await job()).told).toEqual([]);
  });
});
