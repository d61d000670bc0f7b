import type { Row } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import { undo } from './delta.ts';
import type { HistoryEvent } from './event.ts';
import { orderAfter } from './write.ts';

/** A row as it was at a time, and what became of it since. */
export interface Rebuilt {
  /** Undefined: there was none. */
  readonly row: Row | undefined;
  /** Every change since, the oldest first, with the row that it made. */
  readonly since: readonly { readonly event: HistoryEvent; readonly row: Row | undefined }[];
}

const byOrder = (a: HistoryEvent, b: HistoryEvent): number => {
  const [left, right] = [`${a.order} ${a.id}`, `${b.order} ${b.id}`];
  if (left === right) return 0;
  return left < right ? -1 : 1;
};

const incomplete = (event: HistoryEvent): ControlPlaneError =>
  new ControlPlaneError(
    `${event.resourceId}: the change ${event.id} of ${event.at} was too large to be kept whole, so that the state before it is not known; ask for a later time`,
    { code: 'history.incomplete' },
  );

/** A record that was gone for good comes back from the event that removed it. */
const before = (row: Row | undefined, event: HistoryEvent): Row | undefined => {
  if (event.kind === 'created') return undefined;
  const base = row ?? (event.kind === 'removed' ? { pk: event.resourceId, sk: 'RESOURCE' } : undefined);
  const previous = base && undo(base, event.delta);
  if (!previous) throw incomplete(event);
  return previous;
};

/** Changes that were made after the row was read are none of it. */
const orderOf = (live: Row): string => orderAfter({ createdAt: String(live['createdAt']), version: Number(live['version']) });

/**
 * Takes the changes after `at` back from the row as it is now, the newest first. `events` must hold all changes after `at`, in any order;
 * older ones do no harm. Locks are left out, and `version` stays that of now: neither is part of the history.
 */
export const rebuild = (live: Row | undefined, events: readonly HistoryEvent[], at: string): Rebuilt => {
  const made = events.filter(({ order }) => live === undefined || order < orderOf(live)).sort(byOrder);
  const first = made.findIndex((event) => event.at > at);
  let row: Row | undefined = live && { ...live, activeTaskId: undefined };
  const since: Rebuilt['since'][number][] = [];
  for (const event of first < 0 ? [] : made.slice(first).reverse()) {
    since.unshift({ event, row });
    row = before(row, event);
  }
  return { row, since };
};
