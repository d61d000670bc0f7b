import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../../../../local/dynamodb/model.ts';
import { indexRow, indexWriteUnits, itemBytes, itemWriteUnits, readUnits } from '../../../../local/dynamodb/units.ts';

describe('the size of a value', () => {
  it.each<[AttributeValue, number]>([
    [{ S: 'abc' }, 3],
    [{ S: 'äö' }, 4],
    [{ S: '' }, 0],
    [{ N: '0' }, 1],
    [{ N: '12' }, 2],
    [{ N: '-1.50' }, 3],
    [{ N: '1e10' }, 2],
    [{ B: 'AAAA' }, 3],
    [{ BOOL: false }, 1],
    [{ NULL: true }, 1],
    [{ SS: ['a', 'bc'] }, 3],
    [{ NS: ['1', '100'] }, 4],
    [{ BS: ['AAAA'] }, 3],
    [{ L: [{ S: 'a' }, { N: '1' }] }, 3 + 2 + 3],
    [{ M: { a: { S: 'b' }, c: { BOOL: true } } }, 3 + 2 + 4],
    [{}, 0],
  ])('of %j is %i bytes beside its name', (value, bytes) => {
    expect(itemBytes({ name: value })).toBe(4 + bytes);
  });
});

const item = (bytes: number) => ({ k: { S: 'x'.repeat(bytes - 1) } });

describe('units', () => {
  it('of a write count begun kilobytes of the larger item, at least one', () => {
    expect(itemWriteUnits(undefined, undefined)).toBe(1);
    expect(itemWriteUnits(undefined, item(1024))).toBe(1);
    expect(itemWriteUnits(undefined, item(1025))).toBe(2);
    expect(itemWriteUnits(item(3000), item(10))).toBe(3);
  });

  it('of a read count begun 4 KB, half when it may be stale', () => {
    expect(readUnits(0, true)).toBe(1);
    expect(readUnits(4097, true)).toBe(2);
    expect(readUnits(4097, false)).toBe(1);
  });

  it('of an index count deletion and insertion when its key changes', () => {
    expect(indexWriteUnits({ before: item(10), after: item(2000), keyChanged: true })).toBe(3);
    expect(indexWriteUnits({ before: item(10), after: item(2000), keyChanged: false })).toBe(2);
    expect(indexWriteUnits({ before: item(10), after: undefined, keyChanged: true })).toBe(1);
  });
});

describe('the row of an index', () => {
  const table = {
    TableName: 'T',
    TableStatus: 'ACTIVE',
    TableArn: 'arn',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
    AttributeDefinitions: [],
  };
  const index = (ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE', NonKeyAttributes?: string[]) => ({
    IndexName: 'byA',
    KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' as const }],
    Projection: { ProjectionType, ...(NonKeyAttributes ? { NonKeyAttributes } : {}) },
  });
  const full = { pk: { S: '1' }, a: { S: 'x' }, b: { S: 'y' }, c: { S: 'z' } };

  it('has what its projection names, and there is none for an item without its key', () => {
    expect(indexRow(index('ALL'), table, full)).toEqual(full);
    expect(indexRow(index('KEYS_ONLY'), table, full)).toEqual({ pk: full.pk, a: full.a });
    expect(indexRow(index('INCLUDE', ['b', 'missing']), table, full)).toEqual({ pk: full.pk, a: full.a, b: full.b });
    expect(indexRow(index('ALL'), table, { pk: full.pk })).toBeUndefined();
    expect(indexRow(index('ALL'), table, undefined)).toBeUndefined();
  });
});
