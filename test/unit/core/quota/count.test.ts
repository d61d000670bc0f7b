import { beforeEach, describe, expect, it } from 'vitest';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import type { Rows } from '../../../../core/ports.ts';
import { countQuota } from '../../../../core/quota/count.ts';
import { countingPk } from '../../../../core/quota/quota.ts';
import { setQuota } from '../../../../core/quota/set.ts';
import { makeUrn } from '../../../../core/urn.ts';
import { createVolumes } from '../../../../core/volume/create.ts';
import { deleteVolumes } from '../../../../core/volume/delete.ts';
import { expandVolume } from '../../../../core/volume/expand.ts';
import { countQuotas } from '../../../../functions/events/count-quotas.ts';
import type { EventPorts } from '../../../../functions/events/ports.ts';
import { madeVolumes } from '../../../support/block-volumes.ts';
import {
  aProject,
  asked,
  aWorld,
  gib,
  poolIdOf,
  projectId,
  startedAt,
  tenantId,
  varrayId,
  vpoolId,
  type World,
} from '../../../support/block-world.ts';
import { deaths } from '../../../support/mortal-rows.ts';
import { anOrderWorld } from '../../../support/order-world.ts';
import { expectQuotasAddUp, limit, liveVolumes, quotaIn, usedGib } from '../../../support/quotas.ts';

let world: World;
beforeEach(() => {
  world = aWorld();
});

const startMs = Date.parse(startedAt);
const counting = ({ rows }: World): string[] => rows.all('Inventory').flatMap(({ pk, sk }) => (pk === countingPk ? [sk] : []));
const create = (on: World, { name = 'data', count = 1 } = {}, ports = on.ports) =>
  createVolumes(ports, asked(), { name, size: '8GB', project: projectId, varray: varrayId, vpool: vpoolId, count });

/** Once, before the next read or write that fits, something else happens. */
const justBefore = (method: 'transact' | 'query', fits: (argument: never) => boolean, act: () => Promise<unknown>): void => {
  const { rows } = world;
  const original = rows[method].bind(rows) as (argument: never) => Promise<never>;
  let isOver = false;
  Object.assign(rows, {
    [method]: async (argument: never) => {
      if (!isOver && fits(argument)) {
        isOver = true;
        await act();
      }
      return original(argument);
    },
  });
};

const later = (seconds: number): EventPorts => ({
  ...world.ports,
  clock: { now: () => startMs + seconds * 1000 },
  count: () => undefined,
  storeName: 'tables',
  jobs: { send: async () => undefined },
  queues: { depths: async () => [], redrive: async () => 0 },
  sleep: async () => undefined,
});

describe('a quota that is enabled', () => {
  it.each([
    ['virtual pool', vpoolId],
    ['project', projectId],
    ['tenant', tenantId],
  ])('of a %s holds at once, with all that is there, whatever it is doing', async (_noun, id) => {
    for (let n = 0; n < 5; n += 1) await madeVolumes(world, { name: `made-${n}`, count: 12 });
    await create(world, { name: 'coming', count: 2 });
    await limit(world, id, 100);
    expect(quotaIn(world, id)).toMatchObject({ state: 'counted', usedBytes: 62 * 8 * gib, limitGb: 100 });
    expect(counting(world)).toEqual([]);
    expectQuotasAddUp(world);
  });

  it('counts the volumes of its own project alone', async () => {
    const other = makeUrn('Project', '00000000-0000-4000-8000-0000000000aa');
    world.put(aProject({ id: other, name: 'sales' }));
    await madeVolumes(world, { count: 3 });
    await madeVolumes(world, { project: other });
    await limit(world, other, 100);
    await limit(world, tenantId, 100);
    expect([usedGib(world, other), usedGib(world, tenantId)]).toEqual([8, 32]);
  });

  it('lets orders wait until it holds', async () => {
    const [id = ''] = await madeVolumes(world);
    const rows: Rows = {
      ...world.ports.rows,
      get: world.rows.get.bind(world.rows),
      getMany: world.rows.getMany.bind(world.rows),
      query: world.rows.query.bind(world.rows),
      transact: async (writes) => {
        if (writes.some((write) => write.do === 'update' && write.key.pk === poolIdOf(1)))
          throw new ControlPlaneError('busy', { code: 'service.busy' });
        return world.rows.transact(writes);
      },
    };
    await limit({ ports: { ...world.ports, rows } }, projectId, 100);
    expect([quotaIn(world, projectId)?.state, counting(world)]).toEqual(['counting', [projectId]]);
    const waits = { code: 'service.busy', message: expect.stringContaining('the quota of the project finance') };
    await expect(create(world, { name: 'more' })).rejects.toMatchObject(waits);
    await expect(expandVolume(world.ports, asked(), { volumeId: id, newSize: '16GB' })).rejects.toMatchObject(waits);
    await countQuotas(later(1));
    await create(world, { name: 'more' });
    expect([quotaIn(world, projectId)?.state, usedGib(world, projectId), counting(world)]).toEqual(['counted', 16, []]);
  });

  it('waits for a large order that did not know of it until that is stored or given up', async () => {
    const { rows } = world;
    const transact = rows.transact.bind(rows);
    let transactions = 0;
    rows.transact = async (writes) => {
      transactions += 1;
      if (transactions === 2) {
        rows.transact = transact;
        await limit(world, projectId, 100);
        await countQuotas(later(59));
        expect(quotaIn(world, projectId)).toMatchObject({ state: 'counting', usedBytes: 0 });
      }
      return transact(writes);
    };
    await create(world, { count: 26 });
    await countQuotas(later(60));
    expect(quotaIn(world, projectId)).toMatchObject({ state: 'counted', usedBytes: 26 * 8 * gib });
    expectQuotasAddUp(world);
  });

  it('is counted page by page when time is short, and each time from where it was', async () => {
    await madeVolumes(world, { count: 5 });
    const { rows } = world;
    const query = rows.query.bind(rows);
    rows.query = (page) => query(page.pk.endsWith('#Volume') ? { ...page, limit: 2 } : page);
    let now = startMs;
    const clock = { now: () => (now += 2000) };
    await limit({ ports: { ...world.ports, clock } }, tenantId, 100);
    const again = () => countQuota({ rows, clock: { now: () => now } }, tenantId, now);
    const seen: unknown[] = [[quotaIn(world, tenantId)?.state, usedGib(world, tenantId)]];
    for (let n = 0; n < 3; n += 1) seen.push([await again(), usedGib(world, tenantId)]);
    expect(seen).toEqual([
      ['counting', 16],
      [false, 32],
      [false, 40],
      [true, 40],
    ]);
    expectQuotasAddUp(world);
  });

  it('counts each of the others when one of them is changed at the same moment, and that one later', async () => {
    const ids = await madeVolumes(world, { count: 3 });
    const isMarking = (writes: never) => JSON.stringify(writes).includes('countedInProject');
    justBefore('transact', isMarking, () => deleteVolumes(world.ports, asked(), { ids: ids.slice(0, 1), from: 'body', mode: 'destroy' }));
    await limit(world, projectId, 100);
    expect(usedGib(world, projectId)).toBe(24);
    expectQuotasAddUp(world);
  });

  it('is not said to hold when it was disabled meanwhile', async () => {
    await madeVolumes(world);
    const isConclusion = (writes: never) => JSON.stringify(writes).includes('"state":"counted"');
    justBefore('transact', isConclusion, () => limit(world, projectId, { enabled: false }));
    await limit(world, projectId, 100);
    expect([quotaIn(world, projectId)?.state, counting(world)]).toEqual(['off', []]);
  });

  it('is left alone when it was disabled before it was prepared', async () => {
    const isPreparation = (writes: never) => JSON.stringify(writes).includes('countableFrom');
    justBefore('transact', isPreparation, () => limit(world, projectId, { enabled: false }));
    await limit(world, projectId, 100);
    expect(quotaIn(world, projectId)?.state).toBe('off');
  });

  it('counts where a pool is forgotten meanwhile', async () => {
    const isBump = (writes: never) => JSON.stringify(writes).includes(`"add":{"version":1}`);
    justBefore('transact', isBump, () => world.rows.transact([{ do: 'delete', table: 'Inventory', key: resourceKey(poolIdOf(2)) }]));
    await limit(world, projectId, 100);
    expect(quotaIn(world, projectId)?.state).toBe('counted');
  });

  it('fails with what is wrong, and is not half counted', async () => {
    await madeVolumes(world);
    await limit(world, projectId, { enabled: false });
    const broken = { ...later(0), rows: { ...later(0).rows, query: () => Promise.reject(new Error('no store')) } };
    await expect(countQuotas(broken)).rejects.toThrow('no store');
    await expect(countQuota(world.ports, projectId, 0)).resolves.toBe(true);
  });

  it('counts a volume whose growth has no task any more as it is', async () => {
    const [id = ''] = await madeVolumes(world);
    await world.rows.transact([
      {
        do: 'update',
        table: 'Inventory',
        key: resourceKey(id),
        set: { state: 'expanding', activeTaskId: makeUrn('Task', '00000000-0000-4000-8000-0000000000bb') },
      },
    ]);
    await limit(world, projectId, 100);
    expect(usedGib(world, projectId)).toBe(8);
  });

  it('reads projects and volumes by pages', async () => {
    await madeVolumes(world, { count: 5 });
    const { rows } = world;
    const query = rows.query.bind(rows);
    rows.query = (page) => query(page.pk.endsWith('#Volume') ? { ...page, limit: 2 } : page);
    await limit(world, vpoolId, 100);
    expect(usedGib(world, vpoolId)).toBe(40);
  });

  it('is of nothing that has none', async () => {
    const change = { enabled: true, limitGb: 1 };
    const limited = { ...aProject(), id: poolIdOf(1) };
    await setQuota(world.ports, asked(), { limited, change });
    await expect(countQuota(world.ports, poolIdOf(1), startMs + 1)).rejects.toThrow(RangeError);
  });
});

describe('orders whose requests and workflows die under quotas', () => {
  const several = 26;

  it.each(deaths(4))('are taken back whole: a request that dies $when transaction $at', async (death) => {
    const orders = anOrderWorld();
    await limit(orders, projectId, 1000);
    await limit(orders, tenantId, 1000);
    await create(orders, { count: several }, orders.request(death)).catch(() => undefined);
    await orders.settle();
    expectQuotasAddUp(orders);
    expect(usedGib(orders, projectId)).toBe(liveVolumes(orders).length * 8);
  });

  it.each(deaths(5))('give back what they did not make: a workflow that dies $when transaction $at', async (death) => {
    const orders = anOrderWorld();
    await limit(orders, vpoolId, 1000);
    await create(orders, { count: several });
    await orders.carryOut(death);
    await orders.settle();
    expectQuotasAddUp(orders);
    expect(usedGib(orders, vpoolId)).toBe(liveVolumes(orders).length * 8);
  });

  it.each(deaths(5))('give back what they delete: a workflow that dies $when transaction $at', async (death) => {
    const orders = anOrderWorld();
    await limit(orders, projectId, 1000);
    await create(orders, { count: several });
    await orders.settle();
    await deleteVolumes(orders.ports, asked(), { ids: liveVolumes(orders).map(({ pk }) => pk), from: 'body', mode: 'destroy' });
    await orders.carryOut(death);
    await orders.settle();
    expectQuotasAddUp(orders);
    expect(usedGib(orders, projectId)).toBe(liveVolumes(orders).length * 8);
  });

  it('give back to a quota that has counted them since: an order that is taken back, a workflow that is undone', async () => {
    const orders = anOrderWorld();
    await limit(orders, projectId, 1000);
    await create(orders, { count: several }, orders.request({ at: 3, when: 'after' })).catch(() => undefined);
    await orders.tick(61);
    await limit(orders, tenantId, 1000);
    expect(quotaIn(orders, tenantId)).toMatchObject({ state: 'counted', usedBytes: 24 * 8 * gib });
    await orders.settle();
    expect([usedGib(orders, projectId), usedGib(orders, tenantId), liveVolumes(orders)]).toEqual([0, 0, []]);
  });

  it('settle anew when a quota begins to count their volumes in between', async () => {
    const orders = anOrderWorld();
    await create(orders);
    const [volume] = liveVolumes(orders);
    orders.refuses.add(String(volume?.['nativeName']));
    const { rows } = orders;
    const transact = rows.transact.bind(rows);
    rows.transact = async (writes) => {
      if (JSON.stringify(writes).includes('"state":"deleted"')) {
        rows.transact = transact;
        await limit(orders, projectId, 100);
        expect(usedGib(orders, projectId)).toBe(8);
      }
      return transact(writes);
    };
    await orders.carryOut();
    expect([orders.openOperations(), usedGib(orders, projectId), liveVolumes(orders)]).toEqual([0, 0, []]);
  });
});
