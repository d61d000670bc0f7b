import { setImmediate as turn } from 'node:timers/promises';
import type { Clock, Timer } from '../ports.ts';
import { allocateTime, monotonicMs, readNow, writeAnchor } from './shared-time.ts';
import { type Entry, TimerQueue } from './timer-queue.ts';

export interface RealTime {
  mode: 'real';
}

export interface AcceleratedTime {
  mode: 'accelerated';
  /** Milliseconds of this clock in one real millisecond; 0 stands still but for `advance` and skips. */
  rate: number;
  /** Jump to the next timer whenever nothing is busy. */
  skipIdle: boolean;
  /** Epoch milliseconds at the start; the machine's time if absent. A host with older data must not start before that data. */
  startAt?: number;
}

export interface HostClock extends Clock {
  readonly mode: 'real' | 'accelerated';
  readonly rate: number;
  /** For worker threads, see worker-clock.ts. Meaningless in real mode. */
  readonly shared: SharedArrayBuffer;
  /**
   * Moves an accelerated clock forward and runs what becomes due on the way, in order, letting promises settle in between; it does not
   * wait for Lambdas or requests in flight. A real clock refuses.
   */
  advance(delayMs: number): Promise<void>;
  /** Something is in flight, so idle time is not skipped until the returned function is called. */
  busy(): () => void;
  /** Idle time is skipped by `step` alone until the returned function is called, although nothing is in flight. */
  hold(): () => void;
  /** Something to give to `step`, if nothing has been in flight for long enough. */
  idle(): number | undefined;
  /** Skips to the next timer once, if nothing has been in flight since `idle` answered so; whether it did. */
  step(idle: number): boolean;
  /** Forgets all timers. */
  close(): void;
}

/** Real milliseconds without work before time is skipped: long enough for a request on its way over loopback. */
const QUIET_MS = 5;
/** As `QUIET_MS`, for somebody who looks what has come to be: also what follows the work has been written by then. */
const STEADY_MS = 15;
/** As Node's: a timer that sets itself again with no delay must not stop time. */
const SHORTEST_MS = 1;
/** The longest delay that Node's timers take. */
const LONGEST_REAL_MS = 2 ** 31 - 1;

const once = (act: () => void): (() => void) => {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
};

/** One reading of the clock for all threads, one queue for all timers of this thread. */
class VirtualClock implements HostClock {
  readonly mode: 'real' | 'accelerated';
  readonly rate: number;
  readonly shared = allocateTime();
  readonly #skipIdle: boolean;
  readonly #queue = new TimerQueue();
  #armed: NodeJS.Timeout | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #inFlight = 0;
  #held = 0;
  /** How often something came or went. */
  #works = 0;
  #workedAtMs = monotonicMs();

  constructor(time: RealTime | AcceleratedTime) {
    this.mode = time.mode;
    this.rate = time.mode === 'real' ? 1 : time.rate;
    this.#skipIdle = time.mode === 'accelerated' && time.skipIdle;
    this.#anchor((time.mode === 'accelerated' ? time.startAt : undefined) ?? Date.now());
  }

  now(): number {
    return this.mode === 'real' ? Date.now() : readNow(this.shared);
  }

  after(delayMs: number, run: () => void): Timer {
    const entry: Entry = { dueAt: this.now() + Math.max(SHORTEST_MS, delayMs), run };
    this.#queue.add(entry);
    this.#arm();
    return {
      cancel: () => {
        this.#queue.remove(entry);
        this.#arm();
      },
    };
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  async advance(delayMs: number): Promise<void> {
    if (this.mode === 'real') throw new Error('a real clock cannot be advanced');
    const target = this.now() + delayMs;
    for (let next = this.#queue.first(); next !== undefined && next.dueAt <= target; next = this.#queue.first()) {
      this.#anchor(Math.max(next.dueAt, this.now()));
      this.#runDue();
      await turn();
    }
    this.#anchor(Math.max(target, this.now()));
    this.#arm();
  }

  busy(): () => void {
    this.#inFlight += 1;
    this.#works += 1;
    clearTimeout(this.#quiet);
    return once(() => {
      this.#inFlight -= 1;
      this.#works += 1;
      this.#workedAtMs = monotonicMs();
      this.#watchForQuiet();
    });
  }

  hold(): () => void {
    this.#held += 1;
    clearTimeout(this.#quiet);
    return once(() => {
      this.#held -= 1;
      this.#watchForQuiet();
    });
  }

  idle(): number | undefined {
    return this.#inFlight > 0 || monotonicMs() - this.#workedAtMs < STEADY_MS ? undefined : this.#works;
  }

  step(idle: number): boolean {
    return idle === this.#works && this.#skip();
  }

  close(): void {
    this.#queue.clear();
    clearTimeout(this.#armed);
    clearTimeout(this.#quiet);
  }

  #anchor(virtualMs: number): void {
    writeAnchor(this.shared, { realMs: monotonicMs(), virtualMs, rate: this.rate });
  }

  #arm(): void {
    clearTimeout(this.#armed);
    const next = this.#queue.first();
    if (next === undefined) return;
    this.#watchForQuiet();
    if (this.rate === 0) return;
    const delayMs = Math.ceil((next.dueAt - this.now()) / this.rate);
    this.#armed = setTimeout(() => this.#wake(), Math.min(Math.max(delayMs, 0), LONGEST_REAL_MS));
  }

  #wake(): void {
    this.#runDue();
    this.#arm();
  }

  #runDue(): void {
    const now = this.now();
    for (let due = this.#queue.takeDue(now); due !== undefined; due = this.#queue.takeDue(now)) due.run();
  }

  #watchForQuiet(): void {
    clearTimeout(this.#quiet);
    if (!this.#skipIdle || this.#inFlight > 0 || this.#held > 0 || this.#queue.first() === undefined) return;
    this.#quiet = setTimeout(() => this.#skip(), QUIET_MS);
  }

  #skip(): boolean {
    const next = this.#queue.first();
    if (next === undefined) return false;
    this.#anchor(Math.max(next.dueAt, this.now()));
    this.#wake();
    return true;
  }
}

export const createClock = (time: RealTime | AcceleratedTime): HostClock => new VirtualClock(time);
