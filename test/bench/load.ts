import { readFileSync } from 'node:fs';
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
  /** Processor time of the host's process for each volume: what does not depend on who else uses the machine. */
  readonly hostCpuMs: number;
}

const percentile = (sorted: readonly number[], share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;

const conflictsOf = async (world: Installed): Promise<number> =>
  Object.values(await world.usage()).reduce((sum, { transactionConflicts }) => sum + transactionConflicts, 0);

const ticksPerSecond = 100;

/** User and system time; the name before the fields may hold spaces. */
const hostCpuMsOf = ({ child }: Installed): number => {
  const fields = readFileSync(`/proc/${child.process.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
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
  const cpuBefore = hostCpuMsOf(world);
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
    hostCpuMs: (hostCpuMsOf(world) - cpuBefore) / (clients * each),
  };
};
