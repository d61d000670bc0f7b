import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countBoundOf } from '../../../../core/capacity/count.ts';
import { giveBackCapacity, takeCapacity } from '../../../../core/capacity/take.ts';
import { foreignWrites } from '../../../../core/discovery/count.ts';
import { resourceKey, toRow } from '../../../../core/inventory/resource.ts';
import { poolSchema, type StoragePool } from '../../../../core/inventory/schemas.ts';
import { aPool, gib } from '../../../support/block-world.ts';
import { MemoryRows } from '../../../support/memory-rows.ts';

const leftOf = (pool: Partial<StoragePool>): number => Math.min(...countBoundOf(aPool(pool)).limits.map(({ left }) => left));

describe('how many more volumes a pool takes', () => {
  it.each([
    ['nothing limits the number', {}, Number.POSITIVE_INFINITY],
    ['0 is no limit', { maxResources: 0 }, Number.POSITIVE_INFINITY],
    ['ours and others count', { maxResources: 10, managedCount: 3, foreignCount: 2 }, 5],
    ['the stricter of two limits counts', { maxResources: 10, maxVolumes: 4, managedCount: 3 }, 1],
    ['more are there than may be', { maxResources: 2, managedCount: 3 }, 0],
    ['what the array said lately does not count, once they are counted', { maxResources: 10, volumeCount: 9, foreignCount: 1 }, 9],
  ])('%s', (_, pool, left) => {
    expect(leftOf(pool)).toBe(left);
  });

  it('is what the last observation left, as long as nobody has counted: in the row of an earlier release', () => {
    const { managedCount: _, foreignCount: __, isCounted: ___, ...old } = aPool({ maxResources: 10, volumeCount: 4 });
    const bound = countBoundOf(old);
    expect(bound.limits.map(({ left }) => left)).toEqual([6]);
    expect(bound.taking(1)).toEqual([]);
  });
});

type Event =
  | { readonly kind: 'look' | 'read the array' | 'note what was read' | 'make' }
  | { readonly kind: 'accept'; readonly count: number }
  | { readonly kind: 'delete' | 'release'; readonly which: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constantFrom('look' as const, 'read the array' as const, 'note what was read' as const, 'make' as const) }),
  fc.record({ kind: fc.constant('accept' as const), count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constantFrom('delete' as const, 'release' as const), which: fc.nat(20) }),
);

const limit = 8;

/** A pool whose volumes are ordered, deleted and released by somebody who has looked at it some time ago, and counted by a slow discovery. */
class Pool {
  private readonly rows = new MemoryRows();
  private view: StoragePool;
  private reading: { readonly before: StoragePool; readonly foreign: number } | undefined;
  /** Of ours: whether they are on the array. */
  private ours: boolean[] = [];
  private others: number;

  constructor(others: number) {
    this.others = others;
    this.rows.seed('Inventory', [toRow(aPool({ maxResources: limit, foreignCount: others }))]);
    this.view = this.now();
  }

  now(): StoragePool {
    const row = this.rows.all('Inventory')[0];
    return poolSchema.parse({ ...row, id: row?.pk });
  }

  counts() {
    return { ours: this.ours.length, all: this.ours.length + this.others };
  }

  async apply(one: Event): Promise<void> {
    if (one.kind === 'look') this.view = this.now();
    else if (one.kind === 'make') this.ours = this.ours.map(() => true);
    else if (one.kind === 'read the array') this.reading = { before: this.now(), foreign: this.others };
    else if (one.kind === 'note what was read') await this.note();
    else if (one.kind === 'accept') await this.accept(one.count);
    else if (one.kind === 'delete' || one.kind === 'release') await this.leave(one);
  }

  private async tried(writes: Parameters<MemoryRows['transact']>[0], done: () => void): Promise<void> {
    await this.rows.transact(writes).then(done, () => undefined);
  }

  private async accept(volumes: number): Promise<void> {
    const bound = countBoundOf(this.view);
    if (bound.limits.some(({ left }) => left < volumes)) return;
    const share = { poolId: this.view.id, bytes: volumes * gib, provisioning: 'thin' as const, volumes };
    await this.tried([takeCapacity({ ...share, when: bound.taking(volumes) })], () => {
      this.ours.push(...Array.from({ length: volumes }, () => false));
    });
  }

  private async leave({ kind, which }: Extract<Event, { which: number }>): Promise<void> {
    const at = which % Math.max(1, this.ours.length);
    if (!this.ours[at]) return;
    const share = { poolId: this.view.id, bytes: gib, provisioning: 'thin' as const, volumes: 1 };
    await this.rows.transact(giveBackCapacity([kind === 'release' ? { ...share, stays: true } : share]));
    this.ours.splice(at, 1);
    if (kind === 'release') this.others += 1;
  }

  private async note(): Promise<void> {
    if (!this.reading) return;
    const writes = foreignWrites(this.reading.before, this.reading.foreign);
    this.reading = undefined;
    if (writes.length > 0) await this.tried(writes, () => undefined);
  }
}

describe('the number of volumes in a pool, whatever happens in whatever order', () => {
  it('never exceeds what is allowed, and is known', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(3), fc.array(event, { maxLength: 60 }), async (others, events) => {
        const pool = new Pool(others);
        for (const one of events) {
          await pool.apply(one);
          const { ours, all } = pool.counts();
          expect(all).toBeLessThanOrEqual(limit);
          expect(pool.now().managedCount).toBe(ours);
        }
      }),
      { numRuns: 150 },
    );
  });
});

it('what was released since a pool was looked at takes room there, which orders that were planned before do not have', async () => {
  const pool = new Pool(0);
  await pool.apply({ kind: 'accept', count: 7 });
  await pool.apply({ kind: 'make' });
  await pool.apply({ kind: 'look' });
  await pool.apply({ kind: 'release', which: 0 });
  await pool.apply({ kind: 'accept', count: 1 });
  await pool.apply({ kind: 'accept', count: 1 });
  expect(pool.counts()).toEqual({ ours: 6, all: 7 });
  await pool.apply({ kind: 'look' });
  await pool.apply({ kind: 'accept', count: 1 });
  await pool.apply({ kind: 'accept', count: 1 });
  expect(pool.counts()).toEqual({ ours: 7, all: 8 });
});

describe('volumes that others have made in a pool', () => {
  const before = aPool({ foreignCount: 2 });

  it('cost no write while there are as many', () => {
    expect(foreignWrites(before, 2)).toEqual([]);
  });

  it('are not stored when one of ours was released since', async () => {
    const rows = new MemoryRows();
    rows.seed('Inventory', [{ ...toRow(before), foreignCount: 3 }]);
    await expect(rows.transact(foreignWrites(before, 5))).rejects.toMatchObject({ code: 'resource.changed' });
    expect(await rows.get('Inventory', resourceKey(before.id))).toMatchObject({ foreignCount: 3 });
  });
});
