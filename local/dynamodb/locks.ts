import { conflictFailure } from './failures.ts';

/**
 * Who is changing which item. Single writes of an item follow one another. A transaction takes all its items at once, for as long as it
 * lasts: meanwhile other transactions and single writes of these items are refused, never queued. It lets writes finish that came before.
 */
export class ItemLocks {
  readonly #transactions = new Set<string>();
  readonly #writes = new Map<string, Promise<unknown>>();

  /** Rejects with a TransactionConflictException when a transaction holds the item. */
  async write<T>(item: string, work: () => Promise<T>): Promise<T> {
    if (this.#transactions.has(item)) throw conflictFailure();
    const running = this.#writes.get(item);
    const mine = running === undefined ? work() : running.then(work, work);
    this.#writes.set(item, mine);
    try {
      return await mine;
    } finally {
      if (this.#writes.get(item) === mine) this.#writes.delete(item);
    }
  }

  heldByTransaction(item: string): boolean {
    return this.#transactions.has(item);
  }

  beingChanged(item: string): boolean {
    return this.#transactions.has(item) || this.#writes.has(item);
  }

  /** The items must be free of other transactions. */
  async transaction<T>(items: readonly string[], work: () => Promise<T>): Promise<T> {
    for (const item of items) this.#transactions.add(item);
    try {
      await Promise.allSettled(items.flatMap((item) => this.#writes.get(item) ?? []));
      return await work();
    } finally {
      for (const item of items) this.#transactions.delete(item);
    }
  }
}
