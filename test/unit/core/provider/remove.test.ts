import { beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../../../../core/change.ts';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import { claimArray } from '../../../../core/provider/array-claim.ts';
import { finishRemovals } from '../../../../core/provider/finish-removals.ts';
import { beginWrites } from '../../../../core/provider/removing.ts';
import { createVolumes } from '../../../../core/volume/create.ts';
import { registerPoolRoutes } from '../../../../functions/http/api/physical/register-pool.ts';
import { route } from '../../../../functions/http/providers/deactivate-provider.ts';
import { anAuthor } from '../../../support/author.ts';
import { anOrder } from '../../../support/block-volumes.ts';
import {
  aPool,
  aProvider,
  asked,
  aWorld,
  gib,
  poolIdOf,
  providerId,
  startedAt,
  systemId,
  tenantId,
  vpoolId,
  type World,
} from '../../../support/block-world.ts';
import { callRoute, findRoute } from '../../../support/call-route.ts';
import { deaths, mortalRows } from '../../../support/mortal-rows.ts';

const principal = { user: 'root', tenantId, systemRoles: ['SYSTEM_ADMIN'], tenantRoles: [] } as const;

let world: World;
let secrets: Set<string>;
let told: string[];
beforeEach(async () => {
  world = aWorld();
  secrets = new Set([aProvider().secretName]);
  told = [];
  await world.rows.transact([claimArray(aProvider())]);
});

type Rows = World['ports']['rows'];

const remove = (rows: Rows = world.rows, dryRun = false): Promise<unknown> => {
  const ports = {
    ...{ ...world.ports, rows },
    secrets: { write: async () => undefined, remove: async (name: string) => void secrets.delete(name) },
  };
  return callRoute(route, ports as never, { params: { id: providerId }, request: { principal, dryRun } });
};

const tick = (seconds: number, rows: Rows = world.rows): Promise<void> => {
  const tell = (message: string) => void told.push(message);
  const log = { info: tell, warn: tell, error: tell };
  return finishRemovals({ ...world.ports, rows, log, clock: { now: () => Date.parse(startedAt) + seconds * 1000 } });
};

const order = () => createVolumes(world.ports, asked(), anOrder({ size: '8GB' }));
const marks = (): Row[] => world.rows.all('Inventory').filter(({ pk }) => pk === 'REMOVAL');
const below = (): Row[] =>
  world.rows.all('Inventory').filter((row) => row['providerId'] === providerId && row.sk === 'RESOURCE' && !/:Volume:/.test(row.pk));
const registrations = (): unknown[] => [1, 2].map((n) => [world.row(poolIdOf(n))?.['registration'], world.row(poolIdOf(n))?.['reopens']]);
const set = (id: string, values: Record<string, string | number | boolean>) =>
  world.rows.transact([{ do: 'update', table: 'Inventory', key: resourceKey(id), set: values }]);

const expectRemoved = (): void => {
  expect(world.row(providerId)).toMatchObject({ inactive: true });
  expect(world.row(providerId)).not.toHaveProperty('removal');
  expect([below(), marks()]).toEqual([[], []]);
  expect(world.rows.all('Inventory').filter(({ pk }) => pk.startsWith('ARRAY#'))).toEqual([]);
};

/** Before the n-th transaction of a request something else happens. */
const meanwhile = (n: number, happens: () => Promise<unknown>): Rows => {
  let count = 0;
  return {
    get: (table, key) => world.rows.get(table, key),
    getMany: (table, keys) => world.rows.getMany(table, keys),
    query: (page) => world.rows.query(page),
    transact: async (writes) => {
      count += 1;
      if (count === n) await happens();
      await world.rows.transact(writes);
    },
  };
};

describe('removing a provider', () => {
  it('is four transactions: it is said, its pools are closed, what was found is forgotten, it is gone', async () => {
    const since = world.rows.transactions.length;
    await expect(remove()).resolves.toEqual({});
    expect(world.rows.transactions).toHaveLength(since + 4);
    expectRemoved();
    expect(secrets.size).toBe(0);
  });

  it('is only told by a dry run', async () => {
    const dump = world.rows.dump();
    await expect(remove(world.rows, true)).resolves.toMatchObject({ plan: { remove: expect.arrayContaining([providerId, poolIdOf(2)]) } });
    expect(world.rows.dump()).toBe(dump);
  });

  it.each(deaths(4))('is ended by the tick when its request dies $when transaction $at', async (death) => {
    const dump = world.rows.dump();
    const hasBegun = death.at > 1 || death.when === 'after';
    const hasEnded = death.at === 4 && death.when === 'after';
    await expect(remove(mortalRows(world.rows, death))).rejects.toThrow('died');
    if (!hasBegun) expect(world.rows.dump()).toBe(dump);
    await expect(tick(59).then(() => marks().length)).resolves.toBe(hasBegun && !hasEnded ? 1 : 0);
    if (hasBegun) await expect(order()).rejects.toMatchObject({ code: 'placement.none' });
    await tick(61);
    if (!hasBegun) return expect(world.rows.dump()).toBe(dump);
    expectRemoved();
    await expect(remove()).rejects.toMatchObject({ code: 'resource.inactive' });
    expect(secrets.size).toBe(0);
  });

  it.each(deaths(4))('is ended also when the tick dies $when transaction $at', async (death) => {
    await expect(remove(mortalRows(world.rows, { at: 1, when: 'after' }))).rejects.toThrow('died');
    await tick(61, mortalRows(world.rows, death));
    await tick(122);
    expectRemoved();
  });

  it('is ended by the same request sent again', async () => {
    await expect(remove(mortalRows(world.rows, { at: 2, when: 'after' }))).rejects.toThrow('died');
    await remove();
    expectRemoved();
    expect(secrets.size).toBe(0);
  });
});

describe('a removal that an order was faster than', () => {
  const taken = () => set(poolIdOf(1), { managedBytes: 8 * gib });

  it.each([
    { n: 1, happens: order },
    { n: 2, happens: taken },
  ])('is refused when it came before transaction $n, and leaves all as it was', async ({ n, happens }) => {
    const fields = registrations();
    await expect(remove(meanwhile(n, happens))).rejects.toMatchObject({
      code: 'resource.inUse',
      message: expect.stringContaining('volumes of this installation are on the storage pool pool-1'),
    });
    expect(registrations()).toEqual(fields);
    expect(world.row(providerId)).not.toHaveProperty('removal');
    expect([marks(), secrets.size]).toEqual([[], 1]);
    await expect(createVolumes(world.ports, asked(), anOrder({ name: 'next', size: '8GB' }))).resolves.toBeDefined();
  });

  it('refuses the order when it comes later', async () => {
    let code: unknown;
    await remove(meanwhile(3, () => order().catch((error) => (code = error.code))));
    expect(code).toBe('placement.none');
    expectRemoved();
  });

  it('opens again by the tick what a request that died had closed, but for what an administrator has closed', async () => {
    await world.rows.transact(beginWrites(aProvider(), anAuthor()));
    world.put(
      aPool({ n: 1, managedBytes: 8 * gib }),
      aPool({ n: 2, registration: 'unregistered', reopens: true }),
      aPool({ n: 3, registration: 'unregistered' }),
    );
    await tick(61);
    expect(registrations()).toEqual([
      ['registered', undefined],
      ['registered', undefined],
    ]);
    expect(world.row(poolIdOf(3))).toMatchObject({ registration: 'unregistered' });
    expect(told).toEqual(['the removal of a storage provider was taken back']);
    expect([marks(), world.row(providerId)?.['removal']]).toEqual([[], undefined]);
  });

  it('is tried again when a pool was changed at the same time, and left to the tick when that goes on', async () => {
    await remove(meanwhile(2, () => set(poolIdOf(1), { version: 7 })));
    expectRemoved();
    world = aWorld();
    let version = 10;
    const busy = meanwhile(0, order);
    const transact: Rows['transact'] = async (writes) => {
      version += 1;
      await set(poolIdOf(1), { version });
      await world.rows.transact(writes);
    };
    await expect(remove({ ...busy, transact })).rejects.toMatchObject({ code: 'resource.changed' });
    await world.rows.transact([claimArray(aProvider())]);
    await tick(61);
    expectRemoved();
  });
});

describe('while a provider is being removed', () => {
  beforeEach(() => world.rows.transact(beginWrites(aProvider(), anAuthor())));

  it('nothing is placed on it', async () => {
    await expect(order()).rejects.toMatchObject({ message: expect.stringContaining('its storage provider gateway-1 is being removed') });
  });

  it('its pools are not registered again, also when that began meanwhile', async () => {
    const [method, path] = ['POST', '/vdc/storage-pools/{id}/register'] as const;
    const register = (rows: Rows) =>
      callRoute(
        findRoute(registerPoolRoutes, method, path),
        { ...world.ports, rows },
        { params: { id: poolIdOf(1) }, request: { principal } },
      );
    await expect(register(world.rows)).rejects.toMatchObject({ code: 'resource.busy' });
    world = aWorld();
    world.put(aPool({ n: 1, registration: 'unregistered' }));
    const begun = meanwhile(1, () => world.rows.transact(beginWrites(aProvider(), anAuthor())));
    await expect(register(begun)).rejects.toMatchObject({ code: 'resource.busy' });
  });

  it('the mark of one that is not any more is forgotten, and one that cannot be ended waits', async () => {
    const failing = { ...meanwhile(0, order), transact: async () => Promise.reject(new Error('no answer')) };
    await tick(61, failing);
    expect([told, marks().length]).toEqual([['the removal of a storage provider could not be ended; the next tick tries again'], 1]);
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: resourceKey(providerId) }]);
    await tick(62);
    expect(marks()).toEqual([]);
    expect([systemId, vpoolId].every((id) => world.row(id) !== undefined)).toBe(true);
  });
});
