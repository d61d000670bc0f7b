import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../../core/change.ts';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { idempotencyKey } from '../../../../core/request.ts';
import { ControlError } from '../../../../functions/control/control-error.ts';
import { requireOffered } from '../../../../functions/control/require-offered.ts';
import { routes } from '../../../../functions/http/api/routes.ts';
import type { Route } from '../../../../functions/http/route.ts';
import { asked, aWorld, poolIdOf, projectId, tenantId, varrayId, vpoolId, type World } from '../../../support/block-world.ts';
import { callRoute, findRoute, type RouteCall } from '../../../support/call-route.ts';

const principal = { user: 'root', tenantId, systemRoles: ['SYSTEM_ADMIN'], tenantRoles: ['TENANT_ADMIN'] } as const;

type Ask = readonly [Route['method'], string, RouteCall];

const volume = { name: 'data', size: '8GB', project: projectId, varray: varrayId, vpool: vpoolId };
const orderVolume: Ask = ['POST', '/block/volumes', { body: volume }];
const orderGroup: Ask = ['POST', '/block/exports', { body: { name: 'web', project: projectId, varray: varrayId, type: 'Host' } }];

const unassign = (n: number): Ask => [
  'PUT',
  '/vdc/storage-pools/{id}',
  { params: { id: poolIdOf(n) }, body: { varray_assignment_changes: { remove: { varrays: [varrayId] } } } },
];
const takeVarray: Ask = [
  'PUT',
  '/block/vpools/{id}',
  { params: { id: vpoolId }, body: { varray_changes: { remove: { varrays: [varrayId] } } } },
];
const remove = (path: string, id: string): Ask => ['POST', `${path}/{id}/deactivate`, { params: { id } }];
const removeVarray = remove('/vdc/varrays', varrayId);
const removeVpool = remove('/block/vpools', vpoolId);
const removeProject = remove('/projects', projectId);

const ask = (world: World, [method, path, call]: Ask): Promise<unknown> =>
  callRoute(findRoute(routes, method, path), world.ports, { ...call, request: { principal, ...call.request } });

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof ControlPlaneError) return error.code;
    if (error instanceof ControlError) return error.code ?? error.name;
    throw error;
  }
};

/** One after the other, up to the first refusal. */
const takeAway = async (world: World, asks: readonly Ask[]): Promise<void> => {
  for (const each of asks) await ask(world, each);
};

/** An order with the first step of its workflow. */
const carryOut = async (world: World, order: Ask): Promise<void> => {
  await ask(world, order);
  await requireOffered(world.ports.rows, orderedOf(world)?.pk);
};

/** Every read and write of the store waits for its turn. */
const aSlowWorld = (scheduler: fc.Scheduler): World => {
  const world = aWorld();
  const { rows } = world;
  const turn = () => scheduler.schedule(Promise.resolve());
  const slow: World['ports']['rows'] = {
    get: (table, key) => turn().then(() => rows.get(table, key)),
    getMany: (table, keys) => turn().then(() => rows.getMany(table, keys)),
    query: (page) => turn().then(() => rows.query(page)),
    transact: (writes) => turn().then(() => rows.transact(writes)),
  };
  return { ...world, ports: { ...world.ports, rows: slow } };
};

const orderedOf = ({ rows }: World): Row | undefined =>
  rows.all('Inventory').find(({ pk, sk }) => sk === 'RESOURCE' && /:(Volume|ExportGroup):/.test(pk));

const lists = (row: Row | undefined, attribute: string): boolean => JSON.stringify(row?.[attribute]).includes(varrayId);

/** Whether everything is still there that the order needs. */
const isOffered = (world: World): boolean =>
  [projectId, varrayId, vpoolId].every((id) => world.row(id)?.['inactive'] === false) &&
  lists(world.row(vpoolId), 'varrayIds') &&
  lists(world.row(poolIdOf(1)), 'assignedVarrayIds');

describe('what is taken away while something is ordered', () => {
  it.each([
    { name: 'a virtual pool', order: orderVolume, asks: [removeVpool] },
    { name: 'a project', order: orderVolume, asks: [removeProject] },
    { name: 'a project, from an export group', order: orderGroup, asks: [removeProject] },
    { name: 'the virtual array of a virtual pool', order: orderVolume, asks: [takeVarray] },
    { name: 'the virtual array of a storage pool', order: orderVolume, asks: [unassign(1)] },
    { name: 'a virtual array', order: orderVolume, asks: [unassign(1), unassign(2), takeVarray, removeVarray] },
  ])('$name is either kept for the order or refuses it, however the two meet', async ({ order, asks }) => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = aSlowWorld(scheduler);
        const both = Promise.all([codeOf(carryOut(world, order)), codeOf(takeAway(world, asks))]);
        const [ordered, taken] = await scheduler.waitFor(both);
        seen.add(`${ordered === 'done' ? 'carried out' : 'refused'}, ${taken}`);
        if (ordered === 'done') expect({ taken, isOffered: isOffered(world) }).toEqual({ taken: 'resource.inUse', isOffered: true });
        expect(['done', 'placement.none', 'resource.referenceInactive', 'resource.changed', 'request.parameterInvalid']).toContain(ordered);
      }),
      { numRuns: 300 },
    );
    expect([...seen]).toEqual(expect.arrayContaining(['carried out, resource.inUse', 'refused, done']));
  });
});

/** Orders a volume just after the first look, by a store that does so before the removal is written. */
const orderedMeanwhile = (): World => {
  const world = aWorld();
  let isMeanwhile = true;
  const { rows } = world;
  const transact: World['ports']['rows']['transact'] = async (writes) => {
    if (isMeanwhile) {
      isMeanwhile = false;
      await ask(world, orderVolume);
    }
    await rows.transact(writes);
  };
  return { ...world, ports: { ...world.ports, rows: { ...bound(rows), transact } } };
};

const bound = (rows: World['rows']): World['ports']['rows'] => ({
  get: (table, key) => rows.get(table, key),
  getMany: (table, keys) => rows.getMany(table, keys),
  query: (page) => rows.query(page),
  transact: (writes) => rows.transact(writes),
});

describe('a removal that an order was faster than', () => {
  const key = idempotencyKey({ user: 'root', tenantId, key: 'k', request: 'r' });
  const [method, path, call] = removeVpool;

  it('is refused, and leaves all as it was: the lists, the rest of the row, and the idempotency key', async () => {
    const world = orderedMeanwhile();
    const before = world.row(vpoolId);
    const refused = ask(world, [method, path, { ...call, request: { idempotency: key } }]);
    await expect(refused).rejects.toMatchObject({ code: 'resource.inUse', message: expect.stringContaining('data') });
    expect(world.row(vpoolId)).toEqual({ ...before, version: 3 });
    expect(world.rows.all('Inventory').filter(({ id, pk }) => id === vpoolId && pk.startsWith('LIST#'))).toHaveLength(1);
    expect(world.rows.all('Coordination')).toEqual([]);
  });

  it('is logged when it cannot be given back, and the user is named all the same', async () => {
    const world = orderedMeanwhile();
    const errors: unknown[] = [];
    let writes = 0;
    const transact: World['ports']['rows']['transact'] = async (given) => {
      writes += 1;
      if (writes === 2) throw new Error('no answer');
      await world.ports.rows.transact(given);
    };
    const log = { ...world.ports.log, error: (_: string, facts?: unknown) => void errors.push(facts) };
    const failing = { ...world, ports: { ...world.ports, log, rows: { ...bound(world.rows), transact } } };
    await expect(ask(failing, removeVpool)).rejects.toMatchObject({ code: 'resource.inUse' });
    expect(errors).toMatchObject([{ id: vpoolId, error: { message: 'no answer' } }]);
  });

  it('is told in the history, with its end', async () => {
    const world = orderedMeanwhile();
    await expect(ask(world, removeVpool)).rejects.toThrow('in use');
    const kinds = world.rows.all('History').flatMap((row) => (row.pk === vpoolId ? [row['kind']] : []));
    expect(kinds).toEqual(['removed', 'changed']);
  });
});

it('a virtual pool is not made for a virtual array that is removed at the same time', async () => {
  const world = aWorld();
  const { rows } = world;
  const transact: World['ports']['rows']['transact'] = async (writes) => {
    const row = world.row(varrayId);
    if (row) rows.seed('Inventory', [{ ...row, inactive: true }]);
    await rows.transact(writes);
  };
  const body = { name: 'silver', protocols: ['ScaleIO'], varrays: [varrayId], provisioning_type: 'Thin' };
  const slow = { ...world, ports: { ...world.ports, rows: { ...bound(rows), transact } } };
  await expect(ask(slow, ['POST', '/block/vpools', { body }])).rejects.toMatchObject({
    code: 'resource.referenceInactive',
    message: expect.stringContaining('varrays'),
  });
});

it('what nobody uses is removed by one request, which a dry run only tells of', async () => {
  const world = aWorld();
  expect(await ask(world, [removeVpool[0], removeVpool[1], { ...removeVpool[2], request: asked({ principal, dryRun: true }) }])).toEqual({
    dry_run: true,
    plan: { remove: vpoolId },
  });
  expect(world.row(vpoolId)).toMatchObject({ inactive: false });
  expect(await ask(world, removeVpool)).toEqual({});
  expect(world.row(vpoolId)).toMatchObject({ inactive: true });
});

it('what changes nothing is looked at once and written not at all', async () => {
  const world = aWorld();
  expect(await ask(world, ['PUT', '/block/vpools/{id}', { params: { id: vpoolId }, body: { name: 'gold' } }])).toMatchObject({
    name: 'gold',
  });
  expect(world.rows.transactions).toEqual([]);
});
