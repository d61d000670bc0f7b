import type { DriverAnswer, DriverRequest } from '../drivers/sdk/driver.ts';
import type { Key, Row, TableName, Write } from './change.ts';

export interface QueryPage {
  readonly table: TableName;
  /** A secondary index; it may lag. Without it the read is consistent. */
  readonly index?: 'Open' | 'ByTenant' | 'ByDue' | 'ByDay';
  readonly pk: string;
  readonly skPrefix?: string;
  /** Sort keys between these two, both included; in place of a prefix. */
  readonly skBetween?: readonly [string, string];
  readonly limit?: number;
  readonly cursor?: string;
  readonly newestFirst?: boolean;
}

export interface RowPage {
  readonly rows: readonly Row[];
  readonly cursor?: string;
}

/** The store. Reads of a table are consistent; reads of an index may lag. */
export interface Rows {
  get(table: TableName, key: Key): Promise<Row | undefined>;
  /** In the order of the keys; undefined for rows that are not there. */
  getMany(table: TableName, keys: readonly Key[]): Promise<readonly (Row | undefined)[]>;
  query(page: QueryPage): Promise<RowPage>;
  /**
   * All or nothing, at most 100 writes. Conflicts and throttling are retried for up to 1.5 s, then `service.busy`. A failed condition
   * throws the `otherwise` of the first write that failed.
   */
  transact(writes: readonly Write[]): Promise<void>;
}

export interface StartRequest {
  readonly workflow: string;
  /** Name of the execution. */
  readonly execution: string;
  readonly input: { readonly operationId: string; readonly repair?: true };
}

export type ExecutionState = 'running' | 'succeeded' | 'failed' | 'unknown';

export interface Workflows {
  /** Starting what was started under this name is success. */
  start(request: StartRequest): Promise<void>;
  state(workflow: string, execution: string): Promise<ExecutionState>;
  /** Lets a failed execution go on at the state where it failed. False when it cannot: it did not fail, or did so too long ago. */
  redrive(workflow: string, execution: string): Promise<boolean>;
}

export interface Drivers {
  /** A function that dies or cannot be invoked is an answer with the error `DriverUncertain`. */
  call(driverType: string, request: DriverRequest): Promise<DriverAnswer>;
}

export interface Secrets {
  /** Creates or replaces. */
  write(name: string, value: string): Promise<void>;
  /** Removing what is not there is success. */
  remove(name: string): Promise<void>;
  read(name: string): Promise<string>;
}

export interface Jobs {
  /** One job per group runs at a time; a second one with the same deduplication id within 5 minutes is dropped. */
  send(job: { readonly kind: string; readonly targetId: string; readonly deduplicationId: string }): Promise<void>;
}

/** What waits in a queue, as nearly as it can be told. */
export interface QueueDepth {
  readonly name: 'jobs' | 'dead-jobs';
  readonly waiting: number;
  readonly inFlight: number;
}

export interface Queues {
  depths(): Promise<readonly QueueDepth[]>;
  /** Moves dead jobs back to their queue, at most 100; how many. A job that is moved twice within 5 minutes is there once. */
  redrive(): Promise<number>;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export interface Ids {
  uuid(): string;
  /** Sortable by time. */
  ulid(): string;
  /** Hard to guess, URL-safe. */
  secret(): string;
}

export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

export interface Sleeper {
  sleep(ms: number): Promise<void>;
}
