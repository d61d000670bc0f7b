import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatGib, parseSize, roundUp } from '../../../../core/capacity/size.ts';

describe('sizes', () => {
  it.each([
    ['8GB', 8 * 1024 ** 3],
    ['1.5 TB', 1.5 * 1024 ** 4],
    ['512mb', 512 * 1024 ** 2],
    ['100B', 100],
    ['8589934592', 8589934592],
    [8589934592, 8589934592],
    ['0.1B', 1],
  ])('reads %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each([
    ['8KB', 'KB is not understood; use MB or bytes'],
    ['8GiB', 'give a number of bytes, or a number with TB, GB, MB or B'],
    ['', 'give a number of bytes'],
    ['-1', 'give a number of bytes'],
    [-1, 'give a number of bytes'],
    ['0', 'it must be more than nothing'],
    ['9000000TB', 'it must be less than 8,388,608 GB'],
  ])('refuses %s and says what would be right', (text, advice) => {
    expect(() => parseSize(text, 'new_size')).toThrow(
      expect.objectContaining({ code: 'request.parameterInvalid', message: expect.stringContaining(advice) }),
    );
    expect(() => parseSize(text, 'new_size')).toThrow(/^new_size: /);
  });

  it('shows GiB with two decimals', () => {
    expect(formatGib(8 * 1024 ** 3)).toBe('8.00');
    expect(formatGib(0)).toBe('0.00');
  });

  it('rounds up to the next multiple and no further', () => {
    void fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 45 }), fc.integer({ min: 1, max: 2 ** 34 }), (bytes, granularity) => {
        const rounded = roundUp(bytes, granularity);
        expect(rounded % granularity).toBe(0);
        expect(rounded).toBeGreaterThanOrEqual(bytes);
        expect(rounded - bytes).toBeLessThan(granularity);
      }),
    );
  });
});
