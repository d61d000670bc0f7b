import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectCount, poolCapacity } from '../../../../drivers/scaleio/capacity.ts';

const gib = 1024 ** 3;
const counts = { numOfThickBaseVolumes: 1, numOfThinBaseVolumes: 2, numOfSnapshots: 4 };

describe('the capacity of a pool', () => {
  it('is what the array tells net, where it does', () => {
    const net = {
      ...counts,
      netCapacityInUseInKb: 3 * 1024,
      netUnusedCapacityInKb: 5 * 1024,
      volumeAddressSpaceInKb: 7 * 1024,
      capacityLimitInKb: 999,
    };
    expect(poolCapacity(net)).toEqual({ totalBytes: 8 * 1024 ** 2, freeBytes: 5 * 1024 ** 2, subscribedBytes: 7 * 1024 ** 2 });
  });

  it('is half of what is left beside the spare, in whole blocks, before 3.0', () => {
    const raw = {
      ...counts,
      capacityLimitInKb: 311424000,
      spareCapacityInKb: 31141888,
      capacityAvailableForVolumeAllocationInKb: 117440512,
      thickCapacityInUseInKb: 16777216,
      thinCapacityAllocatedInKb: 33554432,
      snapCapacityInUseInKb: 0,
    };
    expect(poolCapacity(raw)).toEqual({ totalBytes: 128 * gib, freeBytes: 112 * gib, subscribedBytes: 24 * gib });
  });

  it('is nothing where the array tells nothing', () => {
    expect(poolCapacity(counts)).toEqual({ totalBytes: 0, freeBytes: 0, subscribedBytes: 0 });
  });

  it('is never negative and always whole blocks, whatever the raw figures', () => {
    const kb = fc.integer({ min: 0, max: 2 ** 40 });
    fc.assert(
      fc.property(kb, kb, (capacityLimitInKb, spareCapacityInKb) => {
        const { totalBytes } = poolCapacity({ ...counts, capacityLimitInKb, spareCapacityInKb });
        expect(totalBytes).toBeGreaterThanOrEqual(0);
        expect(totalBytes % (8 * gib)).toBe(0);
      }),
    );
  });

  it('counts volumes and snapshots', () => {
    expect(objectCount(counts)).toBe(7);
  });
});
