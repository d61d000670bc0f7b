import { describe, expect, it } from 'vitest';
import type { Write } from '../../../../core/change.ts';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import { forgotten, inTransactions } from '../../../../core/provider/removal.ts';
import { anAuthor } from '../../../support/author.ts';
import { aPool, aWorld, gib } from '../../../support/block-world.ts';

describe('forgetting a pool', () => {
  it('takes it out of every list and leaves its history', async () => {
    const { rows } = aWorld();
    const pool = aPool();
    await rows.transact(forgotten(pool, anAuthor(), pool));
    expect(rows.all('Inventory').filter((row) => row.pk === pool.id || row['id'] === pool.id)).toEqual([]);
    const events = rows.all('History').filter((row) => row.pk === pool.id);
    expect(events).toMatchObject([{ kind: 'removed', actor: 'tina', before: { name: 'pool-1' } }]);
  });

  it('is refused when a volume was placed there since it was read', async () => {
    const world = aWorld();
    const pool = aPool();
    await world.rows.transact([{ do: 'update', table: 'Inventory', key: resourceKey(pool.id), set: { managedBytes: 8 * gib } }]);
    const before = world.rows.dump();
    await expect(world.rows.transact(forgotten(pool, anAuthor(), pool))).rejects.toMatchObject({
      code: 'resource.inUse',
      message: expect.stringContaining('pool-1'),
    });
    expect(world.rows.dump()).toBe(before);
  });
});

describe('writes that belong together', () => {
  it('stay in one transaction, in as few transactions as hold them', () => {
    const group = (size: number, table: Write['table']): Write[] =>
      Array.from({ length: size }, (_, n) => ({ do: 'delete', table, key: { pk: String(n), sk: '' } }));
    const packed = inTransactions([group(50, 'Inventory'), group(40, 'Tasks'), group(1, 'History')]);
    expect(packed.map((writes) => writes.length)).toEqual([90, 1]);
    expect(inTransactions([])).toEqual([]);
  });
});
