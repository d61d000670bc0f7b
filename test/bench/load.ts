import { volumeOrder } from '../support/estate.ts';
import type { Installed } from './world.ts';

/** Clients that order one volume after the other and poll each until it is ready. */
export interface LoadResult {
  readonly clients: number;
  readonly volumesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  readonly failures: readonly string[];
  readonly transactionConflicts: number;
}

const percentile = (sorted: readonly number[], share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;

const conflictsOf = async (world: Installed): Promise<number> => {
  const meter = (await (await fetch(`${world.controlUrl}/_local/meter`)).json()) as Record<string, { transactionConflicts: number }>;
  return Object.values(meter).reduce((sum, { transactionConflicts }) => sum + transactionConflicts, 0);
};

/** What went wrong, if anything did. */
const createOne = async (world: Installed, name: string): Promise<string | undefined> => {
  const reply = await world.post('/block/volumes', volumeOrder(world.estate, { name }));
  if (reply.status !== 202) return `${reply.status} ${JSON.stringify(reply.body)}`;
  const task = await world.finished(reply.body.task[0]);
  return task.state === 'ready' ? undefined : JSON.stringify(task.service_error);
};

let runs = 0;

export const loadWith = async (world: Installed, { clients, each }: { clients: number; each: number }): Promise<LoadResult> => {
  runs += 1;
  const latencies: number[] = [];
  const failures: string[] = [];
  const conflictsBefore = await conflictsOf(world);
  const client = async (n: number): Promise<void> => {
    for (let turn = 0; turn < each; turn += 1) {
      const begunAt = performance.now();
      const failure = await createOne(world, `load-${runs}-${n}-${turn}`);
      if (failure === undefined) latencies.push(performance.now() - begunAt);
      else failures.push(failure);
    }
  };
  const begunAt = performance.now();
  await Promise.all(Array.from({ length: clients }, (_, n) => client(n)));
  const seconds = (performance.now() - begunAt) / 1000;
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    clients,
    volumesPerSecond: sorted.length / seconds,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    longestMs: sorted.at(-1) ?? 0,
    failures,
    transactionConflicts: (await conflictsOf(world)) - conflictsBefore,
  };
};
