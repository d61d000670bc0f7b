import type { Row } from '../change.ts';
import type { Rows } from '../ports.ts';
import { digestCharacters, digestsOf, eventHash, type Seal, sealHash, sealOf, sealPk } from './seal.ts';
import { type Bounds, eventsBetween } from './stretch.ts';
import { ulidFloor, ulidTimeMs } from './ulid-time.ts';
import { historyDays } from './write.ts';

export interface Difference {
  readonly what: 'eventAltered' | 'eventMissing' | 'eventAdded' | 'sealAltered' | 'sealMissing';
  /** The stretch of time in which it is; ISO times. */
  readonly from: string;
  readonly to: string;
  readonly eventId?: string;
  readonly resourceId?: string;
  readonly details: string;
}

export interface Verification {
  readonly seals: number;
  readonly events: number;
  /** Up to where history is sealed and was looked at; ISO time. */
  readonly sealedUntil?: string;
  /** Of the newest seal that was looked at, to compare with the log. */
  readonly lastHash?: string;
  readonly difference?: Difference;
  /** Where to go on; ISO time. */
  readonly nextFrom?: string;
}

export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
}

const mostSeals = 300;
const mostEvents = 2000;
const sealsAtOnce = 50;
const marginMs = 3_600_000;
const lowest = '0';

const isoOf = (place: string): string => new Date(ulidTimeMs(place)).toISOString();
const periodOf = ({ from, to }: Bounds) => ({ from: isoOf(from), to: isoOf(to) });

/** Events and seals from this time on have not expired. */
const keptSinceMs = (nowMs: number): number => nowMs - historyDays * 86_400_000 + marginMs;

interface Chain {
  /** Lies before the period, and is looked at for its hash alone. */
  readonly before: Seal | undefined;
  readonly seals: readonly Seal[];
  readonly hasMore: boolean;
}

const readChain = async (rows: Rows, { fromMs, toMs }: Period): Promise<Chain> => {
  const from = ulidFloor(fromMs);
  const [earlier, page] = await Promise.all([
    rows.query({ table: 'History', pk: sealPk, skBetween: [lowest, from], newestFirst: true, limit: 2 }),
    rows.query({ table: 'History', pk: sealPk, skBetween: [from, ulidFloor(toMs + 1)], limit: mostSeals }),
  ]);
  const [prior, beforePrior] = earlier.rows.map(sealOf);
  const later = page.rows.map(sealOf).filter((seal) => seal.from !== prior?.from);
  const hasMore = page.cursor !== undefined;
  return prior && prior.to > from ? { before: beforePrior, seals: [prior, ...later], hasMore } : { before: prior, seals: later, hasMore };
};

const brokenChain = (seal: Seal, before: Seal): Difference | undefined => {
  if (seal.from !== before.to)
    return {
      what: 'sealMissing',
      ...periodOf({ from: before.to, to: seal.from }),
      details: 'a seal is missing, or one beside it was altered',
    };
  if (seal.previousHash === before.hash) return undefined;
  return { what: 'sealAltered', ...periodOf(before), details: 'the seal is not the one that the next seal was made over' };
};

/** Only the very first seal is over no other. */
const missingBefore = (seal: Seal, nowMs: number): Difference | undefined =>
  seal.previousHash === '' || ulidTimeMs(seal.from) < keptSinceMs(nowMs)
    ? undefined
    : { what: 'sealMissing', from: isoOf(lowest), to: isoOf(seal.from), details: 'the seal before this one is missing' };

const kinds = { '-1': 'eventMissing', '0': 'eventAltered', '1': 'eventAdded' } as const;

const nameOf = ({ sk, pk }: Row): string => `${sk} of ${pk}`;

/** What is at the place, or what it lies between. */
const placeText = (events: readonly Row[], n: number, what: (typeof kinds)[keyof typeof kinds]): string => {
  const [before, here] = [events[n - 1], events[n]];
  if (here && what !== 'eventMissing') return `${what === 'eventAdded' ? 'added' : 'altered'}: ${nameOf(here)}`;
  return `missing between ${before ? nameOf(before) : 'the beginning'} and ${here ? nameOf(here) : 'the end'}`;
};

/** Where the events are not those that were sealed. */
const differing = (seal: Seal, events: readonly Row[], hashes: readonly string[]): Difference => {
  const digest = (n: number): string => seal.digests.slice(n * digestCharacters, (n + 1) * digestCharacters);
  const n = hashes.findIndex((hash, each) => hash.slice(0, digestCharacters) !== digest(each));
  const place = n < 0 ? hashes.length : n;
  const period = periodOf(seal);
  const sign = String(Math.sign(hashes.length - seal.count)) as keyof typeof kinds;
  const what = kinds[sign];
  const event = what === 'eventMissing' ? undefined : events[place];
  return {
    what,
    ...period,
    ...(event ? { eventId: event.sk, resourceId: event.pk } : {}),
    details: `${seal.count} events were sealed and ${hashes.length} are there; first ${placeText(events, place, what)}`,
  };
};

const brokenSeal = (seal: Seal, all: readonly Row[], nowMs: number): Difference | undefined => {
  if (ulidTimeMs(seal.from) < keptSinceMs(nowMs)) return undefined;
  const events = all.filter(({ sk }) => sk >= seal.from && sk < seal.to);
  const hashes = events.map(eventHash);
  const isSealed = sealHash(seal, hashes) === seal.hash;
  const digests = digestsOf(hashes);
  if (isSealed && hashes.length === seal.count && digests === seal.digests) return undefined;
  if (!isSealed && digests !== seal.digests) return differing(seal, events, hashes);
  return { what: 'sealAltered', ...periodOf(seal), details: 'the events are those that were sealed, and the seal itself is not' };
};

interface Progress {
  readonly done: readonly Seal[];
  readonly events: number;
  readonly difference?: Difference;
}

/** Some seals that follow each other: one read of their events. */
const verifySome = async (rows: Rows, seals: readonly Seal[], at: { before: Seal | undefined; nowMs: number }): Promise<Progress> => {
  const [first, last] = [seals[0], seals.at(-1)];
  if (!first || !last) return { done: [], events: 0 };
  const events = await eventsBetween(rows, { from: first.from, to: last.to });
  for (const [n, seal] of seals.entries()) {
    const before = seals[n - 1] ?? at.before;
    const difference = (before ? brokenChain(seal, before) : missingBefore(seal, at.nowMs)) ?? brokenSeal(seal, events, at.nowMs);
    if (difference) return { done: seals.slice(0, n), events: events.filter(({ sk }) => sk < seal.from).length, difference };
  }
  return { done: seals, events: events.length };
};

/**
 * Computes the seals of a period anew and compares them, up to the first difference. Looks at a limited number at once; `nextFrom` says where to go on.
 * What has expired is not looked at, and what is not sealed yet cannot be.
 */
export const verifyHistory = async (rows: Rows, period: Period): Promise<Verification> => {
  const { before, seals, hasMore } = await readChain(rows, period);
  let done = 0;
  let events = 0;
  let difference: Difference | undefined;
  while (done < seals.length && events < mostEvents && !difference) {
    const some = seals.slice(done, done + sealsAtOnce);
    const progress = await verifySome(rows, some, { before: seals[done - 1] ?? before, nowMs: period.nowMs });
    done += progress.done.length;
    events += progress.events;
    difference = progress.difference;
  }
  const last = seals[done - 1];
  const isPart = difference === undefined && (done < seals.length || hasMore);
  return {
    seals: done,
    events,
    ...(last ? { sealedUntil: isoOf(last.to), lastHash: last.hash } : {}),
    ...(difference ? { difference } : {}),
    ...(isPart && last ? { nextFrom: isoOf(last.to) } : {}),
  };
};
