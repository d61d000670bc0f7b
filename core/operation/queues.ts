import type { Key, Row, Write } from '../change.ts';
import type { QueueDepth, Rows } from '../ports.ts';

/**
 * Only the function that works the queues may touch them. It notes every minute what waits in them, where the API reads it, and finds
 * there what an operator has ordered.
 */
const queuesPk = 'QUEUES';
const depthKey = (name: QueueDepth['name']): Key => ({ pk: queuesPk, sk: `DEPTH#${name}` });
const redriveKey: Key = { pk: queuesPk, sk: 'REDRIVE' };

export interface KnownQueue extends QueueDepth {
  /** Since when something waits or is under way, as far as it was seen. */
  readonly since?: string;
}

const knownQueue = (row: Row): KnownQueue => ({
  name: row.sk === depthKey('jobs').sk ? 'jobs' : 'dead-jobs',
  waiting: Number(row['waiting']),
  inFlight: Number(row['inFlight']),
  ...(typeof row['since'] === 'string' ? { since: row['since'] } : {}),
});

export interface KnownQueues {
  readonly queues: readonly KnownQueue[];
  readonly isRedriveOrdered: boolean;
}

export const readQueues = async (rows: Rows): Promise<KnownQueues> => {
  const found = await rows.query({ table: 'Coordination', pk: queuesPk });
  return {
    queues: found.rows.filter(({ sk }) => sk !== redriveKey.sk).map(knownQueue),
    isRedriveOrdered: found.rows.some(({ sk }) => sk === redriveKey.sk),
  };
};

/** What is to be noted of what was seen; nothing when it is as it was. */
export const depthWrites = (known: readonly KnownQueue[], seen: readonly QueueDepth[], at: string): Write[] =>
  seen.flatMap(({ name, waiting, inFlight }) => {
    const before = known.find((queue) => queue.name === name);
    if (before?.waiting === waiting && before.inFlight === inFlight) return [];
    const since = waiting + inFlight === 0 ? {} : { since: before?.since ?? at };
    return [{ do: 'put' as const, table: 'Coordination' as const, row: { ...depthKey(name), waiting, inFlight, ...since } }];
  });

export const orderRedrive = (by: string, at: string): Write => ({
  do: 'put',
  table: 'Coordination',
  row: { ...redriveKey, orderedBy: by, orderedAt: at },
});

export const endRedrive: Write = { do: 'delete', table: 'Coordination', key: redriveKey };
