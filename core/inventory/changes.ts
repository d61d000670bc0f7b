import type { Condition, Refusal, Value, Write } from '../change.ts';
import { absent } from '../change.ts';
import { deltaOf } from '../history/delta.ts';
import { type EventKind, eventWrite, leftWrite, orderAfter } from '../history/write.ts';
import { isRemembered, type ListingRow, listingRows } from './listings.ts';
import { type Resource, resourceKey, toRow } from './resource.ts';

/** Who makes a change, when, and as part of what. Every change of a resource writes its history event in its own transaction. */
export interface Author {
  /** User, or the name of the workflow. */
  actor: string;
  at: string;
  operationId?: string;
  ulid(): string;
}

interface Event {
  resource: Pick<Resource, 'id'>;
  kind: EventKind;
  before: Readonly<Record<string, Value | undefined>>;
  after: Readonly<Record<string, Value | undefined>>;
}

/** One event of the history of what is no resource. */
export const historyWrite = (author: Author, { resource, kind, before, after }: Event): Write => {
  const delta = deltaOf(before, after, [...new Set([...Object.keys(before), ...Object.keys(after)])]);
  return eventWrite(author, { id: resource.id, kind, delta, sk: author.ulid() });
};

const putListing = (row: ListingRow): Write => ({
  do: 'put',
  table: 'Inventory',
  row,
  ...(row['unique']
    ? { when: absent, otherwise: { code: 'resource.nameTaken' as const, message: `the name ${JSON.stringify(row.name)} is taken` } }
    : {}),
});

const dropListing = ({ pk, sk }: ListingRow): Write => ({ do: 'delete', table: 'Inventory', key: { pk, sk } });

interface Moved {
  readonly gone: readonly ListingRow[];
  readonly added: readonly ListingRow[];
}

const moved = (previous: readonly ListingRow[], next: readonly ListingRow[]): Moved => {
  const same = (a: ListingRow, b: ListingRow) => a.pk === b.pk && a.sk === b.sk;
  return {
    gone: previous.filter((row) => !next.some((other) => same(row, other))),
    added: next.filter((row) => !previous.some((other) => same(row, other))),
  };
};

/** Takes a resource out of lists. A list that can be asked for as it was notes who left it. */
export const leaveListings = (gone: readonly ListingRow[], author: Author, sk: string): Write[] => [
  ...gone.map(dropListing),
  ...gone.filter(isRemembered).map((row) => leftWrite(author, row, sk)),
];

/** Puts a new resource with its listing rows and its history event, which needs no copy: the later events lead back to it. */
export const created = (resource: Resource, author: Author): Write[] => [
  {
    do: 'put',
    table: 'Inventory',
    row: toRow(resource),
    when: absent,
    otherwise: { code: 'resource.changed', message: `${resource.id} exists` },
  },
  ...listingRows(resource).map(putListing),
  eventWrite(author, { id: resource.id, kind: 'created', delta: {}, sk: author.ulid(), order: orderAfter({ ...resource, version: 0 }) }),
];

export interface Guard {
  /** In place of the condition on the version read. */
  when?: readonly Condition[];
  otherwise?: Refusal;
}

/** The fields that differ; a field set to undefined is removed. */
const difference = (previous: Resource, patch: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(patch).filter((name) => JSON.stringify(Reflect.get(previous, name)) !== JSON.stringify(patch[name]));

const pick = (from: object, names: readonly string[]): Record<string, Value | undefined> =>
  Object.fromEntries(names.map((name) => [name, Reflect.get(from, name) as Value | undefined]));

/**
 * Changes some fields of a resource, its listing rows with them, and writes the history event. Conditional on the version that was
 * read unless `guard.when` says otherwise. Nothing to change: no writes.
 */
export const changed = <R extends Resource>(previous: R, patch: Partial<R>, options: { author: Author; guard?: Guard }): Write[] => {
  const names = difference(previous, patch);
  if (names.length === 0) return [];
  const next = { ...previous, ...patch };
  const values = pick(next, names);
  const set = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  const remove = names.filter((name) => values[name] === undefined);
  const { guard, author } = options;
  const { gone, added } = moved(listingRows(previous), listingRows(next));
  const sk = author.ulid();
  return [
    {
      do: 'update',
      table: 'Inventory',
      key: resourceKey(previous.id),
      set,
      remove,
      add: { version: 1 },
      when: guard?.when ?? [{ attribute: 'version', is: '=', value: previous.version }],
      ...(guard?.otherwise ? { otherwise: guard.otherwise } : {}),
    },
    ...leaveListings(gone, author, sk),
    ...added.map(putListing),
    eventWrite(author, {
      id: previous.id,
      kind: next.inactive && !previous.inactive ? 'removed' : 'changed',
      delta: deltaOf(pick(previous, names), values, names),
      sk,
      order: orderAfter(previous),
    }),
  ];
};
