import type { AttributeValue, IndexSpec, Item, Table } from './model.ts';

/** Sizes and capacity units, as AWS counts them. */

const textBytes = (text: string) => Buffer.byteLength(text, 'utf8');
const base64Bytes = (text: string) => Buffer.byteLength(text, 'base64');
const sum = <T>(values: readonly T[], bytes: (value: T) => number) => values.reduce((total, value) => total + bytes(value), 0);

/** Two digits a byte, leading and trailing zeroes not counted, and one byte, another one if negative. */
function numberBytes(text: string): number {
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/[-+.]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '').length;
  return 1 + Math.ceil(digits / 2) + (text.startsWith('-') ? 1 : 0);
}

const COLLECTION_BYTES = 3;

const sizes: { [Type in keyof AttributeValue]-?: (value: NonNullable<AttributeValue[Type]>) => number } = {
  S: textBytes,
  N: numberBytes,
  B: base64Bytes,
  BOOL: () => 1,
  NULL: () => 1,
  SS: (values) => sum(values, textBytes),
  NS: (values) => sum(values, numberBytes),
  BS: (values) => sum(values, base64Bytes),
  L: (values) => COLLECTION_BYTES + sum(values, (value) => 1 + valueBytes(value)),
  M: (values) => COLLECTION_BYTES + Object.keys(values).length + itemBytes(values),
};

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return textBytes(value.S);
  const [type] = Object.keys(value);
  const size = type === undefined ? undefined : Reflect.get(sizes, type);
  return typeof size === 'function' && type !== undefined ? size(Reflect.get(value, type)) : 0;
}

export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) bytes += textBytes(name) + valueBytes(value);
  }
  return bytes;
}

const writeUnits = (bytes: number) => Math.max(1, Math.ceil(bytes / 1024));

/** Units of a write, before any doubling by a transaction: as large as the item is, or was. */
export function itemWriteUnits(before: Item | undefined, after: Item | undefined): number {
  return writeUnits(Math.max(before ? itemBytes(before) : 0, after ? itemBytes(after) : 0));
}

/** Units of reading so many bytes: half of it when the read may be stale. */
export const readUnits = (bytes: number, consistent: boolean) => Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);

/** The row an index holds for an item; nothing if the item lacks one of its keys. */
export function indexRow(index: IndexSpec, table: Table, item: Item | undefined): Item | undefined {
  if (item === undefined || index.KeySchema.some((key) => item[key.AttributeName] === undefined)) return undefined;
  if (index.Projection.ProjectionType === 'ALL') return item;
  const names = [...index.KeySchema, ...table.KeySchema].map((key) => key.AttributeName);
  const row: Item = {};
  for (const name of [...names, ...(index.Projection.NonKeyAttributes ?? [])]) {
    const value = item[name];
    if (value !== undefined) row[name] = value;
  }
  return row;
}

export interface RowChange {
  before: Item | undefined;
  after: Item | undefined;
  keyChanged: boolean;
}

/** Units of one index for one write: a changed key is a delete and an insert. */
export function indexWriteUnits({ before, after, keyChanged }: RowChange): number {
  if (before && after && keyChanged) return writeUnits(itemBytes(before)) + writeUnits(itemBytes(after));
  return itemWriteUnits(before, after);
}
