import { describe, expect, it } from 'vitest';
import type { Row } from '../../../../core/change.ts';
import { rowBytes } from '../../../../core/cost/row-size.ts';
import { rowBytes as storeBytes } from '../../../support/row-bytes.ts';

describe('the size of a row', () => {
  it.each<[string, Record<string, Row[string]>]>([
    ['texts', { name: 'data', umlaut: 'Größe', empty: '' }],
    ['numbers', { zero: 0, small: 7, large: 8_589_934_592, negative: -12_345, part: 0.25, hundreds: 1_000_000 }],
    ['flags and nothing', { yes: true, no: false, none: null, absent: undefined }],
    ['lists and objects', { list: ['a', 'bc', 3], nested: { deep: { deeper: [true, { x: 'y' }] }, gone: undefined }, empty: [], none: {} }],
  ])('of %s is what the store counts', (_what, attributes) => {
    const row = { pk: 'urn:storageos:Volume:1', sk: 'RESOURCE', ...attributes };
    expect(rowBytes(row)).toBe(storeBytes(row));
  });
});
