import type { Clock } from '../ports.ts';
import { conflictFailure, type DynamoDbFailure, failure } from './failures.ts';
import type { IndexLag } from './index-lag.ts';
import type { Item } from './model.ts';

/** What a request touches; no key when it is a query or a scan. */
export interface Touch {
  table: string;
  key?: Item;
}

export interface FaultMatch {
  /** Any table when absent. */
  table?: string;
  /** Such as `PutItem` or `TransactWriteItems`; any when absent. */
  operation?: string;
  times: number;
}

export interface ConflictMatch {
  table?: string;
  /** Key attributes in DynamoDB's JSON; any item when absent. */
  key?: Item;
  times: number;
}

/** What can be made to go wrong. Each fault happens `times` times to the requests that match, then no more. */
export interface Faults {
  /** Index reads show the tables as they were so long ago. */
  setIndexLag(lagMs: number): void;
  /** ProvisionedThroughputExceededException; nothing is done. */
  throttle(match: FaultMatch): void;
  /** The next writes and transactions of such an item meet a transaction conflict. */
  conflict(match: ConflictMatch): void;
  /** The request takes effect, its answer is lost: the connection is cut. */
  failAfter(match: FaultMatch): void;
  /** Transactions, holding their items, wait until what this answers is called. */
  holdTransactions(): () => void;
  /** Resolves when the next write transaction holds its items. */
  transactionBegun(): Promise<void>;
  /** Every later write transaction holds its items for so long, of the host's clock. */
  setTransactionTime(durationMs: number): void;
  clear(): void;
  /** How many throttlings, conflicts and lost answers are set and have not happened yet. */
  outstanding(): number;
}

const sameKey = (wanted: Item, key: Item) =>
  Object.keys(wanted).every((name) => JSON.stringify(wanted[name]) === JSON.stringify(key[name]));

function takeFault<T extends { times: number }>(pending: T[], matches: (fault: T) => boolean): boolean {
  const found = pending.find((fault) => fault.times > 0 && matches(fault));
  if (found !== undefined) found.times -= 1;
  return found !== undefined;
}

/** The faults that are set, as the endpoint asks for them. */
export class PlannedFaults implements Faults {
  readonly #lag: IndexLag;
  readonly #clock: Clock;
  #throttles: FaultMatch[] = [];
  #cuts: FaultMatch[] = [];
  #conflicts: ConflictMatch[] = [];
  #held: Promise<void> = Promise.resolve();
  #letGo: () => void = () => undefined;
  #transactionMs = 0;
  #onBegun: (() => void)[] = [];

  constructor(lag: IndexLag, clock: Clock) {
    this.#lag = lag;
    this.#clock = clock;
  }

  setIndexLag(lagMs: number): void {
    this.#lag.lagMs = lagMs;
  }

  throttle(match: FaultMatch): void {
    this.#throttles.push({ ...match });
  }

  conflict(match: ConflictMatch): void {
    this.#conflicts.push({ ...match });
  }

  failAfter(match: FaultMatch): void {
    this.#cuts.push({ ...match });
  }

  holdTransactions(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = promise;
    this.#letGo = resolve;
    return resolve;
  }

  transactionBegun(): Promise<void> {
    return new Promise((resolve) => this.#onBegun.push(resolve));
  }

  setTransactionTime(durationMs: number): void {
    this.#transactionMs = durationMs;
  }

  clear(): void {
    this.#throttles = [];
    this.#cuts = [];
    this.#conflicts = [];
    this.#transactionMs = 0;
    this.#letGo();
    this.setIndexLag(0);
  }

  outstanding(): number {
    return [...this.#throttles, ...this.#cuts, ...this.#conflicts].reduce((sum, { times }) => sum + times, 0);
  }

  /** Awaited by every write transaction while it holds its items. */
  async duringTransaction(): Promise<void> {
    for (const tell of this.#onBegun.splice(0)) tell();
    await this.#held;
    if (this.#transactionMs > 0) await this.#clock.sleep(this.#transactionMs);
  }

  throttled(operation: string, touched: readonly Touch[]): DynamoDbFailure | undefined {
    if (!this.#take(this.#throttles, operation, touched)) return undefined;
    return failure('ProvisionedThroughputExceededException', 'The level of configured provisioned throughput for the table was exceeded');
  }

  losesAnswer(operation: string, touched: readonly Touch[]): boolean {
    return this.#take(this.#cuts, operation, touched);
  }

  conflicts(touch: Touch): boolean {
    return takeFault(this.#conflicts, ({ table, key }) => {
      const sameTable = table === undefined || table === touch.table;
      return sameTable && (key === undefined || (touch.key !== undefined && sameKey(key, touch.key)));
    });
  }

  checkConflict(touch: Touch): void {
    if (this.conflicts(touch)) throw conflictFailure();
  }

  #take(pending: FaultMatch[], operation: string, touched: readonly Touch[]): boolean {
    return takeFault(pending, (fault) => {
      const sameOperation = fault.operation === undefined || fault.operation === operation;
      return sameOperation && (fault.table === undefined || touched.some((touch) => touch.table === fault.table));
    });
  }
}
