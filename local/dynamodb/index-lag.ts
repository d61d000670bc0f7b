import type { Clock } from '../ports.ts';
import type { BatchOperation } from './model.ts';
import type { Store } from './store.ts';

const PREFIX = 'lag~';
const MAX_WAITING = 500;

interface Delayed {
  at: number;
  operations: BatchOperation[];
}

interface Waiting extends Delayed {
  key: string;
}

const journalKey = (sequence: number) => PREFIX + String(sequence).padStart(15, '0');

/**
 * Makes the global indexes lag behind their tables: index rows are written to a journal together with their item, and moved to the
 * index when an index is read and they are old enough. The journal survives the process.
 */
export class IndexLag {
  lagMs = 0;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #sequence = 0;
  #catchingUp: Promise<void> = Promise.resolve();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async load(): Promise<void> {
    for (const [key, value] of await this.#store.entries(PREFIX)) {
      this.#waiting.push({ key, ...(value as Delayed) });
      this.#sequence = Number(key.slice(PREFIX.length)) + 1;
    }
  }

  /** The operations to store now, and what to call once they are stored. */
  plan(operations: BatchOperation[]): { operations: BatchOperation[]; stored: () => Promise<void> } {
    if (operations.length === 0 || (this.lagMs === 0 && this.#waiting.length === 0)) return { operations, stored: async () => {} };
    const delayed: Delayed = { at: this.#clock.now(), operations };
    const key = journalKey(this.#sequence);
    this.#sequence += 1;
    const stored = async () => {
      this.#waiting.push({ key, ...delayed });
      if (this.#waiting.length > MAX_WAITING) await this.catchUp();
    };
    return { operations: [{ type: 'put', key, value: delayed }], stored };
  }

  /** Moves what is old enough into the indexes. */
  catchUp(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve();
    return this.#moveUntil(this.#clock.now() - this.lagMs);
  }

  /** Moves everything into the indexes, however new. */
  settle(): Promise<void> {
    return this.#moveUntil(Number.POSITIVE_INFINITY);
  }

  #moveUntil(until: number): Promise<void> {
    this.#catchingUp = this.#catchingUp.then(() => this.#move(until));
    return this.#catchingUp;
  }

  async #move(until: number): Promise<void> {
    const newest = this.#waiting.findIndex((entry) => entry.at > until);
    const due = this.#waiting.slice(0, newest === -1 ? undefined : newest);
    if (due.length === 0) return;
    const done = due.map(({ key }): BatchOperation => ({ type: 'del', key }));
    await this.#store.level.batch([...due.flatMap((entry) => entry.operations), ...done]);
    this.#waiting.splice(0, due.length);
  }
}
