import { DriverError } from '../sdk/errors.ts';

export const bytesPerKb = 1024;
export const bytesPerGb = 1024 ** 3;

/** The array provisions in blocks of 8 GiB and rounds up by itself; sizes are refused rather than rounded behind the caller's back. */
export const granularityBytes = 8 * bytesPerGb;
/** One block is the smallest volume. */
export const minVolumeBytes = 8 * bytesPerGb;
export const maxVolumeBytes = 1_048_576 * bytesPerGb;

export const requireSize = (sizeBytes: number): void => {
  if (sizeBytes >= minVolumeBytes && sizeBytes <= maxVolumeBytes && sizeBytes % granularityBytes === 0) return;
  throw new DriverError(`size ${sizeBytes} must be a multiple of 8 GiB (${granularityBytes}) from 8 GiB to 1 PiB`, {
    outcome: 'DriverRejected',
    code: 'request.invalid',
  });
};
