import { type Entry, TimerQueue } from './timer-queue.ts';

export interface WorkerTime {
  now(): number;
  rate(): number;
  /** Is given the time of the first timer when a look at the clock found nothing due; false: it is to be given that again. */
  onAsleep(until: number): boolean;
}

/** A jump of the host's clock is noticed after at most this many real milliseconds. */
const LOOK_EVERY_MS = 10;
const SHORTEST_MS = 1;

const realSetTimeout = globalThis.setTimeout;
const realClearTimeout = globalThis.clearTimeout;

/** The timers of one worker thread. While any is pending the clock is looked at again and again, so that a jump wakes them. */
export class WorkerTimers {
  readonly #time: WorkerTime;
  readonly #queue = new TimerQueue();
  readonly #keepAlive = new Set<Entry>();
  #armed: NodeJS.Timeout | undefined;
  #toldOf: Entry | undefined;

  constructor(time: WorkerTime) {
    this.#time = time;
  }

  add(delayMs: number, run: () => void): Entry {
    const entry = { dueAt: this.#time.now() + Math.max(SHORTEST_MS, delayMs), run };
    this.#queue.add(entry);
    this.#keepAlive.add(entry);
    this.#arm();
    return entry;
  }

  remove(entry: Entry): void {
    this.#queue.remove(entry);
    this.#keepAlive.delete(entry);
    this.#arm();
  }

  /** Whether the thread stays alive for this entry. */
  hold(entry: Entry, alive: boolean): void {
    if (alive) this.#keepAlive.add(entry);
    else this.#keepAlive.delete(entry);
    this.#arm();
  }

  #arm(): void {
    realClearTimeout(this.#armed);
    const next = this.#queue.first();
    if (next === undefined) return;
    const delayMs = Math.ceil((next.dueAt - this.#time.now()) / this.#time.rate());
    this.#armed = realSetTimeout(() => this.#wake(), Math.min(Math.max(delayMs, 0), LOOK_EVERY_MS));
    if (this.#keepAlive.size === 0) this.#armed.unref();
  }

  #sleepOn(): void {
    this.#arm();
    const next = this.#queue.first();
    if (next === undefined || next === this.#toldOf) return;
    if (this.#time.onAsleep(next.dueAt)) this.#toldOf = next;
  }

  /** One at a time, so that promises settle between two timers, as between Node's own. */
  #wake(): void {
    const due = this.#queue.takeDue(this.#time.now());
    if (due === undefined) {
      this.#sleepOn();
      return;
    }
    this.#keepAlive.delete(due);
    setImmediate(() => this.#wake());
    due.run();
  }
}

export interface TimeoutSpec {
  run: () => void;
  delayMs: number;
  repeat: boolean;
}

const pending = new Map<number, WorkerTimeout>();
let lastId = 0;

/** What `setTimeout` and `setInterval` return: the parts of Node's Timeout that code uses. */
export class WorkerTimeout {
  readonly #timers: WorkerTimers;
  readonly #spec: TimeoutSpec;
  readonly #id: number;
  #entry: Entry | undefined;
  #held = true;

  constructor(timers: WorkerTimers, spec: TimeoutSpec) {
    this.#timers = timers;
    this.#spec = { ...spec, delayMs: Number.isFinite(Number(spec.delayMs)) ? Number(spec.delayMs) : SHORTEST_MS };
    lastId += 1;
    this.#id = lastId;
    this.refresh();
  }

  /** Ours, whether given as the object or as its number; undefined for a timer of Node's. */
  static find(timer: unknown): WorkerTimeout | undefined {
    if (timer instanceof WorkerTimeout) return timer;
    return typeof timer === 'number' || typeof timer === 'string' ? pending.get(Number(timer)) : undefined;
  }

  refresh(): this {
    if (this.#entry !== undefined) this.#timers.remove(this.#entry);
    pending.set(this.#id, this);
    this.#entry = this.#timers.add(this.#spec.delayMs, () => this.#fire());
    if (!this.#held) this.#timers.hold(this.#entry, false);
    return this;
  }

  ref(): this {
    return this.#hold(true);
  }

  unref(): this {
    return this.#hold(false);
  }

  hasRef(): boolean {
    return this.#held;
  }

  close(): this {
    if (this.#entry !== undefined) this.#timers.remove(this.#entry);
    this.#entry = undefined;
    pending.delete(this.#id);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.#id;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #hold(alive: boolean): this {
    this.#held = alive;
    if (this.#entry !== undefined) this.#timers.hold(this.#entry, alive);
    return this;
  }

  #fire(): void {
    this.#entry = undefined;
    if (this.#spec.repeat) this.refresh();
    else pending.delete(this.#id);
    this.#spec.run();
  }
}
