import type { Clock, Timer } from '../ports.ts';
import { dateOn } from './date.ts';

export interface TimeGlobals {
  Date: DateConstructor;
  setTimeout(run: () => void, delayMs?: number): Timer;
  clearTimeout(timer: Timer | undefined): void;
}

/** The globals by which foreign code in this thread tells the time and waits, on the host's clock. */
export const timeGlobalsOf = (clock: Clock): TimeGlobals => ({
  Date: dateOn(() => clock.now()),
  setTimeout: (run, delayMs = 0) => clock.after(delayMs, run),
  clearTimeout: (timer) => timer?.cancel(),
});
