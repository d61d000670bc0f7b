import { describe, expect, it } from 'vitest';
import { capacityMetrics, deviceWindows, periodOf, userWindows, windowMetrics } from '../../../../drivers/scaleio/metrics.ts';

const counts = { numOfThickBaseVolumes: 0, numOfThinBaseVolumes: 0, numOfSnapshots: 0 };
const window = (numSeconds: number, totalWeightInKb: number, numOccured: number) => ({ numSeconds, totalWeightInKb, numOccured });

describe('what the array’s windows tell', () => {
  it('is requests, bytes and microseconds', () => {
    const figures = {
      userDataReadBwc: window(5, 400, 50),
      userDataWriteBwc: window(10, 100, 5),
      userDataSdcReadLatency: window(5, 25_000, 50),
      userDataSdcWriteLatency: window(0, 0, 0),
    };
    expect(windowMetrics(figures, userWindows)).toEqual({
      readIops: 10,
      writeIops: 0.5,
      readBytesPerSecond: 80 * 1024,
      writeBytesPerSecond: 10 * 1024,
      readLatencyMicroseconds: 500,
    });
    expect(periodOf(figures, userWindows)).toBe(10);
  });

  it('is nothing where a release has none', () => {
    expect(windowMetrics(undefined, deviceWindows)).toEqual({});
    expect(periodOf({}, deviceWindows)).toBe(0);
  });
});

describe('the capacity of a pool, as a measurement', () => {
  it('is net, also what is in use', () => {
    const net = { ...counts, netCapacityInUseInKb: 3, netUnusedCapacityInKb: 5, volumeAddressSpaceInKb: 7, spareCapacityInKb: 2 };
    expect(capacityMetrics(net)).toEqual({ totalBytes: 8192, freeBytes: 5120, subscribedBytes: 7168, allocatedBytes: 3072 });
    expect(capacityMetrics({ ...counts, capacityInUseInKb: 6, failedCapacityInKb: 2 })).toMatchObject({
      allocatedBytes: 3072,
      unavailableBytes: 1024,
    });
  });

  it('tells nothing of what is in use where the array does not, and nothing at all where it does not count', () => {
    expect(capacityMetrics(counts)).not.toHaveProperty('allocatedBytes');
    expect(capacityMetrics({})).toEqual({});
    expect(capacityMetrics(undefined)).toEqual({});
  });
});
