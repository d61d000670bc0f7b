import { readInstallation } from '../identity/installation.ts';
import type { Rows } from '../ports.ts';
import { newSeal, type Seal, sealOf, sealPk, sealWrite } from './seal.ts';
import { eventsBetween } from './stretch.ts';
import { ulidFloor, ulidTimeMs } from './ulid-time.ts';

const everyMs = 300_000;
/** Younger events may not be in the index yet. */
const settledAfterMs = 120_000;
/** A seal covers at most so much: after an outage there are several. */
const longestMs = 86_400_000;
const mostEvents = 500;
/** The first events are made together with the installation. */
const beforeInstallationMs = 60_000;

const lastSeal = async (rows: Rows): Promise<Seal | undefined> => {
  const { rows: newest } = await rows.query({ table: 'History', pk: sealPk, newestFirst: true, limit: 1 });
  return newest.map(sealOf)[0];
};

const startOf = async (rows: Rows): Promise<string | undefined> => {
  const installation = await readInstallation(rows);
  return installation && ulidFloor(Date.parse(installation.createdAt) - beforeInstallationMs);
};

/**
 * Seals the next stretch of history, once there are five minutes of it that are two minutes old. Undefined when there is nothing to seal yet. When
 * another run seals the same stretch, one of the two meets `resource.changed`.
 */
export const sealNext = async (rows: Rows, nowMs: number): Promise<Seal | undefined> => {
  const previous = await lastSeal(rows);
  const from = previous?.to ?? (await startOf(rows));
  if (from === undefined) return undefined;
  const untilMs = Math.min(nowMs - settledAfterMs, ulidTimeMs(from) + longestMs);
  if (ulidTimeMs(from) + everyMs > untilMs) return undefined;
  const until = ulidFloor(untilMs);
  const events = await eventsBetween(rows, { from, to: until }, mostEvents + 1);
  const to = events[mostEvents]?.sk ?? until;
  const stretch = { from, to, previousHash: previous?.hash ?? '' };
  const seal = newSeal(stretch, events.slice(0, mostEvents), new Date(nowMs).toISOString());
  await rows.transact([sealWrite(seal)]);
  return seal;
};
