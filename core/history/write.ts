import type { Write } from '../change.ts';
import { absent } from '../change.ts';
import type { Delta } from './delta.ts';

/** History is kept so long; then its rows expire. */
export const historyDays = 400;

const secondsPerDay = 86_400;

export type EventKind = 'created' | 'changed' | 'removed';

interface Writer {
  readonly actor: string;
  readonly at: string;
  readonly operationId?: string;
}

export interface NewEvent {
  /** Of the resource. */
  readonly id: string;
  /** A ULID. */
  readonly sk: string;
  readonly kind: EventKind;
  readonly delta: Delta;
  readonly order?: string;
}

export const expiryOf = (at: string): number => Math.floor(Date.parse(at) / 1000) + historyDays * secondsPerDay;

const versionDigits = 9;

/**
 * Where a change that was made to this version of a resource stands among all of it. Clocks of different functions differ by moments, so that the
 * events' own times and keys need not be in the order of the changes; this text is.
 */
export const orderAfter = ({ createdAt, version }: { readonly createdAt: string; readonly version: number }): string =>
  `${createdAt}#${String(version).padStart(versionDigits, '0')}`;

export const eventWrite = (writer: Writer, { id, sk, kind, delta, order }: NewEvent): Write => ({
  do: 'put',
  table: 'History',
  row: {
    pk: id,
    sk,
    kind,
    at: writer.at,
    actor: writer.actor,
    ...(writer.operationId ? { operationId: writer.operationId } : {}),
    ...delta,
    ...(order ? { order } : {}),
    dayPk: writer.at.slice(0, 10),
    daySk: `${sk}#${id}`,
    expiresAtEpochSeconds: expiryOf(writer.at),
  },
  when: absent,
});

export const leftPk = (listPk: string): string => `LEFT#${listPk}`;

/** Notes that a resource left a list; under the key of the event of that change. */
export const leftWrite = ({ at }: Writer, listing: { readonly pk: string; readonly id: string }, sk: string): Write => ({
  do: 'put',
  table: 'History',
  row: { pk: leftPk(listing.pk), sk, id: listing.id, at, expiresAtEpochSeconds: expiryOf(at) },
  when: absent,
});
