import type { Row } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import { getResource, isVisible, type PageRequest, type Reader, type Reference } from '../inventory/read.ts';
import { resourceKey } from '../inventory/resource.ts';
import type { ResourceType } from '../inventory/schemas.ts';
import { findOperation, taskKey, taskOf } from '../operation/store.ts';
import type { Rows } from '../ports.ts';
import { isUrnOf } from '../urn.ts';
import { eventOf, type HistoryEvent } from './event.ts';

export interface EventPage {
  readonly events: readonly HistoryEvent[];
  readonly cursor?: string;
}

const usualPage = 100;
/** Clocks of different functions differ by less. */
const clocksDifferMs = 60_000;

const withCursor = (events: readonly HistoryEvent[], cursor: string | undefined): EventPage => ({ events, ...(cursor ? { cursor } : {}) });

const pageOf = ({ limit = usualPage, cursor }: PageRequest) => ({ newestFirst: true, limit, ...(cursor ? { cursor } : {}) });

/** The row as it is, or as the event kept it by which it went. */
const lastKnown = async (rows: Rows, id: string): Promise<Row | undefined> => {
  const row = await rows.get('Inventory', resourceKey(id));
  if (row) return row;
  const { rows: newest } = await rows.query({ table: 'History', pk: id, newestFirst: true, limit: 1 });
  return newest.map(eventOf).map(({ delta }): Row => ({ ...resourceKey(id), ...delta.before }))[0];
};

/** What happened to a resource, the newest first; also to one that is gone for good. */
export const resourceHistory = async <T extends ResourceType>(
  rows: Rows,
  reader: Reader,
  { page, ...reference }: Reference<T> & { readonly page: PageRequest },
): Promise<EventPage> => {
  const known = isUrnOf(reference.type, reference.id) ? await lastKnown(rows, reference.id) : undefined;
  if (!known || !isVisible(reader, known)) await getResource(rows, reader, reference);
  const found = await rows.query({ table: 'History', pk: reference.id, ...pageOf(page) });
  return withCursor(found.rows.map(eventOf), found.cursor);
};

/** What happened on a day (in UTC), the newest first, through an index that may lag by moments. The caller may see everything. */
export const dayHistory = async (rows: Rows, day: string, page: PageRequest): Promise<EventPage> => {
  const found = await rows.query({ table: 'History', index: 'ByDay', pk: day, ...pageOf(page) });
  const keys = found.rows.map(({ pk, sk }) => ({ pk, sk }));
  const events = keys.length > 0 ? await rows.getMany('History', keys) : [];
  return withCursor(
    events.flatMap((row) => (row ? [eventOf(row)] : [])),
    found.cursor,
  );
};

const eventsOfOperation = async (
  rows: Rows,
  resourceId: string,
  operation: { id: string; acceptedAt: string },
): Promise<HistoryEvent[]> => {
  const events: HistoryEvent[] = [];
  const oldest = new Date(Date.parse(operation.acceptedAt) - clocksDifferMs).toISOString();
  let cursor: string | undefined;
  do {
    const page = await rows.query({ table: 'History', pk: resourceId, ...pageOf({ cursor }) });
    events.push(...page.rows.map(eventOf));
    cursor = page.cursor;
  } while (cursor && (events.at(-1)?.at ?? '') > oldest);
  return events.filter(({ operationId }) => operationId === operation.id);
};

/** A tenant's members see of an operation what it did to resources of their tenant. */
const mayFollow = async (rows: Rows, reader: Reader, resourceId: string): Promise<boolean> =>
  reader === 'system' || (await lastKnown(rows, resourceId))?.['tenantId'] === reader.tenantId;

/** What an operation did to the resources of its tasks, the newest first. */
export const operationHistory = async (rows: Rows, reader: Reader, operationId: string): Promise<HistoryEvent[]> => {
  const operation = await findOperation(rows, operationId);
  if (!operation || (reader !== 'system' && operation.tenantId !== reader.tenantId))
    throw new ControlPlaneError(`there is no operation ${operationId}; operations are kept for 90 days after their end`, {
      code: 'resource.notFound',
    });
  const tasks = await rows.getMany('Tasks', operation.taskIds.map(taskKey));
  const resourceIds = [...new Set(tasks.flatMap((row) => (row ? [taskOf(row).resourceId] : [])))];
  const seen = await Promise.all(resourceIds.map((id) => mayFollow(rows, reader, id)));
  const shown = resourceIds.filter((_, n) => seen[n]);
  const events = await Promise.all(shown.map((id) => eventsOfOperation(rows, id, operation)));
  return events.flat().sort((a, b) => (a.id < b.id ? 1 : -1));
};
