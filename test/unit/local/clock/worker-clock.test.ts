import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createClock } from '../../../../local/clock/clock.ts';

const START = Date.parse('2031-02-03T04:05:06Z');
const MINUTE_MS = 60_000;

const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: false, startAt: START });
let worker: Worker;

beforeAll(async () => {
  worker = new Worker(new URL('./worker-child.ts', import.meta.url), { workerData: { shared: clock.shared } });
  await once(worker, 'online');
});

afterAll(async () => {
  clock.close();
  await worker.terminate();
});

interface Outcome {
  value: unknown;
  tookMs: number;
  /** Jumps of the clock before the task ended. */
  jumps: number;
}

const next = async () => (await once(worker, 'message'))[0];

/** Runs a task in the worker; once it waits, the host's clock jumps as told, each time until the worker has run what became due. */
const run = async (name: string, jumpsMs: readonly number[] = []): Promise<Outcome> => {
  worker.postMessage(name);
  await next();
  const outcomes: Outcome[] = [];
  for (const [index, jumpMs] of jumpsMs.entries()) {
    await clock.advance(jumpMs);
    worker.postMessage('synced');
    for (let message = await next(); message !== 'synced'; message = await next()) outcomes.push({ ...message, jumps: index + 1 });
  }
  return outcomes[0] ?? { ...(await next()), jumps: jumpsMs.length };
};

/** The clock also runs by itself, a little. */
const around = (expectedMs: number, tookMs: number) => tookMs >= expectedMs && tookMs < expectedMs + 5000;

describe('a worker on the host’s clock', () => {
  it('reads its time in every way that Date offers, and other dates as they are', async () => {
    const { value } = await run('now');
    const [now, date, text, other, isDate] = z.tuple([z.number(), z.number(), z.number(), z.number(), z.boolean()]).parse(value);
    for (const time of [now, date, text]) expect(around(START, time + 1000)).toBe(true);
    expect([other, isDate]).toEqual([5, true]);
  });

  it.each(['timeout', 'importedTimeout', 'moduleTimeout', 'sleep', 'promisified', 'scheduler', 'signal'])(
    'waits in %s until the host’s clock has jumped far enough',
    async (name) => {
      const { value, tookMs, jumps } = await run(name, [MINUTE_MS - 10_000, 10_000, MINUTE_MS]);
      expect(around(MINUTE_MS, tookMs)).toBe(true);
      expect(jumps).toBe(2);
      if (name === 'sleep') expect(value).toBe('value');
      if (name === 'signal') expect(value).toBe('TimeoutError');
    },
  );

  it('notices a jump by itself', async () => {
    worker.postMessage('timeout');
    await next();
    await clock.advance(MINUTE_MS);
    expect(around(MINUTE_MS, (await next()).tookMs)).toBe(true);
  });

  it('hands arguments to its timers', async () => {
    expect((await run('arguments', [10])).value).toEqual(['a', 'b']);
  });

  it.each(['interval', 'ticks'])('repeats in %s', async (name) => {
    const { value, tookMs } = await run(name, [MINUTE_MS, MINUTE_MS, MINUTE_MS]);
    expect(value).toBe(3);
    expect(around(3 * MINUTE_MS, tookMs)).toBe(true);
  });

  it('ends an aborted wait at once', async () => {
    const { value, tookMs } = await run('abortedSleep', [1000]);
    expect(value).toBe('AbortError');
    expect(around(1000, tookMs)).toBe(true);
  });

  it('does not run what was cleared, by object, by number or by close', async () => {
    expect((await run('cleared', [MINUTE_MS])).value).toBe(false);
  });

  it('counts a refreshed timer from its refresh', async () => {
    const { tookMs } = await run('refreshed', [MINUTE_MS / 2, MINUTE_MS]);
    expect(around(1.5 * MINUTE_MS, tookMs)).toBe(true);
  });
});
