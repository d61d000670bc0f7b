import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';

/** What was told already: all that the next call must know. */
export interface Memory {
  /** When the first call was made; empty until then. */
  origin: string;
  /** Calls so far. */
  turn: number;
  /** States of what was not well, by type and native id. */
  unwell: Map<string, 'offline' | 'degraded'>;
  /** Ids of alerts that are on. */
  alerts: Set<string>;
}

export const newMemory = (): Memory => ({ origin: '', turn: 0, unwell: new Map(), alerts: new Set() });

const longestCursor = 65_536;
const largestMemoryBytes = 4 * 1024 ** 2;

const stored = z.object({
  array: z.string(),
  origin: z.string(),
  turn: z.int().min(0),
  offline: z.array(z.string()),
  degraded: z.array(z.string()),
  alerts: z.array(z.string()),
  /** There was more to remember than a cursor holds. */
  lost: z.boolean(),
});
type Stored = z.infer<typeof stored>;

const pack = (memory: Stored): string => deflateRawSync(JSON.stringify(memory)).toString('base64url');

const unpack = (cursor: string): Stored => {
  const text = inflateRawSync(Buffer.from(cursor, 'base64url'), { maxOutputLength: largestMemoryBytes }).toString('utf8');
  return stored.parse(JSON.parse(text));
};

const unreadable = (cause?: unknown): DriverError =>
  new DriverError('the cursor was not given out by this driver for this array', {
    outcome: 'DriverRejected',
    code: 'request.invalid',
    cause,
  });

const inState = ({ unwell }: Memory, wanted: string): string[] => [...unwell].filter(([, state]) => state === wanted).map(([key]) => key);

/** What does not fit a cursor is forgotten as a whole, and told again. */
export const writeMemory = (memory: Memory, arrayId: string): string => {
  const { origin, turn, alerts } = memory;
  const all: Stored = {
    ...{ array: arrayId, origin, turn, lost: false },
    ...{ offline: inState(memory, 'offline'), degraded: inState(memory, 'degraded'), alerts: [...alerts] },
  };
  const cursor = pack(all);
  return cursor.length <= longestCursor ? cursor : pack({ ...all, offline: [], degraded: [], alerts: [], lost: true });
};

export const readMemory = (cursor: string, arrayId: string): { memory: Memory; gap: boolean } => {
  let all: Stored;
  try {
    all = unpack(cursor);
  } catch (cause) {
    throw unreadable(cause);
  }
  if (all.array !== arrayId) throw unreadable();
  const { origin, turn, offline, degraded, alerts, lost } = all;
  const unwell = new Map([...offline.map((key) => [key, 'offline'] as const), ...degraded.map((key) => [key, 'degraded'] as const)]);
  return { memory: { origin, turn, unwell, alerts: new Set(alerts) }, gap: lost };
};
