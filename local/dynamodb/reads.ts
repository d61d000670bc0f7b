import type { Access } from './access.ts';
import { type Callback, check, database, runAction } from './dynalite.ts';
import type { Call, Engine } from './engine.ts';
import { type CancellationReason, cancelled, validationFailure } from './failures.ts';
import type { Checked, Item, Table } from './model.ts';
import { checkExpressionSizes } from './single-writes.ts';
import { indexPrefix, itemPrefix, rangeReader } from './store.ts';
import { transactItems } from './transact-writes.ts';
import { itemBytes, readUnits } from './units.ts';

interface BatchGet {
  RequestItems: Record<string, { Keys: Item[] } & Checked>;
}

const asBatchGet = (checked: unknown) => checked as BatchGet;

/** The key of the row that a page of an index begins after, if it is well formed; the operation itself complains if not. */
function startItemKey(request: Checked, table: Table): string | undefined {
  const start = request.ExclusiveStartKey;
  if (request.IndexName === undefined || start === undefined) return undefined;
  const key: Item = {};
  for (const { AttributeName: name } of table.KeySchema) if (start[name] !== undefined) key[name] = start[name];
  return database.validateKey(key, table) ? undefined : database.createKey(key, table);
}

/** What dynalite's read operations read from. */
function readStore(engine: Engine, startsAt?: string) {
  const { store } = engine;
  return {
    options: store.dynalite.options,
    getTable: store.dynalite.getTable,
    getItemDb: (table: string) => ({
      get: (key: string, done: Callback<Item>) => {
        store.readItem(table, key).then((item) => done(null, item), done);
      },
      ...rangeReader(store.level, itemPrefix(table)),
    }),
    getIndexDb: (kind: string, table: string, index: string) =>
      rangeReader(store.level, indexPrefix(kind === 'local' ? 'local' : 'global', table, index), startsAt),
  };
}

interface Consumed {
  CapacityUnits: number;
}

/** Counts what was read and answers `answer`, with the units only if they were asked for. */
function bill(engine: Engine, call: Call, { answer, least }: { answer: Record<string, unknown>; least: number }) {
  const consumed = [answer['ConsumedCapacity'] ?? []].flat() as Consumed[];
  const units = consumed.reduce((total, { CapacityUnits }) => total + (CapacityUnits ?? 0), 0);
  engine.meter.add(call.caller, { readUnits: Math.max(least, units) });
  const { ConsumedCapacity, ...rest } = answer;
  return call.body['ReturnConsumedCapacity'] === undefined || call.body['ReturnConsumedCapacity'] === 'NONE' ? rest : answer;
}

/** GetItem, Query and Scan. */
export const read = (operation: 'GetItem' | 'Query' | 'Scan') => ({
  parse: (engine: Engine, call: Call) => {
    checkExpressionSizes(call.body);
    return check(operation, { ...call.body }, engine.store.dynalite);
  },
  accesses: (request: Checked): Access[] => [
    {
      action: operation,
      table: request.TableName,
      ...(request.IndexName === undefined ? {} : { index: request.IndexName }),
      requests: [request],
    },
  ],
  run: async (engine: Engine, call: Call, request: Checked) => {
    if (request.IndexName !== undefined) await engine.lag.catchUp();
    const table = await engine.store.table(request.TableName);
    const counted = { ...request, ReturnConsumedCapacity: request.ReturnConsumedCapacity === 'INDEXES' ? 'INDEXES' : 'TOTAL' };
    const answer = await runAction(operation, readStore(engine, startItemKey(request, table)), counted);
    return bill(engine, call, { answer, least: request.ConsistentRead ? 1 : 0.5 });
  },
});

export const batchGet = {
  parse: (engine: Engine, call: Call) => asBatchGet(check('BatchGetItem', { ...call.body }, engine.store.dynalite)),
  accesses: (request: BatchGet): Access[] =>
    Object.entries(request.RequestItems).map(([table, { Keys, ...wanted }]) => ({
      action: 'BatchGetItem',
      table,
      requests: Keys.map((Key) => ({ ...wanted, TableName: table, Key })),
    })),
  run: async (engine: Engine, call: Call, request: BatchGet) => {
    const counted = { ...request, ReturnConsumedCapacity: 'TOTAL' };
    return bill(engine, call, { answer: await runAction('BatchGetItem', readStore(engine), counted), least: 0 });
  },
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const TRANSACTION_FACTOR = 2;

async function lockKeyOf(engine: Engine, { TableName, Key = {} }: Checked): Promise<string> {
  const table = await engine.store.table(TableName);
  const invalid = database.validateKey(Key, table);
  if (invalid) throw invalid;
  return itemPrefix(TableName) + database.createKey(Key, table);
}

function checkNotBeingChanged(engine: Engine, call: Call, keys: readonly string[]): void {
  const isBusy = keys.map((key) => engine.locks.beingChanged(key));
  const transactionConflicts = isBusy.filter(Boolean).length;
  if (transactionConflicts === 0) return;
  engine.meter.add(call.caller, { transactionConflicts });
  const conflict: CancellationReason = { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' };
  throw cancelled(isBusy.map((busy) => (busy ? conflict : { Code: 'None' })));
}

export const transactGet = {
  parse: (engine: Engine, call: Call): Checked[] =>
    transactItems(call.body).map(({ Get: get }) => {
      if (!isRecord(get)) throw validationFailure('TransactItems of a TransactGetItems call can only contain Get');
      checkExpressionSizes(get);
      return check('GetItem', get, engine.store.dynalite);
    }),
  accesses: (gets: Checked[]): Access[] =>
    gets.map((request) => ({
      action: 'GetItem',
      table: request.TableName,
      requests: [request],
      enclosingOperation: 'TransactGetItems',
    })),
  run: async (engine: Engine, call: Call, gets: Checked[]) => {
    const keys = await Promise.all(gets.map((get) => lockKeyOf(engine, get)));
    if (new Set(keys).size < keys.length) throw validationFailure('Transaction request cannot include multiple operations on one item');
    checkNotBeingChanged(engine, call, keys);
    const items = await engine.store.readItems(keys);
    const units = items.map((item) => TRANSACTION_FACTOR * readUnits(item ? itemBytes(item) : 0, true));
    engine.meter.add(call.caller, { readUnits: units.reduce((total, each) => total + each, 0) });
    return { Responses: items.map((item, at) => (item ? { Item: projected(item, gets[at]) } : {})) };
  },
};

function projected(item: Item, get: Checked | undefined): Item {
  return get?._projection ? database.mapPaths(get._projection.paths, item) : item;
}
