import { createHash } from 'node:crypto';

/** Which ids are used up; plain data, kept with the array. */
export interface UsedIds {
  /** What ids are derived from; the array keeps its ids when it speaks under another identity. */
  readonly systemId: string;
  /** Ids that were given; they are passed over. */
  readonly taken: ReadonlySet<string>;
  /** How many of a type were handed out. */
  readonly counts: Map<string, number>;
}

export const unusedIds = (systemId: string, taken: ReadonlySet<string>): UsedIds => ({ systemId, taken, counts: new Map() });

/** Deterministic ids: eight hex digits for array and type, eight that count. */
export function nextId(used: UsedIds, type: string): string {
  const next = used.counts.get(type) ?? 0;
  used.counts.set(type, next + 1);
  const prefix = createHash('sha256').update(`${used.systemId}/${type}`).digest('hex').slice(0, 8);
  const id = prefix + next.toString(16).padStart(8, '0');
  return used.taken.has(id) ? nextId(used, type) : id;
}
