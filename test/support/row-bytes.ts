import type { Item } from '../../local/dynamodb/model.ts';
import { itemBytes } from '../../local/dynamodb/units.ts';

const attributeOf = (value: unknown): Item[string] => {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(attributeOf) };
  return { M: itemOf(Object(value)) };
};

const itemOf = (fields: object): Item =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, attributeOf(value)]),
  );

/** Size of a row as the store counts it. */
export const rowBytes = (row: object): number => itemBytes(itemOf(row));
