import timersModule, { setTimeout as importedSetTimeout } from 'node:timers';
import { scheduler, setTimeout as sleep, setInterval as ticks } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { installWorkerClock } from '../../../../local/clock/worker-clock.ts';

installWorkerClock(workerData.shared);

const MINUTE_MS = 60_000;
const noted = (run: (done: () => void) => unknown) => new Promise<void>((resolve) => void run(resolve));

/** What a worker may be asked to do; each answers with the milliseconds of the host's clock that it took, or with what it saw. */
const tasks: Record<string, () => Promise<unknown>> = {
  now: async () => [
    Date.now(),
    Date.parse(new Date().toISOString()),
    Date.parse(Date()),
    new Date(5).getTime(),
    new Date() instanceof Date,
  ],
  timeout: () => noted((done) => setTimeout(done, MINUTE_MS)),
  arguments: () => new Promise((resolve) => setTimeout((a, b) => resolve([a, b]), 1, 'a', 'b')),
  importedTimeout: () => noted((done) => importedSetTimeout(done, MINUTE_MS)),
  moduleTimeout: () => noted((done) => timersModule.setTimeout(done, MINUTE_MS)),
  sleep: () => sleep(MINUTE_MS, 'value'),
  promisified: () => promisify(setTimeout)(MINUTE_MS),
  scheduler: () => scheduler.wait(MINUTE_MS),
  abortedSleep: () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1000);
    return sleep(MINUTE_MS, undefined, { signal: controller.signal }).catch((error: Error) => error.name);
  },
  signal: () => {
    const signal = AbortSignal.timeout(MINUTE_MS);
    const alive = setInterval(() => undefined, MINUTE_MS);
    return new Promise((resolve) =>
      signal.addEventListener('abort', () => {
        clearInterval(alive);
        resolve(signal.reason.name);
      }),
    );
  },
  interval: () =>
    new Promise((resolve) => {
      const at: number[] = [];
      const timer = setInterval(() => {
        at.push(Date.now());
        if (at.length < 3) return;
        clearInterval(timer);
        resolve(at.length);
      }, MINUTE_MS);
    }),
  ticks: async () => {
    let count = 0;
    for await (const _tick of ticks(MINUTE_MS)) {
      count += 1;
      if (count === 3) return count;
    }
    return count;
  },
  cleared: async () => {
    let ran = false;
    const note = () => {
      ran = true;
    };
    clearTimeout(setTimeout(note, 1000));
    clearTimeout(Number(setTimeout(note, 1000)));
    setTimeout(note, 1000).close();
    clearTimeout(undefined);
    await sleep(MINUTE_MS);
    return ran;
  },
  refreshed: () =>
    noted((done) => {
      const timer = setTimeout(done, MINUTE_MS);
      setTimeout(() => timer.refresh(), MINUTE_MS / 2);
    }),
};

/** Answers when everything that was due before has run. */
const sync = () => setTimeout(() => parentPort?.postMessage('synced'), 1);

const perform = async (name: string) => {
  const before = Date.now();
  const pending = tasks[name]?.();
  parentPort?.postMessage({ started: name });
  const value = await pending;
  parentPort?.postMessage({ name, value, tookMs: Date.now() - before });
};

parentPort?.on('message', (name: string) => void (name === 'synced' ? sync() : perform(name)));
