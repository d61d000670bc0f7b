import { Readable } from 'node:stream';
import { type Callback, type DynaliteStore, database, type Level, type RangeOptions } from './dynalite.ts';
import type { Item, Table } from './model.ts';

/** Where everything lies in the one LevelDB. The prefixes of tables, items and indexes are dynalite's own. */
export const itemPrefix = (table: string) => `item-${table}~`;
export const indexPrefix = (kind: 'global' | 'local', table: string, index: string) => `index-${kind}~${table}~${index}~`;
export const tableKey = (table: string) => `table~${table}`;
/** Sorts after all that a prefix ending in `~` begins. */
export const prefixEnd = (prefix: string) => `${prefix}\u00ff`;

const PAGE_ROWS = 100;

async function* rows(level: Level, range: RangeOptions) {
  const values = level.values(range);
  try {
    for (;;) {
      const page = await values.nextv(PAGE_ROWS);
      if (page.length === 0) return;
      yield* page;
    }
  } finally {
    await values.close();
  }
}

function withPrefix(prefix: string, range: RangeOptions): RangeOptions {
  const { gt, gte, lt, lte, ...rest } = range;
  const from = gt === undefined ? { gte: prefix + (gte ?? '') } : { gt: prefix + gt };
  const end = lt === undefined ? { lt: prefixEnd(prefix) } : { lt: prefix + lt };
  return { ...rest, ...from, ...(lte === undefined ? end : { lte: prefix + lte }) };
}

/** What dynalite's Query and Scan read from. `startsAt` is the item key of the row that a page begins after. */
export function rangeReader(level: Level, prefix: string, startsAt?: string) {
  return {
    createValueStream(range: RangeOptions) {
      const { gt, lt } = range;
      const exact = (key: string) => (startsAt === undefined ? key : `${key}/${startsAt}`);
      const start = range.reverse ? { ...(lt === undefined ? {} : { lt: exact(lt) }) } : { ...(gt === undefined ? {} : { gt: exact(gt) }) };
      return Readable.from(rows(level, withPrefix(prefix, { ...range, ...start })));
    },
  };
}

export interface Store {
  level: Level;
  dynalite: DynaliteStore;
  /** An active table; rejects with ResourceNotFoundException. */
  table(name: string): Promise<Table>;
  /** Forget what is remembered of the tables, because their descriptions have changed. */
  forgetTables(): void;
  /** Reads do not leave the thread: a row is in LevelDB's cache, and the way to another thread and back takes longer than the read. */
  readItem(table: string, key: string): Promise<Item | undefined>;
  /** One consistent look at several items, by full key. Items that are being written are the caller's affair. */
  readItems(keys: string[]): Promise<(Item | undefined)[]>;
  entries(prefix: string, until?: string): Promise<[string, unknown][]>;
  close(): Promise<void>;
}

function clearer(level: Level) {
  return (prefix: string, done: Callback) => {
    level.clear({ gte: prefix, lt: prefixEnd(prefix) }).then(() => done(null), done);
  };
}

function openDynalite(options: { dataDir?: string; region: string; accountId: string }): DynaliteStore {
  const dynalite = database.create({
    ...(options.dataDir === undefined ? {} : { path: options.dataDir }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  dynalite.tableDb.awsAccountId = options.accountId;
  dynalite.tableDb.awsRegion = options.region;
  const clear = clearer(dynalite.db);
  dynalite.deleteItemDb = (name, done) => clear(itemPrefix(name), done);
  dynalite.deleteIndexDb = (...[kind, table, index, done]) => clear(indexPrefix(kind === 'Local' ? 'local' : 'global', table, index), done);
  return dynalite;
}

function rememberTables(dynalite: DynaliteStore): Map<string, Table> {
  const known = new Map<string, Table>();
  const read = dynalite.getTable.bind(dynalite);
  dynalite.getTable = (name, checkStatus, done) => {
    if (typeof checkStatus !== 'function') {
      read(name, checkStatus, done);
      return;
    }
    const table = known.get(name);
    if (table !== undefined) {
      checkStatus(null, table);
      return;
    }
    read(name, (error, found) => {
      if (found?.TableStatus === 'ACTIVE') known.set(name, found);
      checkStatus(error, found);
    });
  };
  return known;
}

/** Opens the data folder, or a store in memory without one; rejects when another process uses the folder. */
export async function openStore(options: { dataDir?: string; region: string; accountId: string }): Promise<Store> {
  const dynalite = openDynalite(options);
  const level = dynalite.db;
  await level.open();
  const known = rememberTables(dynalite);
  const asItem = (value: unknown) => value as Item | undefined;
  return {
    level,
    dynalite,
    table: (name) =>
      new Promise((resolve, reject) =>
        dynalite.getTable(name, (error, table) => (table === undefined || error ? reject(error) : resolve(table))),
      ),
    forgetTables: () => known.clear(),
    readItem: async (table, key) => asItem(level.getSync(itemPrefix(table) + key)),
    readItems: async (keys) => keys.map((key) => asItem(level.getSync(key))),
    entries: (prefix, until) => level.iterator({ gte: prefix, lt: until ?? prefixEnd(prefix) }).all(),
    close: () => new Promise((resolve, reject) => dynalite.lifecycleManager.gracefulClose((error) => (error ? reject(error) : resolve()))),
  };
}
