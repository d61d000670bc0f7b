import { setTimeout as pause } from 'node:timers/promises';
import type { DemoArray } from '../array.ts';
import type { Client, FinishedTask } from '../client.ts';
import type { FastHost } from '../fast-host.ts';
import { tasksIn, type World } from '../world.ts';

const patienceMs = 30_000;
const pauseMs = 10;

/** Looks again and again, in real time, until there is something. */
export const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAt) throw new Error(`after ${patienceMs / 1000} s it had not come to this: ${what}`);
    await pause(pauseMs);
  }
};

/** Arrays and host tell the same time, as they would outside. */
const setClock = async (array: DemoArray, nowMs: number): Promise<void> => {
  const { nowMs: arrayMs } = (await array.control('POST', '/clock', { advanceSeconds: 0 })) as { nowMs: number };
  await array.control('POST', '/clock', { advanceSeconds: Math.max(0, nowMs - arrayMs) / 1000 });
};

/** A read of the one task is held while it runs, which is work for the host; this list is answered at once, so that time can be skipped. */
const ended = async (api: Client, id: string): Promise<FinishedTask | undefined> => {
  const [task] = tasksIn(await api.post('/vdc/tasks/bulk', { id: [id] })) as readonly FinishedTask[];
  return task?.state === 'ready' || task?.state === 'error' ? task : undefined;
};

/** The world as it goes on before a host whose clock skips what would be waiting. */
export const fastWorld = (world: World, host: FastHost): World => {
  const api = world.api.at(host.url);
  const waitFor = async (id: string): Promise<FinishedTask> => {
    const found = await host.skipping(() => until(`the task ${id} has ended`, () => ended(api, id)));
    await Promise.all(world.arrays.map((array) => setClock(array, host.now())));
    return found;
  };
  // One after the other: between the requests of many that wait there would be no moment in which the host has nothing to do.
  let last: Promise<unknown> = Promise.resolve();
  const finished = (task: unknown): Promise<FinishedTask> => {
    const found = last.then(() => waitFor((task as { id: string }).id));
    last = found;
    return found;
  };
  return { ...world, host, api: { ...api, finished } };
};
