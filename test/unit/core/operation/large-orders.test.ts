import { beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../../../../core/change.ts';
import type { RequestContext } from '../../../../core/request.ts';
import { createVolumes } from '../../../../core/volume/create.ts';
import { deleteVolumes } from '../../../../core/volume/delete.ts';
import { asked, gib, poolIdOf, projectId, varrayId, vpoolId } from '../../../support/block-world.ts';
import { deaths } from '../../../support/mortal-rows.ts';
import { anOrderWorld, type OrderWorld } from '../../../support/order-world.ts';

let world: OrderWorld;
beforeEach(() => {
  world = anOrderWorld();
});

/** Three chunks: 12, 12 and 2. */
const several = 26;
const chunkCount = 3;

const order = (count = several, ports = world.ports, request: RequestContext = asked()) =>
  createVolumes(ports, request, { name: 'data', size: '8GB', project: projectId, varray: varrayId, vpool: vpoolId, count });

const volumes = (): Row[] => world.rows.all('Inventory').filter((row) => row.sk === 'RESOURCE' && row.pk.includes(':Volume:'));
const live = (): Row[] => volumes().filter((row) => row['inactive'] !== true);
const tasks = (): Row[] => world.rows.all('Tasks').filter((row) => row.sk === 'TASK');
const sumOf = (attribute: string): number => [1, 2].reduce((sum, n) => sum + Number(world.row(poolIdOf(n))?.[attribute]), 0);
const managed = (): number => sumOf('managedBytes');
const states = (rows: readonly Row[]): unknown[] => [...new Set(rows.map((row) => row['state']))];
const listedNames = (): number => world.rows.all('Inventory').filter(({ pk }) => pk === `LIST#${projectId}#Volume`).length;

/** No lock, no open operation, no key kept; the books are the volumes, and so are the lists and the array. */
const expectAtRest = (): void => {
  expect([sumOf('managedCount'), sumOf('foreignCount')]).toEqual([live().length, 0]);
  expect(world.openOperations()).toBe(0);
  expect(world.rows.all('Inventory').filter((row) => row['activeTaskId'] !== undefined)).toEqual([]);
  expect(tasks().filter((row) => !['ready', 'error'].includes(String(row['state'])))).toEqual([]);
  expect(managed()).toBe(live().reduce((sum, row) => sum + Number(row['provisionedBytes']), 0));
  expect(listedNames()).toBe(live().length);
  expect([...world.array.keys()].sort()).toEqual(
    live()
      .map((row) => String(row['nativeName']))
      .sort(),
  );
  expect(world.rows.all('Inventory').filter(({ pk }) => pk.startsWith('NATIVE#'))).toHaveLength(live().length);
};

const made = async (count = several): Promise<string[]> => {
  await order(count);
  await world.settle();
  return live().map(({ pk }) => pk);
};

const remove = (ids: readonly string[], ports = world.ports) => deleteVolumes(ports, asked(), { ids, from: 'body', mode: 'destroy' });

describe('an order of a hundred volumes', () => {
  it('is stored in chunks of at most 12, accepted by the last, carried out by one call, and ends in chunks', async () => {
    const answer = await order(100);
    expect(answer['task']).toHaveLength(100);
    expect(world.rows.transactions).toHaveLength(1 + 9);
    expect(Math.max(...world.rows.transactions.map((writes) => writes.length))).toBeLessThanOrEqual(12 * 4 + 1);
    await world.carryOut();
    expect(world.changes).toEqual(['ensureVolumes']);
    expect([live().length, ...states(live()), ...states(tasks())]).toEqual([100, 'ready', 'ready']);
    expect(live().map((row) => row['name'])).toContain('data-100');
    expect(managed()).toBe(800 * gib);
    expectAtRest();
  });

  it('is deleted in one request', async () => {
    const ids = await made(100);
    await remove(ids);
    await world.carryOut();
    expect(world.changes).toEqual(['ensureVolumes', 'ensureVolumesAbsent']);
    expect([live(), managed()]).toEqual([[], 0]);
    expectAtRest();
  });

  it('shows its plan in a dry run, checks every name, and stores nothing', async () => {
    const before = world.rows.dump();
    const { plan } = (await order(100, world.ports, asked({ dryRun: true }))) as { plan: { volumes: unknown[] } };
    expect(plan.volumes).toHaveLength(100);
    expect(world.rows.dump()).toBe(before);
    await createVolumes(world.ports, asked(), {
      name: 'data-99',
      size: '8GB',
      project: projectId,
      varray: varrayId,
      vpool: vpoolId,
      count: 1,
    });
    await expect(order(100, world.ports, asked({ dryRun: true }))).rejects.toMatchObject({ code: 'resource.nameTaken' });
  });

  it('keeps the operation’s own row, and what its workflow writes again and again, at a kilobyte', async () => {
    await order(100);
    const row = world.rows.all('Tasks').find(({ sk }) => sk === 'OPERATION');
    expect(JSON.stringify(row).length).toBeLessThan(1024);
    expect(row?.['taskIds']).toBeUndefined();
  });
});

describe('an order that is not stored completely', () => {
  it('whose name is taken in a later chunk is refused, and taken back before that is answered', async () => {
    const taken = { name: 'data-20', size: '8GB', project: projectId, varray: varrayId, vpool: vpoolId, count: 1 };
    await createVolumes(world.ports, asked(), taken);
    await world.settle();
    await expect(order()).rejects.toMatchObject({ code: 'resource.nameTaken' });
    expect(states(tasks().filter((row) => row['resourceName'] !== 'data-20'))).toEqual(['error']);
    expect(tasks().find((row) => row['state'] === 'error')?.['serviceError']).toMatchObject({
      details: 'the name "data-20" is taken',
    });
    expect([live().length, world.changes]).toEqual([1, ['ensureVolumes']]);
    expectAtRest();
  });

  it.each(deaths(1 + chunkCount))(
    'whose request dies $when transaction $at never runs, leaves nothing, and can be sent again',
    async (death) => {
      const request = asked({ idempotency: { pk: 'IDEMPOTENCY#t#tina#k', requestHash: 'h' } });
      await expect(order(several, world.request(death), request)).rejects.toThrow();
      const isAccepted = death.at === 1 + chunkCount && death.when === 'after';
      await world.tick(31);
      await world.carryOut();
      if (!isAccepted) expect([world.started, world.changes]).toEqual([[], []]);
      await world.settle();
      if (isAccepted) expect([live().length, ...states(live())]).toEqual([several, 'ready']);
      else {
        expect([live(), managed(), world.changes]).toEqual([[], 0, []]);
        expect(world.rows.all('Coordination')).toEqual([]);
        for (const task of tasks())
          expect(task['serviceError']).toMatchObject({ details: expect.stringContaining('before all of the order was stored') });
        await order(several, world.ports, request);
        await world.settle();
        expect([live().length, ...states(live())]).toEqual([several, 'ready']);
      }
      expectAtRest();
    },
  );

  it.each(deaths(chunkCount))('is taken back also when what takes it back dies $when transaction $at', async (death) => {
    await expect(order(several, world.request({ at: 1 + chunkCount, when: 'before' }))).rejects.toThrow();
    await world.tick(61);
    await world.carryOut(death);
    await world.settle();
    expect([live(), managed(), world.changes]).toEqual([[], 0, []]);
    expectAtRest();
  });

  it.each([2, 3, 4])('is not stored any further by a slow request once it was taken back before transaction %i', async (at) => {
    const { rows } = world;
    let count = 0;
    const slow: OrderWorld['ports'] = {
      ...world.ports,
      rows: {
        get: (table, key) => rows.get(table, key),
        getMany: (table, keys) => rows.getMany(table, keys),
        query: (page) => rows.query(page),
        transact: async (writes) => {
          count += 1;
          if (count === at) {
            await world.tick(61);
            await world.carryOut();
          }
          await rows.transact(writes);
        },
      },
    };
    await expect(order(several, slow)).rejects.toMatchObject({ code: 'service.busy', message: expect.stringContaining('is taken back') });
    expect([live(), managed(), world.changes]).toEqual([[], 0, []]);
    expectAtRest();
  });
});

describe('a deletion of many volumes that is not stored completely', () => {
  it.each(deaths(1 + chunkCount))('leaves every volume ready when its request dies $when transaction $at', async (death) => {
    const ids = await made();
    await expect(remove(ids, world.request(death))).rejects.toThrow();
    await world.settle();
    const isAccepted = death.at === 1 + chunkCount && death.when === 'after';
    expect(live()).toHaveLength(isAccepted ? 0 : several);
    if (!isAccepted) expect([...states(live()), ...world.changes]).toEqual(['ready', 'ensureVolumes']);
    expectAtRest();
    if (!isAccepted) await remove(ids);
    await world.settle();
    expect(live()).toEqual([]);
    expectAtRest();
  });
});

/** The slot, that it is decided, the chunks, the end. */
const endings = 2 + 1 + chunkCount + 1;

describe('an order of many volumes whose workflow dies', () => {
  it.each(deaths(endings))('$when transaction $at ends as a whole: all ready, or none left', async (death) => {
    await order();
    await world.carryOut(death);
    const isDecided =
      volumes().length > 0 && world.rows.all('Tasks').some((row) => row['state'] === 'committing' || row['state'] === 'committed');
    const changes = world.changes.length;
    await world.settle();
    expect(live()).toHaveLength(isDecided ? several : 0);
    if (isDecided) expect(world.changes).toHaveLength(changes);
    expectAtRest();
  });

  it.each(deaths(endings + 3))('$when transaction $at, while it is taken back, leaves nothing', async (death) => {
    await order();
    world.refuses.add(String(live()[19]?.['nativeName']));
    await world.carryOut(death);
    await world.settle();
    expect([live(), managed(), world.array.size]).toEqual([[], 0, 0]);
    expect(states(tasks())).toEqual(['error']);
    expectAtRest();
    world.refuses.clear();
    await order();
    await world.settle();
    expect(live()).toHaveLength(several);
    expectAtRest();
  });
});

describe('an order of two volumes whose workflow dies', () => {
  /** The slot, the commit, the end of each task. */
  it.each(deaths(2 + 1 + 2))('$when transaction $at ends as a whole, and its tasks with it', async (death) => {
    await order(2);
    await world.carryOut(death);
    const isCommitted = world.rows.all('Tasks').some((row) => row['state'] === 'committed');
    await world.settle();
    expect(live()).toHaveLength(isCommitted ? 2 : 0);
    expect(states(tasks())).toEqual([isCommitted ? 'ready' : 'error']);
    expectAtRest();
  });
});

describe('a deletion of many volumes whose workflow dies', () => {
  it.each(deaths(endings))('$when transaction $at ends for each volume by itself, by what the array says', async (death) => {
    const ids = await made();
    const kept = live()
      .slice(10, 15)
      .map((row) => String(row['nativeName']));
    for (const name of kept) world.refuses.add(name);
    await remove(ids);
    await world.carryOut(death);
    await world.settle();
    if (live().length === several) {
      await remove(live().map(({ pk }) => pk));
      await world.settle();
    }
    expect(
      live()
        .map((row) => row['nativeName'])
        .sort(),
    ).toEqual(kept.sort());
    expect(states(live())).toEqual(['ready']);
    expectAtRest();
  });
});
