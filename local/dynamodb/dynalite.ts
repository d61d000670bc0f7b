import { createRequire } from 'node:module';
import type { BatchOperation, Checked, Item, KeyElement, Table } from './model.ts';

/** The parts of dynalite 4.0.0 that are used from within; the version is pinned because these are not its public face. */

export type Callback<T = unknown> = (error: Error | null | undefined, value?: T) => void;

export interface RangeOptions {
  gt?: string;
  gte?: string;
  lt?: string;
  lte?: string;
  reverse?: boolean;
  limit?: number;
}

export interface LevelValues {
  nextv(size: number): Promise<unknown[]>;
  close(): Promise<void>;
}

export interface LevelEntries {
  all(): Promise<[string, unknown][]>;
}

export interface Level {
  open(): Promise<void>;
  getSync(key: string): unknown;
  batch(operations: BatchOperation[]): Promise<void>;
  clear(range: RangeOptions): Promise<void>;
  values(range: RangeOptions): LevelValues;
  iterator(range: RangeOptions): LevelEntries;
}

export interface DynaliteStore {
  options: { maxItemSize: number };
  db: Level;
  tableDb: { awsAccountId: string; awsRegion: string };
  getTable(name: string, checkStatus: boolean | Callback<Table>, done?: Callback<Table>): void;
  deleteItemDb(name: string, done: Callback): void;
  deleteIndexDb(kind: string, table: string, index: string, done: Callback): void;
  lifecycleManager: { gracefulClose(done: Callback): void };
}

export type Action = (store: unknown, request: unknown, done: Callback<Record<string, unknown>>) => void;

export interface Validation {
  types: Record<string, unknown>;
  custom?: unknown;
}

interface DynaliteDb {
  create(options: { path?: string; createTableMs: number; deleteTableMs: number; updateTableMs: number }): DynaliteStore;
  validateItem(item: Item, table: Table): Error | null | undefined;
  validateKey(key: Item, table: Table): Error | null | undefined;
  createKey(item: Item, table: Table, keySchema?: KeyElement[]): string;
  mapPaths(paths: unknown[], item: Item): Item;
}

interface DynaliteValidations {
  checkTypes(data: unknown, types: Validation['types']): Checked;
  checkValidations(data: unknown, types: Validation['types'], ...rest: unknown[]): void;
}

const load = createRequire(import.meta.url);

export const database: DynaliteDb = load('dynalite/db');
const validations: DynaliteValidations = load('dynalite/validations');

const actions = new Map<string, Action>();
const checks = new Map<string, Validation>();

const fileName = (operation: string) => operation.charAt(0).toLowerCase() + operation.slice(1);

function cached<T>(cache: Map<string, T>, operation: string, folder: string): T {
  const known = cache.get(operation);
  if (known !== undefined) return known;
  const loaded: T = load(`dynalite/${folder}/${fileName(operation)}`);
  cache.set(operation, loaded);
  return loaded;
}

/** Runs one of dynalite's operations; rejects with its error, which carries status and body of the answer. */
export function runAction(operation: string, store: unknown, request: unknown): Promise<Record<string, unknown>> {
  const action = cached(actions, operation, 'actions');
  return new Promise((resolve, reject) => {
    action(store, request, (error, value) => (error ? reject(error) : resolve(value ?? {})));
  });
}

/** Checks a request as the operation demands and parses its expressions; throws the error to answer with. */
export function check(operation: string, request: unknown, store: DynaliteStore): Checked {
  const { types, custom } = cached(checks, operation, 'validations');
  const checked = validations.checkTypes(request, types);
  validations.checkValidations(checked, types, custom, store);
  return checked;
}
