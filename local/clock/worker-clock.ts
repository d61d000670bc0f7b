import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import { dateOn } from './date.ts';
import { readAnchor, readNow } from './shared-time.ts';
import { WorkerTimeout, WorkerTimers } from './worker-timers.ts';

type Run = (...given: unknown[]) => void;
interface WaitOptions {
  signal?: AbortSignal;
  ref?: boolean;
}

/**
 * Puts this thread on the host's clock: `Date`, timers, `timers/promises` and `AbortSignal.timeout`. `performance`, `setImmediate` and the
 * timers inside Node's own modules (socket timeouts) stay real. Call it before the code that is to live on that clock is loaded, and only
 * in accelerated mode; it cannot be taken back. `onAsleep` is told when the thread waits for nothing but its timers.
 */
export const installWorkerClock = (shared: SharedArrayBuffer, onAsleep: (until: number) => void = () => undefined): void => {
  const now = () => readNow(shared);
  const tellIfAsleep = (until: number): boolean => {
    const isAsleep = process.getActiveResourcesInfo().every(isPassive);
    if (isAsleep) onAsleep(until);
    return isAsleep;
  };
  const queue = new WorkerTimers({ now, rate: () => readAnchor(shared).rate, onAsleep: tellIfAsleep });
  globalThis.Date = dateOn(now);
  installTimers(queue);
  installPromises(queue);
  AbortSignal.timeout = (delayMs) => abortAfter(queue, delayMs);
  syncBuiltinESMExports();
};

/** A request or a file at work is listed as something else; a connection that is kept for later is not listed. */
const isPassive = (resource: string): boolean => resource === 'Timeout' || resource === 'MessagePort';

const installTimers = (queue: WorkerTimers): void => {
  const real = { clearTimeout: globalThis.clearTimeout, clearInterval: globalThis.clearInterval };
  const set =
    (repeat: boolean) =>
    (run: Run, delayMs?: number, ...given: unknown[]) =>
      new WorkerTimeout(queue, { run: () => run(...given), delayMs: delayMs ?? 1, repeat });
  const clear = (fallback: typeof clearTimeout) => (timer: unknown) => {
    const ours = WorkerTimeout.find(timer);
    if (ours === undefined) fallback(timer as NodeJS.Timeout | undefined);
    else ours.close();
  };
  const patched = {
    setTimeout: Object.assign(set(false), { [promisify.custom]: wait(queue) }),
    setInterval: set(true),
    clearTimeout: clear(real.clearTimeout),
    clearInterval: clear(real.clearInterval),
  };
  Object.assign(globalThis, patched);
  Object.assign(timers, patched);
};

const installPromises = (queue: WorkerTimers): void => {
  const sleep = wait(queue);
  const scheduler = Object.create(timersPromises.scheduler, {
    wait: { value: (delayMs: number, options?: WaitOptions) => sleep(delayMs, undefined, options) },
  });
  Object.assign(timersPromises, { setTimeout: sleep, setInterval: repeat(queue), scheduler });
};

/** `timers/promises` rejects an aborted wait with this. */
const aborted = (signal: AbortSignal): Error =>
  Object.assign(new Error('The operation was aborted', { cause: signal.reason }), { name: 'AbortError', code: 'ABORT_ERR' });

const wait =
  (queue: WorkerTimers) =>
  <T>(delayMs?: number, value?: T, options: WaitOptions = {}): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      const { signal } = options;
      if (signal?.aborted) return reject(aborted(signal));
      const stop = () => {
        timer.close();
        if (signal !== undefined) reject(aborted(signal));
      };
      const done = () => {
        signal?.removeEventListener('abort', stop);
        resolve(value);
      };
      const timer = new WorkerTimeout(queue, { run: done, delayMs: delayMs ?? 1, repeat: false });
      if (options.ref === false) timer.unref();
      signal?.addEventListener('abort', stop, { once: true });
    });

const repeat = (queue: WorkerTimers) =>
  async function* interval<T>(delayMs?: number, value?: T, options: WaitOptions = {}): AsyncGenerator<T | undefined> {
    for (;;) yield await wait(queue)(delayMs, value, options);
  };

const abortAfter = (queue: WorkerTimers, delayMs: number): AbortSignal => {
  const controller = new AbortController();
  const expire = () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  new WorkerTimeout(queue, { run: expire, delayMs, repeat: false }).unref();
  return controller.signal;
};
