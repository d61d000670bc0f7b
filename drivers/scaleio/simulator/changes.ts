import type { ArrayState } from './model.ts';

/** What is different from before, as plain data. */
export interface Changes {
  /** Part of the array, key, and what is there now. */
  put: [string, string, unknown][];
  removed: [string, string][];
  /** Parts that are one value. */
  replaced: [string, unknown][];
}

type Table = Map<string, unknown>;
type Parts = Record<string, unknown>;

/** All of the array but its functions and its clock. */
export const withoutFunctions = ({ clock: _, ...array }: ArrayState): Parts =>
  Object.fromEntries(Object.entries(array).filter(([, value]) => typeof value !== 'function'));

const sameMaps = (a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.has(key) && same(value, b.get(key)));

const sameSets = (a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean => {
  if (a.size !== b.size) return false;
  for (const value of a) if (!b.has(value)) return false;
  return true;
};

const samePlain = (a: object, b: object): boolean => {
  let count = 0;
  for (const key in a) {
    count += 1;
    if (!same(Reflect.get(a, key), Reflect.get(b, key))) return false;
  }
  for (const _ in b) count -= 1;
  return count === 0;
};

/** Of plain data, maps and sets. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Map && b instanceof Map) return sameMaps(a, b);
  if (a instanceof Set && b instanceof Set) return sameSets(a, b);
  return samePlain(a, b);
}

/** Ids that were given by a seed are many and never change: of the ids only the counts are looked at. */
const partsOf = (array: ArrayState): Parts => {
  const { ids: _, ...parts } = withoutFunctions(array);
  return { ...parts, 'ids.counts': array.ids.counts };
};

function compareTables(part: string, [before, now]: readonly [Table, Table], changes: Changes): void {
  for (const [key, value] of now) if (!same(before.get(key), value)) changes.put.push([part, key, structuredClone(value)]);
  for (const key of before.keys()) if (!now.has(key)) changes.removed.push([part, key]);
}

const difference = (before: Parts, now: Parts): Changes => {
  const changes: Changes = { put: [], removed: [], replaced: [] };
  for (const [part, value] of Object.entries(now)) {
    const known = before[part];
    if (value instanceof Map && known instanceof Map) compareTables(part, [known, value], changes);
    else if (!same(known, value)) changes.replaced.push([part, structuredClone(value)]);
  }
  return changes;
};

const tableIn = (parts: Parts, part: string): Table => {
  const known = parts[part];
  const table: Table = known instanceof Map ? known : new Map();
  parts[part] = table;
  return table;
};

const apply = (parts: Parts, { put, removed, replaced }: Changes): void => {
  for (const [part, key, value] of put) tableIn(parts, part).set(key, value);
  for (const [part, key] of removed) tableIn(parts, part).delete(key);
  for (const [part, value] of replaced) parts[part] = value;
};

/** Brings an array that was kept up to date. */
export function applyChanges(saved: Parts & { ids?: { counts: Table } }, changes: Changes): void {
  const parts: Parts = { ...saved, 'ids.counts': saved.ids?.counts };
  apply(parts, changes);
  const { 'ids.counts': _, ...rest } = parts;
  Object.assign(saved, rest);
}

export interface Tracker {
  /** What changed since the last `noted`. All objects are looked at, so that none is forgotten; 10,000 volumes take some milliseconds. */
  pending(): Changes;
  noted(changes: Changes): void;
}

/** Remembers the array as it is now. */
export function trackChanges(array: ArrayState): Tracker {
  const before = structuredClone(partsOf(array));
  return {
    pending: () => difference(before, partsOf(array)),
    noted: (changes) => apply(before, changes),
  };
}

export const isEmpty = ({ put, removed, replaced }: Changes): boolean => put.length + removed.length + replaced.length === 0;
