import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundOf, type Provisioning } from '../../../../core/capacity/bound.ts';
import { giveBackCapacity, takeCapacity } from '../../../../core/capacity/take.ts';
import { resourceKey, toRow } from '../../../../core/inventory/resource.ts';
import { poolSchema, type StoragePool } from '../../../../core/inventory/schemas.ts';
import { aPool, gib } from '../../../support/block-world.ts';
import { MemoryRows } from '../../../support/memory-rows.ts';

const left = (patch: Partial<StoragePool>, provisioning: Provisioning = 'thin') => {
  const bound = boundOf(aPool(patch), provisioning);
  return 'refusal' in bound ? bound.refusal : bound.leftBytes / gib;
};

describe('how much a pool may still promise', () => {
  it.each<[string, Partial<StoragePool>, [Provisioning, number | string]]>([
    ['three times its size to thin volumes', {}, ['thin', 3000]],
    ['what administrators allow', { maxSubscriptionPercent: 150 }, ['thin', 1500]],
    ['the default where 0 was set', { maxSubscriptionPercent: 0, maxUtilizationPercent: 0 }, ['thin', 3000]],
    ['less what is subscribed by anybody', { subscribedBytes: 2900 * gib }, ['thin', 100]],
    [
      'less what was promised since the observation',
      { subscribedBytes: 100 * gib, observedManagedBytes: 50 * gib, managedBytes: 80 * gib },
      ['thin', 2870],
    ],
    [
      'nothing to thin volumes once too much is used',
      { freeBytes: 200 * gib },
      ['thin', '80.0 % of it is used, more than the 75 % allowed'],
    ],
    ['thin volumes up to the very limit of use', { freeBytes: 250 * gib }, ['thin', 3000]],
    ['to thick volumes what is above the share kept free', {}, ['thick', 750]],
    ['to thick volumes all that is free where all may be used', { freeBytes: 100 * gib, maxUtilizationPercent: 100 }, ['thick', 100]],
    ['to thick volumes less than nothing when full', { freeBytes: 200 * gib }, ['thick', -50]],
    ['nothing while its capacity is not known', { totalBytes: 0, freeBytes: 0 }, ['thick', 'its capacity is not known']],
  ])('is %s', (_, patch, [provisioning, expected]) => {
    expect(left(patch, provisioning)).toBe(expected);
  });

  it('does not let a thick volume take the promise that a removed thin one gave back', () => {
    const thinGone = { observedManagedBytes: 800 * gib, managedBytes: 0, managedThickBytes: 0, freeBytes: 260 * gib };
    expect(left(thinGone, 'thick')).toBe(10);
  });

  it('counts thick volumes as not observed while no observation of them is known', () => {
    const thick = { observedManagedBytes: 700 * gib, managedBytes: 700 * gib, managedThickBytes: 700 * gib };
    expect(left(thick, 'thick')).toBe(50);
    expect(left({ ...thick, observedManagedThickBytes: 700 * gib }, 'thick')).toBe(750);
  });

  it('demands in the transaction that the figures are those that were judged', () => {
    const bound = boundOf(aPool({ observation: 7 }), 'thick');
    expect('taking' in bound && bound.taking(50 * gib)).toEqual([
      { attribute: 'managedBytes', is: '<=', value: 700 * gib },
      { attribute: 'observation', is: '=', value: 7 },
      { attribute: 'managedThickBytes', is: '<=', value: 700 * gib },
    ]);
  });
});

interface Held {
  bytes: number;
  provisioning: Provisioning;
  onArray: boolean;
}

/** What a data centre does to a pool, in any order; views of the pool may be old when they are used. */
type Event =
  | { kind: 'look' }
  | { kind: 'accept'; gigabytes: number; thick: boolean }
  | { kind: 'make' | 'rollBack' | 'delete'; which: number }
  | { kind: 'observe' };

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('look' as const) }),
  fc.record({ kind: fc.constant('accept' as const), gigabytes: fc.integer({ min: 1, max: 400 }), thick: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('make' as const, 'rollBack' as const, 'delete' as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant('observe' as const) }),
);

class Pool {
  readonly rows = new MemoryRows();
  held: Held[] = [];
  view: StoragePool;

  constructor() {
    this.rows.seed('Inventory', [toRow(aPool({ maxSubscriptionPercent: 120 }))]);
    this.view = this.now();
  }

  now(): StoragePool {
    const row = this.rows.all('Inventory')[0];
    return poolSchema.parse({ ...row, id: row?.pk });
  }

  sum(of: (held: Held) => boolean): number {
    return this.held.filter(of).reduce((total, { bytes }) => total + bytes, 0);
  }

  async apply(one: Event): Promise<void> {
    if (one.kind === 'look') this.view = this.now();
    else if (one.kind === 'accept') await this.accept(one.gigabytes * gib, one.thick ? 'thick' : 'thin');
    else if (one.kind === 'observe') this.observe();
    else await this.change(one);
  }

  private async accept(bytes: number, provisioning: Provisioning): Promise<void> {
    const bound = boundOf(this.view, provisioning);
    if ('refusal' in bound || bytes > bound.leftBytes) return;
    const write = takeCapacity({ poolId: this.view.id, bytes, volumes: 1, provisioning, when: bound.taking(bytes) });
    await this.rows.transact([write]).then(
      () => this.held.push({ bytes, provisioning, onArray: false }),
      () => undefined,
    );
  }

  private async change({ kind, which }: Extract<Event, { which: number }>): Promise<void> {
    const held = this.held[which % Math.max(1, this.held.length)];
    if (!held || (kind === 'delete') !== held.onArray) return;
    if (kind === 'make') {
      held.onArray = true;
      return;
    }
    this.held = this.held.filter((other) => other !== held);
    await this.rows.transact(giveBackCapacity([{ poolId: this.view.id, volumes: 1, ...held }]));
  }

  /** As discovery does: what is on the array is in the figures, and surely included. Thin volumes are empty. */
  private observe(): void {
    const now = this.now();
    const onArray = this.sum((held) => held.onArray);
    const thick = this.sum((held) => held.onArray && held.provisioning === 'thick');
    this.rows.seed('Inventory', [
      {
        ...toRow(now),
        ...resourceKey(now.id),
        observation: now.observation + 1,
        subscribedBytes: onArray,
        freeBytes: now.totalBytes - thick,
        observedManagedBytes: onArray,
        observedManagedThickBytes: thick,
      },
    ]);
  }
}

describe('a pool, whatever happens in whatever order', () => {
  it('never promises more than it is allowed to, nor more to thick volumes than it has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
        const pool = new Pool();
        for (const one of events) {
          await pool.apply(one);
          expect(pool.sum(() => true)).toBe(pool.now().managedBytes);
          expect(pool.sum(() => true)).toBeLessThanOrEqual(1200 * gib);
          expect(pool.sum(({ provisioning }) => provisioning === 'thick')).toBeLessThanOrEqual(750 * gib);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('giving capacity back', () => {
  it('writes each pool once, however many volumes it held', () => {
    const writes = giveBackCapacity([
      { poolId: 'a', bytes: 1, provisioning: 'thin', volumes: 1 },
      { poolId: 'b', bytes: 2, provisioning: 'thick', volumes: 0 },
      { poolId: 'a', bytes: 4, provisioning: 'thick', volumes: 1, stays: true },
    ]);
    expect(writes.map((write) => write.do === 'update' && write.add)).toEqual([
      { managedBytes: -5, managedThickBytes: -4, managedCount: -2, foreignCount: 1 },
      { managedBytes: -2, managedThickBytes: -2 },
    ]);
  });
});
