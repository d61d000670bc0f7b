import { beforeEach, describe, expect, it } from 'vitest';
import type { Write } from '../../../../core/change.ts';
import { taskIdOf } from '../../../../core/urn.ts';
import { createVolumes, type VolumeOrder } from '../../../../core/volume/create.ts';
import { volumeCreateSteps } from '../../../../statemachines/volume-create/steps.ts';
import { anOrder } from '../../../support/block-volumes.ts';
import {
  aPool,
  aProject,
  aProvider,
  asked,
  aVpool,
  aWorld,
  endStarted,
  gib,
  otherTenantId,
  poolIdOf,
  startedOperation,
  stranger,
  systemId,
  varrayId,
  vpoolId,
  type World,
} from '../../../support/block-world.ts';
import { rowBytes } from '../../../support/row-bytes.ts';

let world: World;
beforeEach(() => {
  world = aWorld();
});

const order = (patch: Partial<VolumeOrder> = {}): VolumeOrder => anOrder({ size: '5GB', ...patch });

const create = (patch: Partial<VolumeOrder> = {}, request = asked()) => createVolumes(world.ports, request, order(patch));
const volumes = () => world.rows.all('Inventory').filter((row) => row.pk.startsWith('urn:storageos:Volume:') && row.sk === 'RESOURCE');

describe('ordering volumes', () => {
  it('stores the volume, its list entry, its history, its task and the taken capacity before anything is done', async () => {
    const answer = await create();
    const [volume] = volumes();
    expect(answer).toMatchObject({ task: [{ state: 'pending', name: 'CREATE VOLUME', resource: { id: volume?.pk, name: 'data' } }] });
    expect(volume).toMatchObject({
      state: 'creating',
      requestedBytes: 5 * gib,
      provisionedBytes: 8 * gib,
      poolId: poolIdOf(1),
      nativeName: expect.stringMatching(/^pabc123-[0-9A-Za-z]{22}$/),
    });
    expect(world.row(poolIdOf(1))).toMatchObject({ managedBytes: 8 * gib, managedThickBytes: 0 });
    expect(world.rows.transactions).toHaveLength(1);
    const execution = world.started[0]?.execution ?? '';
    expect(world.started).toEqual([{ workflow: 'volume-create', execution, input: { operationId: execution } }]);
    expect(volume?.['activeTaskId']).toBe(taskIdOf(execution, volume?.pk ?? ''));
  });

  it('writes 6 rows of at most 1 KB for one volume, its plan among them, and keeps why it lies where it does', async () => {
    await create();
    const rows = (world.rows.transactions[0] ?? []).flatMap((write) => (write.do === 'put' ? [write.row] : []));
    expect(world.rows.transactions[0]).toHaveLength(6);
    expect(rows.filter((row) => rowBytes(row) > 1024)).toEqual([]);
    expect(rows.find(({ sk }) => sk === 'TASK')?.['why']).toMatch(/^pool-1: /);
  });

  it('numbers the names of several volumes, gives each its task, and takes the capacity of all', async () => {
    const answer = await create({ count: 3 });
    expect(volumes().map((row) => row['name'])).toEqual(['data-1', 'data-2', 'data-3']);
    expect(answer['task']).toHaveLength(3);
    expect(world.row(poolIdOf(1))?.['managedBytes']).toBe(24 * gib);
  });

  it('takes thick capacity for thick volumes', async () => {
    world.put(aVpool({ provisioningType: 'thick' }));
    await create();
    expect(world.row(poolIdOf(1))).toMatchObject({ managedBytes: 8 * gib, managedThickBytes: 8 * gib });
  });

  it('spreads over pools and names in the plan where each volume goes', async () => {
    world.put(aVpool({ allowsUnzeroedPools: true }), aPool({ n: 1, maxResources: 1 }));
    world.put(aPool({ n: 2, freeBytes: 900 * gib, maxResources: 1 }));
    await create({ count: 2 });
    const { plan } = startedOperation(world, volumeCreateSteps);
    expect(plan.pools.map(({ nativeId }) => nativeId)).toEqual(['sp-1', 'sp-2']);
    expect(plan.volumes.map(({ pool }) => pool)).toEqual([0, 1]);
  });

  it('shows in a dry run where the volumes would go, why, what would be called and what it costs, and stores nothing', async () => {
    const before = world.rows.dump();
    const answer = await create({ count: 2 }, asked({ dryRun: true }));
    expect(answer).toMatchObject({
      dry_run: true,
      plan: {
        volumes: [
          { name: 'data-1', requested_capacity_gb: '5.00', provisioned_capacity_gb: '8.00', storage_pool: { name: 'pool-1' } },
          { name: 'data-2' },
        ],
        chosen: [{ volumes: 2, why: expect.stringContaining('the only one that takes all') }],
        refused: [{ storage_pool: { name: 'pool-2' }, reasons: [expect.stringContaining('allow_unzeroed_pools')] }],
        calls: [{ verb: 'ensureVolumes', undo: 'ensureVolumesAbsent', items: 2 }],
        cost: { state_machine_transitions: 2, lambda_runs: 3 },
      },
    });
    expect(world.rows.dump()).toBe(before);
    expect(world.started).toEqual([]);
  });

  it('plans again when a pool was taken meanwhile, and succeeds', async () => {
    world.rows.transact = moved(1);
    await create();
    expect(volumes()).toHaveLength(1);
  });

  it('gives up after three plans, and asks to try again', async () => {
    world.rows.transact = moved(3);
    await expect(create()).rejects.toMatchObject({ code: 'resource.changed' });
    expect(volumes()).toHaveLength(0);
  });

  /** Each of the first transactions finds that another order took some of the pool after it was read. */
  const moved = (times: number) => {
    let left = times;
    const { rows } = world;
    const transact = (writes: readonly Write[]) => Object.getPrototypeOf(rows).transact.call(rows, writes);
    return async (writes: readonly Write[]): Promise<void> => {
      if (left > 0) {
        left -= 1;
        const pool = rows.all('Inventory').find((row) => row.pk === poolIdOf(1) && row.sk === 'RESOURCE');
        if (pool) rows.seed('Inventory', [{ ...pool, observation: Number(pool['observation']) + 1 }]);
      }
      await transact(writes);
    };
  };

  it('never promises more than the pool may, however many order at once', async () => {
    world.put(aPool({ maxSubscriptionPercent: 4 }));
    const orders = Array.from({ length: 8 }, (_, n) => create({ name: `v${n}`, size: '8GB' }).catch((error) => error.code));
    const answers = await Promise.all(orders);
    expect(world.row(poolIdOf(1))?.['managedBytes']).toBeLessThanOrEqual(40 * gib);
    expect(answers.filter((answer) => typeof answer === 'object')).toHaveLength(volumes().length);
    expect(volumes().length * 8 * gib).toBe(world.row(poolIdOf(1))?.['managedBytes']);
  });

  it.each([
    ['max_resources', { maxResources: 7 }],
    ['the array', { maxVolumes: 7 }],
  ])('never has more volumes in a pool than %s allows, however many order at once between two discoveries', async (by, limit) => {
    world.put(aPool({ n: 1, volumeCount: 2, ...limit }), aPool({ n: 2, state: 'offline' }));
    const failures: string[] = [];
    const place = (n: number) => create({ name: `v${n}`, size: '8GB' }).catch((error) => failures.push(error.message));
    for (let round = 0; round < 3; round += 1) await Promise.all([1, 2, 3].map((n) => place(10 * round + n)));
    expect(volumes()).toHaveLength(5);
    expect(world.row(poolIdOf(1))).toMatchObject({ managedCount: 5, foreignCount: 2, volumeCount: 2 });
    expect(failures).toHaveLength(4);
    for (const message of failures) expect(message).toContain(`it has 7 of 7 volumes that ${by} allows`);
  });

  it('gives the room of what was not made to another order', async () => {
    world.put(aPool({ n: 1, maxResources: 1 }), aPool({ n: 2, state: 'offline' }));
    await create({ name: 'first', size: '8GB' });
    await expect(create({ name: 'second', size: '8GB' })).rejects.toMatchObject({ code: 'placement.none' });
    await endStarted(world, volumeCreateSteps, { how: 'rollBack' });
    await expect(create({ name: 'second', size: '8GB' })).resolves.toMatchObject({ task: [{ state: 'pending' }] });
  });
});

describe('an order that cannot be', () => {
  const refused = async (patch: Partial<VolumeOrder>, [code, text]: [string, string | RegExp], request = asked()) => {
    const before = world.rows.dump();
    await expect(create(patch, request)).rejects.toMatchObject({ code, message: expect.stringMatching(text) });
    expect(world.rows.dump()).toBe(before);
  };

  it.each<[string, Partial<VolumeOrder>, [string, RegExp]]>([
    ['more volumes than one request may order', { count: 101 }, ['request.limit', /^count: 101 is more than the 100/]],
    ['a name that its number makes too long', { name: 'x'.repeat(127), count: 2 }, ['request.parameterInvalid', /^name: /]],
    ['a size that is none', { size: '8KB' }, ['request.parameterInvalid', /^size: "8KB"/]],
    ['an id of another type', { project: varrayId }, ['request.parameterInvalid', /^project: /]],
    [
      'a virtual pool that is not there',
      { vpool: vpoolId.replace('5:', 'f:') },
      ['resource.referenceNotFound', /^vpool: there is no VirtualPool/],
    ],
    ['more than any pool takes', { size: '1000TB' }, ['placement.none', /its volumes have at most 1024\.00 GiB/]],
  ])('names %s', async (_, patch, expected) => {
    await refused(patch, expected);
  });

  it('names a virtual array that the virtual pool does not serve', async () => {
    world.put(aVpool({ varrayIds: [] }));
    await refused({}, ['request.parameterInvalid', 'vpool: the virtual pool gold does not serve the virtual array nh']);
  });

  it('finds nothing of another tenant', async () => {
    await refused({}, ['resource.referenceNotFound', /^project: there is no Project/], asked({ principal: stranger }));
    world.put(aProject({ tenantId: otherTenantId }));
    await refused({}, ['resource.referenceNotFound', /^project: /]);
  });

  it('refuses a second volume of the same name in the project', async () => {
    await create();
    await refused({}, ['resource.nameTaken', 'the name "data" is taken']);
  });

  it('is refused while the provider is frozen', async () => {
    world.put(aProvider({ operations: 'frozen' }));
    await refused({}, ['placement.none', 'its storage provider gateway-1 is set to frozen']);
  });

  it('is refused before anybody has logged in, without a driver, and when the storage system is gone', async () => {
    world.put(aProvider({ driverType: 'unknown' }));
    await refused({}, ['internal.unexpected', 'this release has no driver unknown']);
    world.put(aProvider(), aPool({ systemId: systemId.replace('7', '9') }));
    await refused({}, ['resource.changed', 'the storage system of the pool pool-1 is gone']);
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: { pk: 'INSTALLATION', sk: 'INSTALLATION' } }]);
    await refused({}, ['service.busy', 'nobody has logged in']);
  });
});
