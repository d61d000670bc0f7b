import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../../functions/doctor/exit-code.ts';

const found = (outcome: 'repaired' | 'changed meanwhile' | 'left') => ({ check: 'locks', subject: 'x', says: 'y', outcome }) as const;
const unasked = [{ provider: 'attic', reason: 'it does not answer' }];

describe('how the doctor ends', () => {
  it.each([
    ['0 when there is nothing', [], [], 0],
    ['0 when all was repaired', [found('repaired')], [], 0],
    ['1 when something is left', [found('repaired'), found('left')], [], 1],
    ['1 when something changed under its hands', [found('changed meanwhile')], [], 1],
    ['2 when an array could not be asked, since nothing is known of it', [], unasked, 2],
    ['1 when something is left, whatever could not be asked', [found('left')], unasked, 1],
  ] as const)('is %s', (...[, findings, silent, code]) => {
    expect(exitCodeOf({ findings, unasked: silent })).toBe(code);
  });
});
