import { describe, expect, it } from 'vitest';
import { has, introducedIn, isAtLeast } from '../../../../drivers/scaleio/releases.ts';

describe('a release', () => {
  it.each([
    ['3.0', '3.0', true],
    ['2.5', '3.0', false],
    ['3.10', '3.9', true],
    ['3.9', '3.10', false],
    ['4', '3.5', true],
    ['3', '3.5', false],
    ['10.1', '4.0', true],
  ])('%s is at least %s: %s', (have, wanted, expected) => {
    expect(isAtLeast(have, wanted)).toBe(expected);
  });

  it('has what came with it or before', () => {
    expect(has('2.5', 'net capacity figures')).toBe(false);
    expect(has('3.0', 'net capacity figures')).toBe(true);
    expect(has('3.6', 'hosts by NVMe over TCP')).toBe(false);
    expect(has('4.5', 'hosts by NVMe over TCP')).toBe(true);
    expect(introducedIn('hosts by NVMe over TCP')).toBe('4.0');
  });
});
