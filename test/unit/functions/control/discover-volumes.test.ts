import { describe, expect, it } from 'vitest';
import { discoveredId } from '../../../../core/discovery/discovered-id.ts';
import { readSeen } from '../../../../core/discovery/seen.ts';
import { toRow } from '../../../../core/inventory/resource.ts';
import {
  idOfVolume,
  kindOf,
  nameOf,
  onArray,
  ours,
  page,
  put,
  record,
  seventy,
  stored,
  touched,
  unmanaged,
  worldWith,
} from '../../../support/array-volumes.ts';
import { type ControlWorld, providerId } from '../../../support/control.ts';
import { discover, gib } from '../../../support/discovery-world.ts';

describe('a volume of somebody else', () => {
  it('is shown as unmanaged, by one row without history', async () => {
    const world = await worldWith(
      page([onArray('a', { mappings: [{ initiatorType: 'sdc', initiatorId: 'sdc9', access: 'read-write', limits: {} }] })]),
    );
    await discover(world);
    const row = await unmanaged(world, 'a');
    expect(row).toMatchObject({ name: 'theirs-a', nativeId: 'a', sizeBytes: 8 * gib, mappingCount: 1, bearsMark: false, inactive: false });
    expect(world.rows.all('Inventory').filter(({ id }) => id === row?.pk)).toEqual([]);
    expect(world.rows.all('History').filter(({ pk }) => pk === row?.pk)).toEqual([]);
    expect(await kindOf(world, 'a')).toBe('foreign');
  });

  it('is written again only when it changed', async () => {
    const world = await worldWith(page(seventy), page(seventy), page([onArray('t0', { name: 'renamed' }), ...seventy.slice(1)]));
    await discover(world);
    const first = world.rows.transactions.length;
    const reads = world.rows.reads;
    await discover(world);
    expect(touched(world, first)).toEqual([providerId]);
    expect(world.rows.reads - reads).toBeLessThan(30);
    const second = world.rows.transactions.length;
    await discover(world);
    expect(touched(world, second).sort()).toEqual([discoveredId('UnManagedVolume', 'array-1', 't0'), 'SEEN#array-1', providerId].sort());
  });

  it('leaves the lists when it is gone, and comes back when it is seen again', async () => {
    const world = await worldWith(page([onArray('a')]), page([]), page([onArray('a')]));
    await discover(world);
    await discover(world);
    expect(await unmanaged(world, 'a')).toMatchObject({ inactive: true });
    expect(await kindOf(world, 'a')).toBeUndefined();
    await discover(world);
    expect(await unmanaged(world, 'a')).toMatchObject({ inactive: false });
  });
});

describe('a volume of ours', () => {
  it('takes over what only the array knows', async () => {
    const world = await worldWith(page([ours(1, { allocatedBytes: 3 * gib, wwn: 'w1' })]));
    put(world, record(1));
    await discover(world);
    expect(await stored(world, idOfVolume(1))).toMatchObject({ allocatedBytes: 3 * gib, wwn: 'w1', version: 2 });
    expect(await unmanaged(world, 'native-1')).toBeUndefined();
    expect(await kindOf(world, 'native-1')).toBe('ours');
  });

  it.each([
    { field: 'name', patch: { name: 'renamed' } },
    { field: 'size in bytes', patch: { sizeBytes: 16 * gib } },
    { field: 'pool', patch: { poolNativeId: 'p2' } },
    { field: 'time of creation', patch: { createdAt: '2025-12-02T00:00:00.000Z' } },
    { field: 'owner', patch: { managedElsewhere: 'replicated' } },
    {
      field: 'mapping to sdc sdc9',
      patch: { mappings: [{ initiatorType: 'sdc', initiatorId: 'sdc9', access: 'read-write', limits: {} }] },
    },
  ] as const)('whose $field is another on the array is marked, with an event, and is not put right', async ({ field, patch }) => {
    const world = await worldWith(page([ours(1, patch)]), page([ours(1, patch)]), page([ours(1)]));
    put(world, record(1));
    await discover(world);
    expect(await stored(world, idOfVolume(1))).toMatchObject({
      nativeName: nameOf(1),
      provisionedBytes: 8 * gib,
      drift: { since: '2026-01-01T00:01:00.000Z', differences: [{ field }] },
    });
    expect(world.rows.all('History').filter(({ pk }) => pk === idOfVolume(1))).toMatchObject([{ actor: 'discovery', kind: 'changed' }]);
    expect(await kindOf(world, 'native-1')).toBe('drifted');
    const before = world.rows.transactions.length;
    await discover(world);
    expect(touched(world, before)).toEqual([providerId]);
    expect(world.drivers.verbs.every((verb) => verb === 'readInventory')).toBe(true);
  });

  it('whose drift has ended is as recorded again', async () => {
    const world = await worldWith(page([ours(1, { name: 'renamed' })]), page([ours(1)]));
    put(world, record(1));
    await discover(world);
    await world.sleep(60_000);
    await discover(world);
    expect(await stored(world, idOfVolume(1))).not.toHaveProperty('drift');
    expect(await kindOf(world, 'native-1')).toBe('ours');
  });

  it('that is mapped as we know is no drift; one that lost its mapping is', async () => {
    const mapping = { initiatorType: 'sdc', initiatorId: 'sdc1', access: 'read-write', limits: {} } as const;
    const world = await worldWith(
      page([ours(1, { mappings: [mapping] }), ours(2), ours(3, { mappings: [{ ...mapping, access: 'read-only' }] })]),
    );
    put(world, record(1), record(2), record(3));
    for (const n of [1, 2, 3])
      world.rows.seed('Inventory', [
        {
          ...{ pk: idOfVolume(n), sk: 'EXPORT#initiator', version: 1, tenantId: 'tenant', hostId: 'host', groups: ['g'] },
          ...{ initiatorType: 'sdc', port: 'sdc1', origin: 'made', access: 'read-write' },
        },
      ]);
    await discover(world);
    expect(await stored(world, idOfVolume(1))).not.toHaveProperty('drift');
    expect(await stored(world, idOfVolume(2))).toMatchObject({
      drift: { differences: [{ field: 'mapping to sdc sdc1', recorded: 'read-write', found: 'not mapped' }] },
    });
    expect(await stored(world, idOfVolume(3))).toMatchObject({
      drift: { differences: [{ recorded: 'read-write', found: 'read-only' }] },
    });
  });

  it('that a task works on, or that was worked on since the array was read, is looked at the next time', async () => {
    const world = await worldWith(page([ours(1, { name: 'x' }), ours(2, { name: 'x' }), ours(3, { name: 'x' })]));
    put(world, record(1, { activeTaskId: 'task' }), record(2), record(3, { inactive: true }));
    world.rows.seed('History', [{ pk: idOfVolume(2), sk: '1', at: '2026-01-01T00:01:00.000Z' }]);
    const before = await Promise.all([1, 2, 3].map((n) => stored(world, idOfVolume(n))));
    await discover(world);
    expect(await Promise.all([1, 2, 3].map((n) => stored(world, idOfVolume(n))))).toEqual(before);
    expect((await readSeen(world.rows, 'array-1')).size).toBe(0);
  });

  it('that is created meanwhile is neither an orphan nor unmanaged', async () => {
    const world = await worldWith(page([ours(1), ours(2)]));
    const { nativeId, ...creating } = record(1, { state: 'creating', activeTaskId: 'task' });
    put(world, creating);
    await discover(world);
    expect(await unmanaged(world, 'native-1')).toBeUndefined();
    expect(await kindOf(world, 'native-1')).toBeUndefined();
  });

  it('that was committed after the records were read is ours', async () => {
    const { wwn, ...unnamed } = ours(1);
    const world = await worldWith(() => {
      put(world, record(1));
      return page([unnamed])();
    });
    await discover(world);
    expect(await kindOf(world, 'native-1')).toBe('ours');
    expect(await unmanaged(world, 'native-1')).toBeUndefined();
  });

  it('that was unmanaged before leaves that list', async () => {
    const world = await worldWith(page([ours(1)]));
    await discover(world);
    expect(await unmanaged(world, 'native-1')).toMatchObject({ inactive: false, bearsMark: true });
    put(world, record(1));
    await discover(world);
    expect(await unmanaged(world, 'native-1')).toMatchObject({ inactive: true });
  });

  it('of a kind that has a record of its own is left to that', async () => {
    const world = await worldWith(page([onArray('s', { kind: 'snapshot' })]), page([]));
    world.rows.seed('Inventory', [{ pk: 'NATIVE#array-1#volume', sk: 's', id: 'urn:storageos:BlockSnapshot:x' }]);
    await discover(world);
    expect(await kindOf(world, 's')).toBe('ours');
    await discover(world);
    expect(world.counted).toEqual([]);
  });
});

describe('a volume that is missing', () => {
  it('is marked with the time and keeps all it has; back again it is visible', async () => {
    const world = await worldWith(page([ours(1)]), page([]), page([]), page([ours(1)]));
    put(world, record(1));
    await discover(world);
    const before = await stored(world, idOfVolume(1));
    await discover(world);
    expect(await stored(world, idOfVolume(1))).toEqual({
      ...before,
      ...{ version: 2, visibility: 'not-visible', notVisibleSince: '2026-01-01T00:01:00.000Z' },
    });
    expect(await kindOf(world, 'native-1')).toBe('missing');
    const quiet = world.rows.transactions.length;
    await discover(world);
    expect(touched(world, quiet)).toEqual([providerId]);
    await world.sleep(60_000);
    await discover(world);
    expect(await stored(world, idOfVolume(1))).not.toHaveProperty('visibility');
    expect(await kindOf(world, 'native-1')).toBe('ours');
  });

  it('is not marked by a view that is not complete', async () => {
    const world = await worldWith(page([ours(1)]), page([], { complete: false }));
    put(world, record(1));
    await discover(world);
    await discover(world);
    expect(await stored(world, idOfVolume(1))).not.toHaveProperty('visibility');
    expect(await kindOf(world, 'native-1')).toBe('ours');
  });

  it('while another object has its name is drift, told with its id', async () => {
    const impostor = ours(1, { nativeId: 'other' });
    const world = await worldWith(page([impostor]));
    put(world, record(1));
    await discover(world);
    expect(await stored(world, idOfVolume(1))).toMatchObject({
      visibility: 'not-visible',
      drift: { differences: [{ field: 'native id', recorded: 'native-1', found: 'other' }] },
    });
    expect(await kindOf(world, 'other')).toBe('same-name');
    const before = world.rows.transactions.length;
    await discover(world);
    expect(touched(world, before)).toEqual([providerId]);
  });

  it('and whose record was deleted since is forgotten', async () => {
    const world = await worldWith(page([ours(1)]), page([]));
    put(world, record(1));
    await discover(world);
    world.rows.seed('Inventory', [toRow(record(1, { inactive: true }))]);
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: { pk: 'NATIVE#array-1#volume', sk: 'native-1' } }]);
    await discover(world);
    expect(await kindOf(world, 'native-1')).toBeUndefined();
  });
});

describe('many that are missing at once, of all kinds', () => {
  const all = [...Array.from({ length: 8 }, (_, n) => ours(n)), ...seventy.slice(0, 8)];
  const missingWorld = async () => {
    const world = await worldWith(page(all), page([]), page([]));
    put(world, ...Array.from({ length: 8 }, (_, n) => record(n)));
    await discover(world);
    await discover(world);
    return world;
  };
  const provider = (world: ControlWorld) => stored(world, providerId);

  it('are not believed, and the provider says how many', async () => {
    const world = await missingWorld();
    expect(world.counted).toEqual(['AgeingStopped']);
    expect(await provider(world)).toMatchObject({ ageingStopped: { missing: 16, known: 21 } });
    expect(await stored(world, idOfVolume(1))).not.toHaveProperty('visibility');
    expect(await unmanaged(world, 't1')).toMatchObject({ inactive: false });
  });

  it('are believed when an administrator has accepted so many, and no more', async () => {
    const world = await missingWorld();
    await discover(world, {}, { acceptMissing: 15 });
    expect(await stored(world, idOfVolume(1))).not.toHaveProperty('visibility');
    await discover(world, {}, { acceptMissing: 16 });
    expect(await stored(world, idOfVolume(1))).toMatchObject({ visibility: 'not-visible', inactive: false });
    expect(await unmanaged(world, 't1')).toMatchObject({ inactive: true });
    expect(await provider(world)).not.toHaveProperty('ageingStopped');
  });
});
