import { bytesPerKb, granularityBytes } from './sizes.ts';
import type { PoolStatisticsWire } from './wire.ts';

export interface Capacity {
  totalBytes: number;
  freeBytes: number;
  subscribedBytes: number;
}

/** Present only where the array tells. */
export interface CapacityHealth {
  spareBytes?: number;
  degradedBytes?: number;
  unavailableBytes?: number;
}

const bytes = (kb: number | undefined): number => (kb ?? 0) * bytesPerKb;

const wholeBlocks = (sizeBytes: number): number => Math.max(0, Math.floor(sizeBytes / granularityBytes) * granularityBytes);

/** What volumes and snapshots were promised; raw figures count both copies. */
const subscribed = (of: PoolStatisticsWire): number =>
  of.volumeAddressSpaceInKb === undefined
    ? (bytes(of.thickCapacityInUseInKb) + bytes(of.snapCapacityInUseInKb) + bytes(of.thinCapacityAllocatedInKb)) / 2
    : bytes(of.volumeAddressSpaceInKb);

/** Net capacity: as the array tells it since 3.0; before, half of what is left beside the spare, in whole blocks of 8 GiB. */
export const poolCapacity = (of: PoolStatisticsWire): Capacity => {
  const { netCapacityInUseInKb, netUnusedCapacityInKb } = of;
  if (netCapacityInUseInKb !== undefined && netUnusedCapacityInKb !== undefined) {
    const freeBytes = bytes(netUnusedCapacityInKb);
    return { totalBytes: bytes(netCapacityInUseInKb) + freeBytes, freeBytes, subscribedBytes: subscribed(of) };
  }
  return {
    totalBytes: wholeBlocks((bytes(of.capacityLimitInKb) - bytes(of.spareCapacityInKb)) / 2),
    freeBytes: bytes(of.capacityAvailableForVolumeAllocationInKb),
    subscribedBytes: subscribed(of),
  };
};

const present = (name: keyof CapacityHealth, sizeBytes: number | undefined): CapacityHealth =>
  sizeBytes === undefined ? {} : { [name]: Math.floor(sizeBytes) };

const half = (kb: number | undefined): number | undefined => (kb === undefined ? undefined : bytes(kb) / 2);

/** Of degraded data one copy is left, which the array counts as healthy. Failed data has none, and unused capacity may be out of reach. */
export const capacityHealth = (of: PoolStatisticsWire): CapacityHealth => {
  const { degradedHealthyCapacityInKb: degraded, failedCapacityInKb: failed, unreachableUnusedCapacityInKb: unreachable } = of;
  return {
    ...present('spareBytes', half(of.spareCapacityInKb)),
    ...present('degradedBytes', degraded === undefined ? undefined : bytes(degraded)),
    ...present(
      'unavailableBytes',
      half(failed === undefined && unreachable === undefined ? undefined : (failed ?? 0) + (unreachable ?? 0)),
    ),
  };
};

/** Volumes and snapshots; releases disagree whether `numOfVolumes` counts snapshots. */
export const objectCount = ({ numOfThickBaseVolumes, numOfThinBaseVolumes, numOfSnapshots }: PoolStatisticsWire): number =>
  numOfThickBaseVolumes + numOfThinBaseVolumes + numOfSnapshots;
