import { beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../../../../core/change.ts';
import { cancelOperation } from '../../../../core/operation/repair.ts';
import { createVolumes } from '../../../../core/volume/create.ts';
import { deleteVolumes } from '../../../../core/volume/delete.ts';
import { aProvider, asked, poolIdOf, projectId, varrayId, vpoolId } from '../../../support/block-world.ts';
import { deaths } from '../../../support/mortal-rows.ts';
import { anOrderWorld, type OrderWorld } from '../../../support/order-world.ts';

let world: OrderWorld;
beforeEach(() => {
  world = anOrderWorld();
});

/** Three chunks: 12, 12 and 2. */
const several = 26;
const chunkCount = 3;

const order = (count: number) =>
  createVolumes(world.ports, asked(), { name: 'data', size: '8GB', project: projectId, varray: varrayId, vpool: vpoolId, count });

const volumes = (): Row[] => world.rows.all('Inventory').filter((row) => row.sk === 'RESOURCE' && row.pk.includes(':Volume:'));
const live = (): Row[] => volumes().filter((row) => row['inactive'] !== true);
const tasks = (): Row[] => world.rows.all('Tasks').filter((row) => row.sk === 'TASK');
const sumOf = (attribute: string): number => [1, 2].reduce((sum, n) => sum + Number(world.row(poolIdOf(n))?.[attribute]), 0);
const managed = (): number => sumOf('managedBytes');
const states = (rows: readonly Row[]): unknown[] => [...new Set(rows.map((row) => row['state']))];
const listedNames = (): number => world.rows.all('Inventory').filter(({ pk }) => pk === `LIST#${projectId}#Volume`).length;

/** No lock, no open operation, no key kept; the books are the volumes, and so are the lists and the array, but for what was released. */
const expectAtRest = (): void => {
  const released = volumes().filter((row) => row['state'] === 'released');
  expect([sumOf('managedCount'), sumOf('foreignCount')]).toEqual([live().length, released.length]);
  expect(world.openOperations()).toBe(0);
  expect(world.rows.all('Inventory').filter((row) => row['activeTaskId'] !== undefined)).toEqual([]);
  expect(tasks().filter((row) => !['ready', 'error'].includes(String(row['state'])))).toEqual([]);
  expect(managed()).toBe(live().reduce((sum, row) => sum + Number(row['provisionedBytes']), 0));
  expect(listedNames()).toBe(live().length);
  expect([...world.array.keys()].sort()).toEqual([...live(), ...released].map((row) => String(row['nativeName'])).sort());
  expect(world.rows.all('Inventory').filter(({ pk }) => pk.startsWith('NATIVE#'))).toHaveLength(live().length);
};

const made = async (count = several): Promise<string[]> => {
  await order(count);
  await world.settle();
  return live().map(({ pk }) => pk);
};

const release = (ids: readonly string[], ports = world.ports) => deleteVolumes(ports, asked(), { ids, from: 'body', mode: 'release' });

describe('releasing many volumes', () => {
  it('forgets a hundred in one request, by tasks that run, and asks nothing of the array', async () => {
    const ids = await made(100);
    const { task } = (await release(ids)) as { task: { state: string }[] };
    expect([task.length, task[0]?.state]).toEqual([100, 'pending']);
    expect(world.rows.transactions.slice(-10).every((writes) => writes.length < 90)).toBe(true);
    await world.carryOut();
    expect([world.changes, live(), managed(), world.array.size]).toEqual([['ensureVolumes'], [], 0, 100]);
    expect(states(volumes())).toEqual(['released']);
    expect(states(tasks())).toEqual(['ready']);
    expectAtRest();
  });

  it('goes on while the provider is frozen, as it does for few', async () => {
    const ids = await made();
    world.put(aProvider({ operations: 'frozen' }));
    await release(ids);
    await world.carryOut();
    expect([live(), states(volumes())]).toEqual([[], ['released']]);
  });

  it('leaves every volume ready when it is cancelled before it begins', async () => {
    const { task } = (await release(await made())) as { task: { id: string }[] };
    await cancelOperation(world.ports, asked(), { reader: 'system', taskId: task[0]?.id ?? '' });
    await world.settle();
    expect([live().length, ...states(live())]).toEqual([several, 'ready']);
    expectAtRest();
  });

  it.each(deaths(1 + chunkCount))('leaves every volume ready when its request dies $when transaction $at', async (death) => {
    const ids = await made();
    await expect(release(ids, world.request(death))).rejects.toThrow();
    await world.settle();
    const isAccepted = death.at === 1 + chunkCount && death.when === 'after';
    expect(live()).toHaveLength(isAccepted ? 0 : several);
    if (!isAccepted) expect(states(live())).toEqual(['ready']);
    expectAtRest();
    if (!isAccepted) await release(ids);
    await world.settle();
    expect([live(), world.changes]).toEqual([[], ['ensureVolumes']]);
    expectAtRest();
  });

  /** That it is decided, the chunks, the end. */
  it.each(deaths(1 + chunkCount + 1))('ends for all of them when its workflow dies $when transaction $at', async (death) => {
    const ids = await made();
    await release(ids);
    await world.carryOut(death);
    const isDecided = world.rows.all('Tasks').some((row) => row['workflow'] === 'volume-delete' && row['state'] !== 'accepted');
    await world.settle();
    expect(live()).toHaveLength(isDecided ? 0 : several);
    expect([world.changes, world.array.size]).toEqual([['ensureVolumes'], several]);
    expectAtRest();
  });
});
