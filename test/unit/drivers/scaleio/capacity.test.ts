import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capacityHealth, objectCount, poolCapacity } from '../../../../drivers/scaleio/capacity.ts';
import { poolStatisticsWire } from '../../../../drivers/scaleio/wire.ts';

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

  it('recorded of a real pool of 2.6 is 128 GiB, of which 112 are free', () => {
    const file = new URL('../../../../drivers/scaleio/fixtures/csi-powerflex/get_storage_pool_statistics.json', import.meta.url);
    const recorded = poolStatisticsWire.parse(JSON.parse(readFileSync(file, 'utf8')));
    // Thick 16,777,216 + snapshots 18,843,648 + thin 33,554,432 KiB, of which every block lies twice.
    expect(poolCapacity(recorded)).toEqual({ totalBytes: 128 * gib, freeBytes: 112 * gib, subscribedBytes: 34_587_648 * 1024 });
    expect(capacityHealth(recorded)).toEqual({ spareBytes: (31_141_888 / 2) * 1024, degradedBytes: 0, unavailableBytes: 0 });
    expect(objectCount(recorded)).toBe(2);
  });

  it('tells what is not whole: one copy left of degraded data, none of failed, and what is out of reach', () => {
    const ill = {
      ...counts,
      degradedHealthyCapacityInKb: 6,
      degradedFailedCapacityInKb: 6,
      failedCapacityInKb: 4,
      unreachableUnusedCapacityInKb: 10,
    };
    expect(capacityHealth(ill)).toEqual({ degradedBytes: 6 * 1024, unavailableBytes: 7 * 1024 });
    expect(capacityHealth(counts)).toEqual({});
    expect(capacityHealth({ ...counts, failedCapacityInKb: 2 })).toEqual({ unavailableBytes: 1024 });
    expect(capacityHealth({ ...counts, unreachableUnusedCapacityInKb: 2 })).toEqual({ unavailableBytes: 1024 });
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
