import type { Condition, Refusal, Value, Write } from '../change.ts';
import { absent } from '../change.ts';
import { type ListingRow, listingRows } from './listings.ts';
import { type Resource, resourceKey, toRow } from './resource.ts';

/** Who makes a change, when, and as part of what. Every change of a resource writes its history event in its own transaction. */
export interface Author {
  /** User, or the name of the workflow. */
  actor: string;
  at: string;
  operationId?: string;
  ulid(): string;
}

const historyDays = 400;
const maxEventBytes = 2048;
const secondsPerDay = 86_400;

interface Event {
  resource: Resource;
  kind: 'created' | 'changed' | 'removed';
  before: Readonly<Record<string, Value | undefined>>;
  after: Readonly<Record<string, Value | undefined>>;
}

const bounded = (value: Readonly<Record<string, Value | undefined>>): Readonly<Record<string, Value | undefined>> =>
  JSON.stringify(value).length <= maxEventBytes / 2
    ? value
    : {
        fields: Object.keys(value)
          .join(',')
          .slice(0, maxEventBytes / 2),
      };

/** One event of a resource's history. */
export const historyWrite = (author: Author, event: Event): Write => {
  const sk = author.ulid();
  const expires = Math.floor(Date.parse(author.at) / 1000) + historyDays * secondsPerDay;
  return {
    do: 'put',
    table: 'History',
    row: {
      pk: event.resource.id,
      sk,
      kind: event.kind,
      at: author.at,
      actor: author.actor,
      ...(author.operationId ? { operationId: author.operationId } : {}),
      before: bounded(event.before),
      after: bounded(event.after),
      dayPk: author.at.slice(0, 10),
      daySk: `${sk}#${event.resource.id}`,
      expiresAtEpochSeconds: expires,
    },
    when: absent,
  };
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

const listingChanges = (previous: readonly ListingRow[], next: readonly ListingRow[]): Write[] => {
  const same = (a: ListingRow, b: ListingRow) => a.pk === b.pk && a.sk === b.sk;
  const gone = previous.filter((row) => !next.some((other) => same(row, other)));
  const added = next.filter((row) => !previous.some((other) => same(row, other)));
  return [...gone.map(dropListing), ...added.map(putListing)];
};

const withoutBase = ({
  id,
  version,
  tags,
  inactive,
  createdAt,
  activeTaskId,
  ...rest
}: Resource): Readonly<Record<string, Value | undefined>> => rest;

/** Puts a new resource with its listing rows and its history event. */
export const created = (resource: Resource, author: Author): Write[] => [
  {
    do: 'put',
    table: 'Inventory',
    row: toRow(resource),
    when: absent,
    otherwise: { code: 'resource.changed', message: `${resource.id} exists` },
  },
  ...listingRows(resource).map(putListing),
  historyWrite(author, { resource, kind: 'created', before: {}, after: withoutBase(resource) }),
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
    ...listingChanges(listingRows(previous), listingRows(next)),
    historyWrite(author, {
      resource: previous,
      kind: next.inactive && !previous.inactive ? 'removed' : 'changed',
      before: pick(previous, names),
      after: values,
    }),
  ];
};
