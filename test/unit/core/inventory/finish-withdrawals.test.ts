import { beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../../../../core/change.ts';
import { finishWithdrawals } from '../../../../core/inventory/finish-withdrawals.ts';
import { listStubs } from '../../../../core/inventory/read.ts';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import { userOf } from '../../../../core/inventory/users.ts';
import { idempotencyKey } from '../../../../core/request.ts';
import { routes } from '../../../../functions/http/api/routes.ts';
import type { Route } from '../../../../functions/http/route.ts';
import { aVpool, aWorld, poolIdOf, projectId, startedAt, tenantId, varrayId, vpoolId, type World } from '../../../support/block-world.ts';
import { callRoute, findRoute, type RouteCall } from '../../../support/call-route.ts';
import { deaths, mortalRows } from '../../../support/mortal-rows.ts';

const principal = { user: 'root', tenantId, systemRoles: ['SYSTEM_ADMIN'], tenantRoles: ['TENANT_ADMIN'] } as const;

type Ask = readonly [Route['method'], string, RouteCall];

const volume = { name: 'data', size: '8GB', project: projectId, varray: varrayId, vpool: vpoolId };
const orderVolume: Ask = ['POST', '/block/volumes', { body: volume }];
const remove = (path: string, id: string): Ask => ['POST', `${path}/{id}/deactivate`, { params: { id } }];
const removeVpool = remove('/block/vpools', vpoolId);

let world: World;
let errors: unknown[];
beforeEach(() => {
  world = aWorld();
  errors = [];
});

const key = idempotencyKey({ user: 'root', tenantId, key: 'k', request: 'r' });

const ask = (ports: World['ports'], [method, path, call]: Ask): Promise<unknown> =>
  callRoute(findRoute(routes, method, path), ports, { ...call, request: { principal, ...call.request } });

const tick = (seconds: number, rows = world.ports.rows): Promise<void> => {
  const now = Date.parse(startedAt) + seconds * 1000;
  const log = { ...world.ports.log, error: (_: string, facts?: unknown) => void errors.push(facts) };
  return finishWithdrawals({ ...world.ports, rows, log, clock: { now: () => now } });
};

const marks = (): Row[] => world.rows.all('Inventory').filter(({ pk }) => pk === 'WITHDRAWAL');
const withoutVersion = (id: string) => ({ ...world.row(id), version: 0 });

/** What a request did that dies at a transaction; a volume was ordered between its first look and its change, or not. */
const cutShort = async ([method, path, call]: Ask, { death, isOrdered }: { death: (typeof each)[number]; isOrdered: boolean }) => {
  const rows = mortalRows(world.rows, death);
  let isMeanwhile = isOrdered;
  const transact: World['ports']['rows']['transact'] = async (writes) => {
    if (isMeanwhile) await ask(world.ports, orderVolume);
    isMeanwhile = false;
    await rows.transact(writes);
  };
  const dying = { ...world.ports, rows: { ...rows, transact } };
  return ask(dying, [method, path, { ...call, request: { idempotency: key } }]).catch((error: unknown) => error);
};

/** The change, and its end. */
const each = deaths(2);

const takings = [
  { name: 'a virtual pool', id: vpoolId, taking: removeVpool },
  { name: 'a project', id: projectId, taking: remove('/projects', projectId) },
  {
    name: 'the virtual array of a virtual pool',
    id: vpoolId,
    taking: [
      'PUT',
      '/block/vpools/{id}',
      { params: { id: vpoolId }, body: { varray_changes: { remove: { varrays: [varrayId] } } } },
    ] as Ask,
  },
  {
    name: 'the virtual array of a storage pool',
    id: poolIdOf(1),
    taking: [
      'PUT',
      '/vdc/storage-pools/{id}',
      { params: { id: poolIdOf(1) }, body: { varray_assignment_changes: { remove: { varrays: [varrayId] } } } },
    ] as Ask,
  },
];
const cut = takings.flatMap((taken) => each.map((death) => ({ ...taken, death, when: death.when, at: death.at })));

describe('a request that takes something away and dies', () => {
  it.each(cut)('$when transaction $at has left $name to a volume that was ordered meanwhile', async ({ taking, id, death }) => {
    await ask(world.ports, ['GET', '/block/vpools/{id}', { params: { id: vpoolId } }]);
    const before = withoutVersion(id);
    await cutShort(taking, { death, isOrdered: true });
    const counters = id === poolIdOf(1) ? { managedBytes: expect.anything(), managedCount: 1 } : {};
    await tick(61);
    expect(withoutVersion(id)).toEqual({ ...before, ...counters });
    expect([marks(), world.rows.all('Coordination'), errors]).toEqual([[], [], []]);
    const { stubs } = await listStubs(world.rows, { type: 'VirtualPool', scope: 'all' });
    expect(stubs.map((stub) => stub.id)).toEqual([vpoolId]);
    const isFound =
      stubs.length === 1 && (await ask(world.ports, [...orderVolume.slice(0, 2), { body: { ...volume, name: 'next' } }] as never));
    expect(isFound).toMatchObject({ task: [{ state: 'pending' }] });
  });

  it.each(cut)('$when transaction $at has taken $name, or not, when nobody uses it', async ({ taking, id, death }) => {
    const before = withoutVersion(id);
    await cutShort(taking, { death, isOrdered: false });
    const isTaken = death.at > 1 || death.when === 'after';
    const taken = withoutVersion(id);
    await tick(59);
    if (death.at === 1 && isTaken) expect(marks()).toHaveLength(1);
    await tick(61);
    expect(JSON.stringify(before) !== JSON.stringify(taken)).toBe(isTaken);
    expect(withoutVersion(id)).toEqual(taken);
    expect([marks(), errors]).toEqual([[], []]);
    const answers = world.rows.all('Coordination').map((row) => row['answer'] !== undefined);
    expect(answers).toEqual(isTaken ? [true] : []);
  });

  it('answers the same request only when its end is sure', async () => {
    await cutShort(removeVpool, { death: { at: 1, when: 'after' }, isOrdered: false });
    expect(world.rows.all('Coordination')).toMatchObject([{ pk: key.pk }]);
    expect(world.rows.all('Coordination')[0]?.['answer']).toBeUndefined();
    await tick(61);
    expect(world.rows.all('Coordination')).toMatchObject([{ pk: key.pk, answer: {} }]);
  });
});

describe('what the tick ends', () => {
  const left = (isOrdered: boolean) => cutShort(removeVpool, { death: { at: 1, when: 'after' }, isOrdered });

  it('is given back under another name when the name was taken meanwhile', async () => {
    await left(true);
    world.put(aVpool({ id: vpoolId.replace('5:', '9:'), name: 'gold' }));
    await tick(61);
    expect(world.row(vpoolId)).toMatchObject({ inactive: false, name: expect.stringMatching(/^gold \w+$/) });
    expect(marks()).toEqual([]);
  });

  it('is given back, though the key of the request was forgotten since', async () => {
    await left(true);
    await world.rows.transact([{ do: 'delete', table: 'Coordination', key: { pk: key.pk, sk: 'IDEMPOTENCY' } }]);
    await tick(61);
    expect(world.row(vpoolId)).toMatchObject({ inactive: false });
    expect(marks()).toEqual([]);
  });

  it('was forgotten since', async () => {
    await left(true);
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: resourceKey(vpoolId) }]);
    await tick(61);
    expect([marks(), errors]).toEqual([[], []]);
  });

  it('waits for the next tick when the store fails, and nothing else waits for it', async () => {
    await left(true);
    const [mark] = marks();
    if (mark) world.rows.seed('Inventory', [{ ...mark, sk: 'second', id: aVpool({ id: vpoolId.replace('5:', '9:') }).id }]);
    let writes = 0;
    const transact: World['ports']['rows']['transact'] = async (given) => {
      writes += 1;
      if (writes === 1) throw new Error('no answer');
      await world.rows.transact(given);
    };
    const one: World['ports']['rows'] = {
      get: (table, rowKey) => world.rows.get(table, rowKey),
      getMany: (table, keys) => world.rows.getMany(table, keys),
      query: (page) => world.rows.query({ ...page, ...(page.pk === 'WITHDRAWAL' ? { limit: 1 } : {}) }),
      transact,
    };
    await tick(61, one);
    expect([errors, marks().length]).toMatchObject([[{ error: { message: 'no answer' } }], 1]);
    await tick(62);
    expect([marks(), world.row(vpoolId)?.['inactive']]).toEqual([[], false]);
  });
});

it('a virtual array is used by its storage pools, then by virtual pools, then by volumes', async () => {
  const varray = { resource: { id: varrayId, name: 'nh' }, taken: 'itself' } as const;
  await ask(world.ports, orderVolume);
  expect(await userOf(world.rows, varray)).toContain('the virtual array nh is in use: the storage pool pool-1');
  const rows = (pk: string) => world.rows.all('Inventory').filter((row) => row.pk === pk);
  for (const { pk, sk } of rows(`LIST#${varrayId}#StoragePool`))
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: { pk, sk } }]);
  expect(await userOf(world.rows, varray)).toContain('the virtual pool gold');
  world.put(aVpool({ varrayIds: [] }));
  expect(await userOf(world.rows, varray)).toMatch(/the volume data \(.*\) is in it$/);
  for (const { pk, sk } of rows(`LIST#${projectId}#Volume`))
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: { pk, sk } }]);
  expect(await userOf(world.rows, varray)).toBeUndefined();
});

it('only what may be taken away has users', async () => {
  await expect(userOf(world.rows, { resource: { id: poolIdOf(1), name: 'pool-1' }, taken: 'itself' })).rejects.toThrow('never taken away');
  await expect(userOf(world.rows, { resource: { id: vpoolId, name: 'gold' }, taken: [] })).resolves.toBeUndefined();
});
