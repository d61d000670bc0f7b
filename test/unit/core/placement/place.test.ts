import { describe, expect, it } from 'vitest';
import type { StoragePool } from '../../../../core/inventory/schemas.ts';
import type { PlacementRequest } from '../../../../core/placement/candidates.ts';
import { place } from '../../../../core/placement/place.ts';
import { aPool, aProvider, gib, poolIdOf, providerId, varrayId } from '../../../support/block-world.ts';

const request = (patch: Partial<PlacementRequest> = {}): PlacementRequest => ({
  seed: 'project/data',
  varrayId,
  count: 1,
  requestedBytes: 8 * gib,
  provisioning: 'thin',
  allowsUnzeroedPools: false,
  pools: [aPool()],
  providers: new Map([[providerId, aProvider()]]),
  mismatches: new Map(),
  ...patch,
});

const seatsOf = (patch: Partial<PlacementRequest>) => place(request(patch)).placed.map(({ pool, count }) => [pool.name, count]);

describe('placement', () => {
  it('takes the pool with the most free space, and says why', () => {
    const { placed } = place(request({ pools: [aPool({ n: 1, freeBytes: 800 * gib }), aPool({ n: 2 })] }));
    expect(placed).toMatchObject([{ pool: { name: 'pool-2' }, count: 1, provisionedBytes: 8 * gib }]);
    expect(placed[0]?.why).toBe('pool-2: most free space of 2; 1000.00 of 1000.00 GiB free, 0 % subscribed');
  });

  it('spreads orders over pools that are about equally free, in proportion to their free space', () => {
    const pools = [aPool({ n: 1 }), aPool({ n: 2, freeBytes: 950 * gib }), aPool({ n: 3, freeBytes: 800 * gib })];
    const names = Array.from({ length: 2000 }, (_, n) => place(request({ pools, seed: `project/data-${n}` })).placed[0]?.pool.name);
    const share = (name: string): number => names.filter((one) => one === name).length / names.length;
    expect(share('pool-1')).toBeCloseTo(1000 / 1950, 1);
    expect(share('pool-2')).toBeCloseTo(950 / 1950, 1);
    expect(share('pool-3')).toBe(0);
  });

  it('places the same order in the same pool, in whatever order the pools are read, and says how it was drawn', () => {
    const pools = [aPool({ n: 1 }), aPool({ n: 2 }), aPool({ n: 3 })];
    const drawn = place(request({ pools })).placed[0];
    expect(place(request({ pools: pools.toReversed() })).placed[0]?.pool).toEqual(drawn?.pool);
    expect(drawn?.why).toContain(`: drawn by the order's name from 3 of 3 with about the most free space; 1000.00 of 1000.00 GiB free`);
  });

  it('leaves alone a pool of which much more was promised than of the others', () => {
    const pools = [aPool({ n: 1, subscribedBytes: 200 * gib }), aPool({ n: 2 })];
    const seeds = Array.from({ length: 50 }, (_, n) => `project/${n}`);
    expect(new Set(seeds.map((seed) => place(request({ pools, seed })).placed[0]?.pool.name))).toEqual(new Set(['pool-2']));
  });

  it('keeps volumes of one request together, even in a pool with less free space', () => {
    const pools = [aPool({ n: 1, maxResources: 2 }), aPool({ n: 2, freeBytes: 900 * gib })];
    expect(seatsOf({ pools, count: 4 })).toEqual([['pool-2', 4]]);
  });

  it('spreads them when no pool takes all', () => {
    const pools = [
      aPool({ n: 1, maxResources: 3 }),
      aPool({ n: 2, maxResources: 2, freeBytes: 900 * gib }),
      aPool({ n: 3, freeBytes: 800 * gib, maxResources: 1 }),
    ];
    expect(seatsOf({ pools, count: 5 })).toEqual([
      ['pool-1', 3],
      ['pool-2', 2],
    ]);
  });

  it('rounds each volume up to what the pool makes', () => {
    expect(place(request({ requestedBytes: 9 * gib })).placed[0]?.provisionedBytes).toBe(16 * gib);
  });

  it.each<[string, Partial<StoragePool>]>([
    ['it was removed', { inactive: true }],
    ['it is not assigned to the virtual array', { assignedVarrayIds: [] }],
    ['it is not registered', { registration: 'unregistered' }],
    ['discovery has not found it since 2026-01-01', { visibility: 'not-visible', notVisibleSince: '2026-01-01' }],
    ['discovery has not found it since its last run', { visibility: 'not-visible' }],
    ['it is offline', { state: 'offline' }],
    ['its storage provider is not known', { providerId: 'other' }],
    ['new volumes on it may show what old ones held', { unwrittenReadsZero: 'unknown' }],
    ['its volumes have at least 16.00 GiB', { minVolumeBytes: 16 * gib }],
    ['its volumes have at most 4.00 GiB', { maxVolumeBytes: 4 * gib }],
    ['8.00 GiB are needed and 0.00 GiB are left for thin volumes', { subscribedBytes: 3001 * gib }],
    ['80.0 % of it is used, more than the 75 % allowed', { freeBytes: 200 * gib }],
    ['it has 5 of 5 volumes that max_resources allows', { maxResources: 5, volumeCount: 5 }],
    ['it has 6 of 5 volumes that the array allows', { maxVolumes: 5, volumeCount: 6 }],
  ])('refuses a pool because %s', (reason, patch) => {
    const refused = () => place(request({ pools: [aPool(patch)] }));
    expect(refused).toThrow(expect.objectContaining({ code: 'placement.none', message: expect.stringContaining(`pool-1: ${reason}`) }));
  });

  it('refuses pools of a frozen or draining provider and those the virtual pool does not take', () => {
    const providers = new Map([[providerId, aProvider({ operations: 'drain' })]]);
    const mismatches = new Map([[poolIdOf(1), ['its drive types are SATA']]]);
    expect(() => place(request({ providers, mismatches }))).toThrow(
      'pool-1: its storage provider gateway-1 is set to drain, its drive types are SATA',
    );
  });

  it('uses pools that may show old data when the virtual pool allows it', () => {
    expect(seatsOf({ pools: [aPool({ unwrittenReadsZero: 'no' })], allowsUnzeroedPools: true })).toEqual([['pool-1', 1]]);
  });

  it('says of each pool how many it would take when they do not all fit', () => {
    const pools = [aPool({ n: 1, maxResources: 1 }), aPool({ n: 2, state: 'offline' })];
    expect(() => place(request({ pools, count: 2 }))).toThrow(
      '2 thin volume(s) of 8.00 GiB cannot be placed: pool-1: it takes 1 of 2, it has 0 of 1 volumes that max_resources allows; pool-2: it is offline',
    );
  });

  it('names the virtual array when it has no pools, and at most 20 pools when it has many', () => {
    expect(() => place(request({ pools: [] }))).toThrow('no pool is assigned to the virtual array');
    const many = Array.from({ length: 25 }, (_, n) => aPool({ n, state: 'offline' }));
    expect(() => place(request({ pools: many }))).toThrow(/; and 5 more$/);
  });
});
