import type { Row, Value } from '../change.ts';

const collectionBytes = 3;
const elementBytes = 1;

const textBytes = (text: string): number => Buffer.byteLength(text);

/** Two digits a byte, and one more. */
const numberBytes = (value: number): number => {
  const digits = String(Math.abs(value)).replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length;
  return 1 + Math.ceil(digits / 2) + (value < 0 ? 1 : 0);
};

const entriesBytes = (entries: readonly [string, Value | undefined][]): number =>
  entries.reduce((sum, [name, value]) => sum + (value === undefined ? 0 : textBytes(name) + valueBytes(value)), 0);

const objectBytes = (value: object): number => {
  if (Array.isArray(value)) return collectionBytes + value.reduce((sum, one) => sum + elementBytes + valueBytes(one), 0);
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return collectionBytes + entries.length * elementBytes + entriesBytes(entries);
};

const valueBytes = (value: Value): number => {
  if (typeof value === 'string') return textBytes(value);
  if (typeof value === 'number') return numberBytes(value);
  return typeof value === 'object' && value !== null ? objectBytes(value) : 1;
};

/** Size of a row as DynamoDB counts it. */
export const rowBytes = (row: Row): number => entriesBytes(Object.entries(row));
