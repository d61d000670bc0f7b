import type { Clock, Timer } from '../ports.ts';
import type { BatchOperation, Item } from './model.ts';
import { itemPrefix, type Store } from './store.ts';

const ATTRIBUTE_PREFIX = 'ttl-attribute~';
const SWEEP_MS = 60_000;
const DIGITS = 12;
/** DynamoDB keeps an item whose time lies further back: it takes that for a mistake. */
const MAX_AGE_SECONDS = 5 * 365 * 86_400;

const rowPrefix = (table: string) => `ttl-row~${table}~`;
const padded = (seconds: number) => String(seconds).padStart(DIGITS, '0');

/** Deletes what has expired, as DynamoDB does: some time after the moment that the item's attribute names in epoch seconds. */
export class TimeToLive {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #attributes = new Map<string, string>();
  #timer: Timer | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async load(): Promise<void> {
    for (const [key, attribute] of await this.#store.entries(ATTRIBUTE_PREFIX)) {
      this.#attributes.set(key.slice(ATTRIBUTE_PREFIX.length), String(attribute));
    }
  }

  attributeOf(table: string): string | undefined {
    return this.#attributes.get(table);
  }

  /** Chooses the attribute, or none; the rows of items that exist already are written before the choice is remembered. */
  async choose(table: string, attribute: string | undefined): Promise<void> {
    if (this.#attributes.get(table) === attribute) return;
    const prefix = rowPrefix(table);
    await this.#store.level.clear({ gte: prefix, lt: `${prefix}~` });
    if (attribute === undefined) {
      this.#attributes.delete(table);
      await this.#store.level.batch([{ type: 'del', key: ATTRIBUTE_PREFIX + table }]);
      return;
    }
    this.#attributes.set(table, attribute);
    const items = await this.#store.entries(itemPrefix(table));
    const rows = items.flatMap(([key, item]) =>
      this.operations({ table, itemKey: key.slice(itemPrefix(table).length), before: undefined, after: item as Item }),
    );
    await this.#store.level.batch([...rows, { type: 'put', key: ATTRIBUTE_PREFIX + table, value: attribute }]);
  }

  /** What keeps the order of expiry right when an item changes. */
  operations(change: { table: string; itemKey: string; before: Item | undefined; after: Item | undefined }): BatchOperation[] {
    const attribute = this.#attributes.get(change.table);
    if (attribute === undefined) return [];
    const before = expiry(change.before, attribute);
    const after = expiry(change.after, attribute);
    if (before === after) return [];
    const key = (seconds: number) => `${rowPrefix(change.table)}${padded(seconds)}~${change.itemKey}`;
    const operations: BatchOperation[] = [];
    if (before !== undefined) operations.push({ type: 'del', key: key(before) });
    if (after !== undefined) operations.push({ type: 'put', key: key(after), value: 0 });
    return operations;
  }

  isExpired(table: string, item: Item | undefined): boolean {
    const attribute = this.#attributes.get(table);
    const seconds = attribute === undefined ? undefined : expiry(item, attribute);
    return seconds !== undefined && seconds < this.#nowSeconds();
  }

  /** Looks every minute of the host's clock for what has expired. `remove` gets table and item key. */
  start(remove: (table: string, itemKey: string) => Promise<boolean>): void {
    this.#timer = this.#clock.after(SWEEP_MS, () => {
      this.#running = this.sweep(remove).finally(() => this.start(remove));
    });
  }

  async stop(): Promise<void> {
    await this.#running;
    this.#timer?.cancel();
  }

  /** Answers how many items it removed. */
  async sweep(remove: (table: string, itemKey: string) => Promise<boolean>): Promise<number> {
    let removed = 0;
    const now = this.#nowSeconds();
    for (const table of this.#attributes.keys()) {
      const prefix = rowPrefix(table);
      const from = prefix + padded(Math.max(0, now - MAX_AGE_SECONDS));
      const rows = await this.#store.level.iterator({ gte: from, lt: prefix + padded(now) }).all();
      for (const [key] of rows) {
        if (await remove(table, key.slice(prefix.length + DIGITS + 1))) removed += 1;
      }
    }
    return removed;
  }

  #nowSeconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }
}

function expiry(item: Item | undefined, attribute: string): number | undefined {
  const text = item?.[attribute]?.N;
  const seconds = text === undefined ? Number.NaN : Math.floor(Number(text));
  return seconds >= 0 && seconds < 10 ** DIGITS ? seconds : undefined;
}
