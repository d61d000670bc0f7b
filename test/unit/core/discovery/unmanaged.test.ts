import { describe, expect, it } from 'vitest';
import { sightingOf } from '../../../../core/discovery/sighting.ts';
import { foundUnmanaged, goneWrites, keptWrites, unmanagedWrites } from '../../../../core/discovery/unmanaged.ts';
import { fromRow } from '../../../../core/inventory/resource.ts';
import { type UnManagedVolume, unmanagedVolumeSchema } from '../../../../core/inventory/schemas.ts';
import { observed } from '../../../support/block-volumes.ts';
import { providerId, startedAt } from '../../../support/block-world.ts';
import { MemoryRows } from '../../../support/memory-rows.ts';

const place = { providerId, arrayId: 'array-1', bearsMark: true };
const found = foundUnmanaged(observed('n1'), place);

const stored = async (set: Partial<UnManagedVolume> = {}) => {
  const rows = new MemoryRows();
  await rows.transact(unmanagedWrites(found, undefined, startedAt));
  const key = { pk: found.id, sk: 'RESOURCE' };
  await rows.transact([{ do: 'update', table: 'Inventory', key, set: { ...set } }]);
  const row = await rows.get('Inventory', key);
  if (!row) throw new Error('it is stored');
  return { rows, row, volume: fromRow(unmanagedVolumeSchema, row) };
};

describe('the row of an unmanaged volume', () => {
  it('keeps its lock, its reason and its age when the array has changed', async () => {
    const { rows, row } = await stored({ activeTaskId: 'task', keptBecause: 'it is mapped' });
    await rows.transact(unmanagedWrites(foundUnmanaged(observed('n1', { name: 'new' }), place), row, '2027-01-01T00:00:00.000Z'));
    expect(await rows.get('Inventory', row)).toMatchObject({
      ...{ name: 'new', version: 2, createdAt: startedAt, activeTaskId: 'task', keptBecause: 'it is mapped' },
    });
  });

  it('has no lock and no reason that it did not have before', async () => {
    const { rows, row } = await stored();
    await rows.transact(unmanagedWrites(foundUnmanaged(observed('n1', { name: 'new' }), place), row, startedAt));
    const next = await rows.get('Inventory', row);
    expect(Object.keys(next ?? {})).not.toEqual(expect.arrayContaining(['activeTaskId']));
    expect(next).not.toHaveProperty('keptBecause');
  });

  it('is not written when it is as it was', async () => {
    expect(unmanagedWrites(found, (await stored()).row, startedAt)).toEqual([]);
  });

  it('says but once why it stays', async () => {
    const { volume } = await stored({ keptBecause: 'it is mapped' });
    expect(keptWrites(volume, 'it is mapped')).toEqual([]);
    expect(keptWrites(volume, 'it was mapped')).toHaveLength(1);
  });

  it.each([{ inactive: true }, { activeTaskId: 'task' }])('is not taken out of the lists while %o', async (set) => {
    expect(goneWrites((await stored(set)).volume)).toEqual([]);
  });
});

it('the order in which an array names mappings is no change', () => {
  const [a, b] = ['a', 'b'].map((initiatorId) => ({
    initiatorType: 'sdc' as const,
    initiatorId,
    access: 'read-write' as const,
    limits: {},
  }));
  if (!a || !b) throw new Error('there are two');
  const known = { mark: { prefix: 'p', mark: 'abc123' }, owners: new Map(), seen: new Map() };
  const digests = [
    [a, b],
    [b, a],
  ].map((mappings) => sightingOf(known, observed('n1', { mappings })).digest);
  expect(digests[0]).toBe(digests[1]);
});
