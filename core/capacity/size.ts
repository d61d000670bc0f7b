import { ControlPlaneError } from '../errors.ts';

const factors: Readonly<Record<string, number>> = { B: 1, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 };

const pattern = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/;

const unreadable = (field: string, size: string | number, advice: string): ControlPlaneError =>
  new ControlPlaneError(`${field}: ${JSON.stringify(size).slice(0, 60)} is not a size; ${advice}`, { code: 'request.parameterInvalid' });

const forms = 'give a number of bytes, or a number with TB, GB, MB or B, such as 8GB';

/**
 * A size as clients of CoprHD write it, in whole bytes: a number of bytes, or digits with TB, GB, MB or B in powers of 1024. Decimals are
 * allowed; fractions of a byte are rounded up. `KB` was never understood and is refused, as is zero.
 */
export const parseSize = (size: string | number, field = 'size'): number => {
  const [, digits = '', unit = ''] = pattern.exec(String(size)) ?? [];
  const upper = unit.toUpperCase();
  if (upper === 'KB') throw unreadable(field, size, 'KB is not understood; use MB or bytes');
  const factor = upper === '' ? 1 : factors[upper];
  if (digits === '' || factor === undefined) throw unreadable(field, size, forms);
  const bytes = Math.ceil(Number(digits) * factor);
  if (bytes < 1) throw unreadable(field, size, 'it must be more than nothing');
  if (!Number.isSafeInteger(bytes)) throw unreadable(field, size, 'it must be less than 8,388,608 GB');
  return bytes;
};

/** GiB with two decimals, as answers show sizes: `"8.00"`. */
export const formatGib = (bytes: number): string => (bytes / 1024 ** 3).toFixed(2);

/** The least multiple of the granularity that holds as much. */
export const roundUp = (bytes: number, granularityBytes: number): number => Math.ceil(bytes / granularityBytes) * granularityBytes;
