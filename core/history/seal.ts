import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Key, Row, Value, Write } from '../change.ts';
import { absent } from '../change.ts';
import { expiryOf } from './write.ts';

/**
 * History is sealed after the fact: a seal holds a hash over the events of a stretch of time, and over the seal before it. Whoever changes, removes or
 * slips in an event afterwards breaks the seal; whoever renews a seal breaks those after it. The newest hash is also in the log, out of reach of who
 * can only write the table.
 */
export interface Seal {
  /** A ULID or the beginning of one; the seal's key, so that a stretch is sealed once. Included. */
  readonly from: string;
  /** Not included; the next seal's `from`. */
  readonly to: string;
  readonly count: number;
  readonly hash: string;
  /** Empty in the first one. */
  readonly previousHash: string;
  /** The first characters of each event's own hash, to find what differs. */
  readonly digests: string;
  readonly sealedAt: string;
}

export const sealPk = 'SEAL';

export const digestCharacters = 8;

const sealRow = z.object({
  sk: z.string(),
  to: z.string(),
  count: z.number(),
  hash: z.string(),
  previousHash: z.string(),
  digests: z.string(),
  sealedAt: z.string(),
});

export const sealOf = (row: Row): Seal => {
  const { sk, ...rest } = sealRow.parse(row);
  return { from: sk, ...rest };
};

export const sealKey = (from: string): Key => ({ pk: sealPk, sk: from });

export const sealWrite = ({ from, ...rest }: Seal): Write => ({
  do: 'put',
  table: 'History',
  row: { ...sealKey(from), ...rest, expiresAtEpochSeconds: expiryOf(rest.sealedAt) },
  when: absent,
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** JSON with names in order, so that the same row always gives the same text. */
const canonical = (value: Value | undefined): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
};

export const eventHash = (row: Row): string => sha256(canonical(row));

type Stretch = Pick<Seal, 'from' | 'to' | 'previousHash'>;

/** Over the seal before, the stretch, and the hashes of its events in order. */
export const sealHash = ({ previousHash, from, to }: Stretch, hashes: readonly string[]): string =>
  sha256([previousHash, from, to, String(hashes.length), ...hashes].join('\n'));

export const digestsOf = (hashes: readonly string[]): string => hashes.map((hash) => hash.slice(0, digestCharacters)).join('');

export const newSeal = (stretch: Stretch, events: readonly Row[], sealedAt: string): Seal => {
  const hashes = events.map(eventHash);
  return {
    ...stretch,
    count: hashes.length,
    hash: sealHash(stretch, hashes),
    digests: digestsOf(hashes),
    sealedAt,
  };
};
