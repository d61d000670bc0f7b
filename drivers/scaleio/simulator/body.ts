import { badRequest } from './errors.ts';
import type { Json } from './json.ts';

/** Bodies carry strings, also for numbers and booleans; real numbers and booleans are taken as well. */
export function text(body: Json, key: string): string | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw badRequest(`${key} must be a string`);
  return String(value);
}

export function requiredText(body: Json, key: string): string {
  const value = text(body, key);
  if (value === undefined || value === '') throw badRequest(`Required field ${key} is missing`);
  return value;
}

export function wholeNumber(body: Json, key: string): number | undefined {
  const value = text(body, key);
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value.trim())) throw badRequest(`${key} (${value}) must be a non-negative whole number`);
  return Number(value);
}

export function flag(body: Json, key: string): boolean {
  const value = text(body, key)?.toLowerCase();
  if (value === undefined || value === 'false' || value === '') return false;
  if (value === 'true') return true;
  throw badRequest(`${key} (${value}) must be TRUE or FALSE`);
}

interface Choice<T extends string> {
  key: string;
  from: readonly T[];
  absent: T;
}

export function choice<T extends string>(body: Json, { key, from, absent }: Choice<T>): T {
  const value = text(body, key);
  if (value === undefined || value === '') return absent;
  const found = from.find((candidate) => candidate === value);
  if (found === undefined) throw badRequest(`${key} (${value}) must be one of ${from.join(', ')}`);
  return found;
}

export function hexId(value: string, key = 'id'): string {
  if (!/^[0-9a-fA-F]{1,16}$/.test(value)) throw badRequest(`${key} (${value}) must be a hexadecimal number`);
  return value.toLowerCase();
}
