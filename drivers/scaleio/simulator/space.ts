import { capacityOf } from './capacity.ts';
import { refuse } from './errors.ts';
import type { ArrayState, Pool } from './model.ts';

/** 1 PiB. */
const largestVolumeInKb = 1048576 * 1024 * 1024;

export interface Wanted {
  thick: boolean;
  /** Net KiB to be added. */
  moreInKb: number;
}

/** Refuses what the pool cannot hold: thick space is reserved whole, thin space up to the overprovisioning limit. */
export function requireSpace(array: ArrayState, pool: Pool, { thick, moreInKb }: Wanted): void {
  const capacity = capacityOf(array, pool);
  if (thick) {
    if (moreInKb > capacity.netAvailable) throw refuse('THICK_VOL_RESERVATION_VIOLATION');
    return;
  }
  if (capacity.netAvailable === 0) throw refuse('CAPACITY_TOO_LOW_FOR_THIN_VOL');
  if (capacity.netProvisioned + moreInKb > capacity.netTotal * pool.overprovisioning) throw refuse('TOO_MUCH_THIN_CAPACITY');
}

export function requireSize(sizeInKb: number): void {
  if (sizeInKb > largestVolumeInKb) throw refuse('VOL_SIZE_TOO_LARGE');
}
