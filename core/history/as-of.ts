import * as z from 'zod';
import type { Row } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import { type ListingRow, listingRows } from '../inventory/listings.ts';
import { findResource, getResource, type Reader, type Reference } from '../inventory/read.ts';
import { resourceBase, resourceKey } from '../inventory/resource.ts';
import type { ResourceOf, ResourceType } from '../inventory/schemas.ts';
import type { QueryPage, RowPage, Rows } from '../ports.ts';
import { eventOf, type HistoryEvent } from './event.ts';
import { type Rebuilt, rebuild } from './rebuild.ts';
import { leftPk } from './write.ts';

/** Events are keyed by the clocks of different functions; the key's order is trusted no closer than this. */
const clocksDifferMs = 60_000;

const pageSize = 100;

const earlier = (at: string): string => new Date(Date.parse(at) - clocksDifferMs).toISOString();

/** Every event of a resource after this time, and some before it. */
const eventsSince = async (rows: Rows, id: string, at: string): Promise<HistoryEvent[]> => {
  const events: HistoryEvent[] = [];
  const oldest = earlier(at);
  let cursor: string | undefined;
  do {
    const page = await rows.query({ table: 'History', pk: id, newestFirst: true, limit: pageSize, ...(cursor ? { cursor } : {}) });
    events.push(...page.rows.map(eventOf));
    cursor = page.cursor;
  } while (cursor && (events.at(-1)?.at ?? '') > oldest);
  return events;
};

/** In the order of the ids. */
const rebuildAll = async (rows: Rows, ids: readonly string[], at: string): Promise<Rebuilt[]> => {
  const distinct = [...new Set(ids)];
  // In this order: a change that is made in between is in the events, and is seen not to be in the row.
  const live = await rows.getMany('Inventory', distinct.map(resourceKey));
  const events = await Promise.all(distinct.map((id) => eventsSince(rows, id, at)));
  const rebuilt = new Map(distinct.map((id, n) => [id, rebuild(live[n], events[n] ?? [], at)]));
  return ids.flatMap((id) => rebuilt.get(id) ?? []);
};

const resourceRow = z.looseObject(resourceBase);

const listed = (row: Row | undefined, pk: string): ListingRow | undefined =>
  row && listingRows(resourceRow.parse({ ...row, id: row.pk })).find((listing) => listing.pk === pk);

interface Membership {
  readonly listing: ListingRow;
  /** The change by which it left the list for the first time since. */
  readonly leftBy?: string | undefined;
}

/** Undefined when it was not in the list at that time. */
const membership = ({ row, since }: Rebuilt, pk: string): Membership | undefined => {
  const listing = listed(row, pk);
  if (!listing) return undefined;
  return { listing, leftBy: since.find((step) => listed(step.row, pk)?.sk !== listing.sk)?.event.id };
};

interface ListAsOf {
  readonly rows: Rows;
  readonly at: string;
  readonly pk: string;
  readonly prefix: string;
  readonly limit: number;
}

const cursorOf = (phase: 'listed' | 'left', cursor: string | undefined) => (cursor ? { cursor: `${phase}.${cursor}` } : {});

/** Those who are in the list now and were in it all the time since. */
const stayed = async ({ rows, at, pk, prefix, limit }: ListAsOf, cursor: string): Promise<RowPage> => {
  const page = await rows.query({ table: 'Inventory', pk, limit, ...(prefix ? { skPrefix: prefix } : {}), ...(cursor ? { cursor } : {}) });
  const rebuilt = await rebuildAll(
    rows,
    page.rows.map((row) => String(row['id'])),
    at,
  );
  const members = rebuilt.map((one) => membership(one, pk));
  const found = members.flatMap((one, n) => (one && !one.leftBy && one.listing.sk === page.rows[n]?.sk ? [one.listing] : []));
  return { rows: found, ...(page.cursor ? cursorOf('listed', page.cursor) : { cursor: 'left.' }) };
};

/** Those who were in the list and have left it since, under the name they had. */
const left = async ({ rows, at, pk, prefix, limit }: ListAsOf, cursor: string): Promise<RowPage> => {
  const page = await rows.query({ table: 'History', pk: leftPk(pk), newestFirst: true, limit, ...(cursor ? { cursor } : {}) });
  const later = page.rows.filter((row) => String(row['at']) > at);
  const rebuilt = await rebuildAll(
    rows,
    later.map((row) => String(row['id'])),
    at,
  );
  const members = rebuilt.map((one) => membership(one, pk));
  const found = members.flatMap((one, n) => (one && one.leftBy === later[n]?.sk && one.listing.sk.startsWith(prefix) ? [one.listing] : []));
  const more = String(page.rows.at(-1)?.['at'] ?? '') > earlier(at);
  return { rows: found, ...(more ? cursorOf('left', page.cursor) : {}) };
};

const cursorPattern = /^(listed|left)\.(.*)$/;

const foreignCursor = (): ControlPlaneError =>
  new ControlPlaneError('cursor: not one that this list has given; start again without it', { code: 'request.parameterInvalid' });

/**
 * One page of a list as it was. A page reads the history of at most `limit` resources, so that it costs what a page costs however much has
 * changed since; it may hold fewer entries, and more follow as long as there is a cursor. Who left the list since comes last.
 */
const listAsOf = async (list: ListAsOf, given: string | undefined): Promise<RowPage> => {
  const [, phase, cursor = ''] = cursorPattern.exec(given ?? 'listed.') ?? [];
  if (phase === undefined) throw foreignCursor();
  if (phase === 'left') return left(list, cursor);
  const page = await stayed(list, cursor);
  const room = list.limit - page.rows.length;
  if (page.cursor !== 'left.' || room === 0) return page;
  const more = await left({ ...list, limit: room }, '');
  return { rows: [...page.rows, ...more.rows], ...(more.cursor ? { cursor: more.cursor } : {}) };
};

const notKept = (what: string): ControlPlaneError =>
  new ControlPlaneError(`as_of: ${what} cannot be asked for as of a time`, { code: 'request.parameterInvalid' });

/** Of export groups only a project's list is remembered; of tags none. */
const isAskable = ({ table, index, pk }: QueryPage): boolean =>
  table === 'Inventory' && index === undefined && pk.startsWith('LIST#') && (!pk.endsWith('#ExportGroup') || pk.includes(':Project:'));

/**
 * The store as it was at a time: whatever reads resources and their lists through it reads that time. Nothing can be written. Pools' `managedBytes`
 * are those of now, since taking capacity is no change of the pool that its history has.
 */
export const rowsAsOf = (rows: Rows, at: string): Rows => {
  const getMany: Rows['getMany'] = async (table, keys) => {
    if (table !== 'Inventory' || keys.some(({ sk }) => sk !== resourceKey('').sk)) throw notKept('this');
    const rebuilt = await rebuildAll(
      rows,
      keys.map(({ pk }) => pk),
      at,
    );
    return rebuilt.map(({ row }) => row);
  };
  return {
    get: async (table, key) => (await getMany(table, [key]))[0],
    getMany,
    async query(page) {
      if (!isAskable(page)) throw notKept('what this list is of');
      return listAsOf({ rows, at, pk: page.pk, prefix: page.skPrefix ?? '', limit: page.limit ?? pageSize }, page.cursor);
    },
    transact: () => Promise.reject(new Error('the past cannot be changed')),
  };
};

const tense = (live: Row | undefined, at: string): string =>
  live && String(live['createdAt']) > at
    ? `it did not exist yet; it was made at ${String(live['createdAt'])}`
    : 'none is known of that time';

/** A resource as it was at a time. What was not there yet, or was gone for good, is `resource.notFound`. */
export const resourceAsOf = async <T extends ResourceType>(
  rows: Rows,
  reader: Reader,
  { type, id, at }: Reference<T> & { readonly at: string },
): Promise<ResourceOf<T>> => {
  const found = await findResource(rowsAsOf(rows, at), reader, { type, id });
  if (found) return found;
  await getResource(rows, reader, { type, id });
  const live = await rows.get('Inventory', resourceKey(id));
  throw new ControlPlaneError(`there was no ${type} ${id} at ${at}: ${tense(live, at)}`, { code: 'resource.notFound' });
};
