import type { Server } from 'node:http';
import { finishListening, listen } from '../listen.ts';
import type { Authorize, Clock, Meter } from '../ports.ts';
import type { OnStorageFailure } from '../storage-failure.ts';
import { tableIfAny } from './access.ts';
import { applyWrite, isRefusal } from './apply-write.ts';
import { commit } from './commit.ts';
import type { Engine } from './engine.ts';
import { isType } from './failures.ts';
import { type Faults, PlannedFaults } from './faults.ts';
import { IndexLag } from './index-lag.ts';
import { ItemLocks } from './locks.ts';
import type { Item, TableSpec } from './model.ts';
import { serverOf } from './server.ts';
import { itemPrefix, openStore } from './store.ts';
import { ensureTable } from './tables.ts';
import { TimeToLive } from './time-to-live.ts';
import { Tokens } from './tokens.ts';

export interface DynamoDbOptions {
  /** Folder of the data; everything is kept in memory without one. */
  dataDir?: string;
  /** A free port of loopback when absent. */
  port?: number;
  clock: Clock;
  authorize: Authorize;
  meter: Meter;
  region: string;
  accountId: string;
  onStorageFailure?: OnStorageFailure;
}

export interface LocalDynamoDb {
  url: string;
  port: number;
  faults: Faults;
  createTable(spec: TableSpec): Promise<void>;
  /** To be called before anybody writes: existing tables keep their items and get the indexes that the specifications name. */
  ensureTables(specs: readonly TableSpec[]): Promise<void>;
  /** Removes now what has expired by the clock; answers how many items. It is also done every minute of the clock. */
  sweepExpired(): Promise<number>;
  close(): Promise<void>;
}

/** Deletes an item unless it is no longer expired, or held by a transaction: then it is for the next time. */
const remover = (engine: Engine) => async (tableName: string, itemKey: string) => {
  const table = await tableIfAny(engine, tableName);
  if (table === undefined) return false;
  try {
    return await engine.locks.write(itemPrefix(tableName) + itemKey, async () => {
      const before = await engine.store.readItem(tableName, itemKey);
      if (before === undefined || !engine.timeToLive.isExpired(tableName, before)) return false;
      const Key: Item = {};
      for (const { AttributeName: name } of table.KeySchema) Key[name] = before[name] ?? {};
      const request = { TableName: tableName, Key };
      const outcome = await applyWrite({ operation: 'DeleteItem', request, table, itemKey, returnOldOnFailure: false }, before);
      if (isRefusal(outcome)) throw outcome.failure;
      await commit(engine, [outcome]);
      return true;
    });
  } catch (error) {
    if (isType(error, 'TransactionConflictException')) return false;
    throw error;
  }
};

async function openEngine(options: DynamoDbOptions): Promise<Engine> {
  const { clock, authorize, meter, region, accountId, onStorageFailure = () => undefined } = options;
  const store = await openStore(options);
  const lag = new IndexLag(store, clock);
  const tokens = new Tokens(store, clock);
  const timeToLive = new TimeToLive(store, clock);
  await Promise.all([lag.load(), tokens.load(), timeToLive.load()]);
  const faults = new PlannedFaults(lag, clock);
  const arnPrefix = `arn:aws:dynamodb:${region}:${accountId}:table/`;
  return { store, locks: new ItemLocks(), tokens, lag, timeToLive, faults, clock, authorize, meter, arnPrefix, onStorageFailure };
}

async function listenOrClose(engine: Engine, server: Server, port: number | undefined): Promise<number> {
  try {
    return await listen(server, port);
  } catch (error) {
    await engine.store.close();
    throw error;
  }
}

/** Starts DynamoDB on this machine. Rejects when another process uses the data folder. */
export async function startDynamoDb(options: DynamoDbOptions): Promise<LocalDynamoDb> {
  const engine = await openEngine(options);
  const server = serverOf(engine);
  const port = await listenOrClose(engine, server, options.port);
  const remove = remover(engine);
  engine.timeToLive.start(remove);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    faults: engine.faults,
    createTable: (spec) => ensureTable(engine, spec),
    ensureTables: async (specs) => {
      for (const spec of specs) await ensureTable(engine, spec);
    },
    sweepExpired: () => engine.timeToLive.sweep(remove),
    close: async () => {
      await engine.timeToLive.stop();
      await finishListening(server);
      await engine.store.close();
    },
  };
}
