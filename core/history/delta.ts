import { isDeepStrictEqual } from 'node:util';
import type { Row, Value } from '../change.ts';

type Fields = Readonly<Record<string, Value | undefined>>;

/** A change of a list: from `at` on, `removed` stood where now `added` stands. Of many added entries only the number is kept. */
export interface ListChange {
  readonly [field: string]: Value;
  readonly at: number;
  readonly removed: readonly Value[];
  readonly added: readonly Value[] | number;
}

/**
 * What a history event keeps of a change. `before` and `lists` are exact, so that the change can be undone; null stands for "was not
 * there". `after` is for reading and is left out when it is long.
 */
export interface Delta {
  readonly before?: Readonly<Record<string, Value>>;
  readonly after?: Readonly<Record<string, Value>>;
  readonly lists?: Readonly<Record<string, ListChange>>;
  /** Names of fields that were too large to keep; such a change cannot be undone. */
  readonly cut?: readonly string[];
}

/** Locks and counters of changes are bookkeeping: a lock may come and go without a history event. */
const bookkeeping = ['activeTaskId', 'version'];

const mostBeforeBytes = 16_384;
const mostAfterBytes = 1024;

const sizeBytes = (value: object): number => Buffer.byteLength(JSON.stringify(value));

const sameEntries = (left: readonly Value[], right: readonly Value[], most: number): number => {
  let count = 0;
  while (count < most && isDeepStrictEqual(left[count], right[count])) count += 1;
  return count;
};

const listChange = (before: readonly Value[], after: readonly Value[]): ListChange => {
  const shorter = Math.min(before.length, after.length);
  const at = sameEntries(before, after, shorter);
  const kept = sameEntries(before.toReversed(), after.toReversed(), shorter - at);
  const added = after.slice(at, after.length - kept);
  return { at, removed: before.slice(at, before.length - kept), added: sizeBytes(added) > mostAfterBytes ? added.length : added };
};

const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

const filled = <T extends object>(name: string, value: T): Record<string, T> => (Object.keys(value).length > 0 ? { [name]: value } : {});

/** What is kept of a change of these fields. */
export const deltaOf = (previous: Fields, next: Fields, names: readonly string[]): Delta => {
  const before: Record<string, Value> = {};
  const after: Record<string, Value> = {};
  const lists: Record<string, ListChange> = {};
  for (const name of names) {
    if (bookkeeping.includes(name)) continue;
    const [old, now] = [previous[name], next[name]];
    if (isList(old) && isList(now)) lists[name] = listChange(old, now);
    else [before[name], after[name]] = [old ?? null, now ?? null];
  }
  if (sizeBytes([before, lists]) > mostBeforeBytes) return { cut: [...Object.keys(before), ...Object.keys(lists)] };
  return {
    ...filled('before', before),
    ...(sizeBytes(after) > mostAfterBytes ? {} : filled('after', after)),
    ...filled('lists', lists),
  };
};

/** What is kept of a record that goes for good: all of it. */
export const wholeBefore = (row: Fields): Delta => {
  const kept = Object.entries(row).filter((entry): entry is [string, Value] => entry[1] !== undefined && entry[0] !== 'activeTaskId');
  const before = Object.fromEntries(kept);
  return sizeBytes(before) > mostBeforeBytes ? { cut: Object.keys(before) } : { before };
};

const addedCount = ({ added }: ListChange): number => (typeof added === 'number' ? added : added.length);

/** The list as it was; undefined when it is not the one that the change has made. */
const undoList = (list: Value | undefined, change: ListChange): readonly Value[] | undefined => {
  const end = change.at + addedCount(change);
  if (!isList(list) || list.length < end) return undefined;
  if (typeof change.added !== 'number' && !isDeepStrictEqual(list.slice(change.at, end), change.added)) return undefined;
  return [...list.slice(0, change.at), ...change.removed, ...list.slice(end)];
};

/** The row as it was before the change; undefined when the change does not lead to this row or was not kept whole. */
export const undo = (row: Row, { before = {}, lists = {}, cut }: Delta): Row | undefined => {
  if (cut) return undefined;
  const previous: Record<string, Value | undefined> = { ...row };
  for (const [name, value] of Object.entries(before)) {
    if (value === null) delete previous[name];
    else previous[name] = value;
  }
  for (const [name, change] of Object.entries(lists)) {
    const list = undoList(previous[name], change);
    if (!list) return undefined;
    previous[name] = list;
  }
  return { ...previous, pk: row.pk, sk: row.sk };
};
