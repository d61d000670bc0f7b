import { beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../../../../core/change.ts';
import { createExport } from '../../../../core/export/create.ts';
import { deleteExport } from '../../../../core/export/update.ts';
import { createVolumes } from '../../../../core/volume/create.ts';
import { exportOrder } from '../../../support/block-exports.ts';
import { anOrder, listed } from '../../../support/block-volumes.ts';
import { anInitiator, asked, initiatorIdOf, projectId } from '../../../support/block-world.ts';
import { deaths } from '../../../support/mortal-rows.ts';
import { anOrderWorld, type OrderWorld } from '../../../support/order-world.ts';

let world: OrderWorld;
let volumes: string[];

/** Three chunks: 12, 12 and 2. */
const several = 26;
const chunkCount = 3;

const order = (count: number, name = 'data') => createVolumes(world.ports, asked(), anOrder({ name, count }));

const prepare = async (count: number): Promise<void> => {
  await order(count);
  await world.settle();
  volumes = listed(world, `LIST#${projectId}#Volume`);
};

beforeEach(async () => {
  world = anOrderWorld();
  await prepare(several);
});

const create = (ports = world.ports) => createExport(ports, asked(), exportOrder({ volumes: volumes.map((id) => ({ id })) }));
const remove = (id: string, ports = world.ports) => deleteExport(ports, asked(), id);
const groupIds = () => listed(world, `LIST#${projectId}#ExportGroup`);
const pairs = (): Row[] => world.rows.all('Inventory').filter(({ sk }) => sk.startsWith('EXPORT#'));
const mappings = (): number => [...world.array.values()].reduce((sum, { mappedTo }) => sum + mappedTo.size, 0);
const listEntries = (): number => world.rows.all('Inventory').filter(({ pk }) => pk.endsWith('#ExportGroup')).length;

/** Of its project, its host, its initiator and each of its volumes. */
const entriesOf = (count: number): number => (count === 0 ? 0 : 3 + count);

const expectExported = (count: number): void => {
  expect(world.openOperations()).toBe(0);
  expect(world.rows.all('Inventory').filter((row) => row['activeTaskId'] !== undefined)).toEqual([]);
  expect([groupIds().length, pairs().length, mappings(), listEntries()]).toEqual([Math.min(count, 1), count, count, entriesOf(count)]);
};

describe('an export of many volumes', () => {
  it('of a hundred is stored in chunks, carried out by one call, ends in chunks, and is deleted in one request', async () => {
    world = anOrderWorld();
    await prepare(100);
    await create();
    expect(Math.max(...world.rows.transactions.slice(-10).map((writes) => writes.length))).toBeLessThanOrEqual(12 * 4 + 1);
    await world.settle();
    expectExported(100);
    expect(world.changes).toEqual(['ensureVolumes', 'ensureExports']);
    await remove(groupIds()[0] ?? '');
    await world.settle();
    expectExported(0);
  });

  it.each(deaths(1 + chunkCount))('whose request dies $when transaction $at never runs, and leaves nothing', async (death) => {
    await expect(create(world.request(death))).rejects.toThrow();
    const isAccepted = death.at === 1 + chunkCount && death.when === 'after';
    await world.settle();
    expectExported(isAccepted ? several : 0);
    if (isAccepted) return;
    expect(world.changes).toEqual(['ensureVolumes']);
    await create();
    await world.settle();
    expectExported(several);
  });

  /** Two slots, what was read, that it is decided, the chunks, the end. */
  it.each(deaths(4 + 1 + 1 + chunkCount + 1))('whose workflow dies $when transaction $at ends as a whole', async (death) => {
    await create();
    await world.carryOut(death);
    await world.settle();
    expectExported(groupIds().length === 1 ? several : 0);
  });
});

describe('the end of an export of many volumes', () => {
  it.each(deaths(1 + chunkCount))('leaves all exported when its request dies $when transaction $at', async (death) => {
    await create();
    await world.settle();
    const [id = ''] = groupIds();
    await expect(remove(id, world.request(death))).rejects.toThrow();
    await world.settle();
    const isAccepted = death.at === 1 + chunkCount && death.when === 'after';
    expectExported(isAccepted ? 0 : several);
    if (!isAccepted) await remove(id);
    await world.settle();
    expectExported(0);
  });

  it.each(deaths(2 + 1 + chunkCount + 1))('is what the array says when its workflow dies $when transaction $at', async (death) => {
    await create();
    await world.settle();
    const [id = ''] = groupIds();
    await remove(id);
    await world.carryOut(death);
    await world.settle();
    expectExported(groupIds().length === 1 ? several : 0);
    if (groupIds().length === 1) await remove(id);
    await world.settle();
    expectExported(0);
  });
});

describe('an export that is too large', () => {
  const refused = async (count: number, text: string): Promise<void> => {
    const before = world.rows.dump();
    const some = volumes.slice(0, count).map((id) => ({ id }));
    await expect(createExport(world.ports, asked(), exportOrder({ volumes: some }))).rejects.toMatchObject({
      code: 'request.limit',
      message: expect.stringContaining(text),
    });
    expect(world.rows.dump()).toBe(before);
  };

  const initiators = (count: number): void =>
    world.put(...Array.from({ length: count }, (_, n) => anInitiator(1, { id: initiatorIdOf(20 + n), name: `i-${n}`, port: `i-${n}` })));

  it('is refused with what is too much, and what would be right', async () => {
    initiators(15);
    await refused(26, 'the request touches 416 mappings, and one request may touch 400');
    initiators(80);
    await refused(2, 'the request touches 81 mappings of one volume, and one request may touch 80');
    await refused(0, 'the request touches 82 hosts and initiators, and one request may touch 80');
  });

  it('is refused for more than a hundred volumes', async () => {
    await order(75, 'more');
    await world.settle();
    volumes = listed(world, `LIST#${projectId}#Volume`);
    await refused(101, 'the request touches 101 volumes, and one request may touch 100');
  });
});
