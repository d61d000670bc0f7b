import { randomUUID } from 'node:crypto';
import type { Access } from './access.ts';
import type { Write } from './apply-write.ts';
import { applyWrite, indexesOf, isRefusal } from './apply-write.ts';
import { check, runAction } from './dynalite.ts';
import type { Call, Engine } from './engine.ts';
import { isFailure, isType, validationFailure } from './failures.ts';
import type { BatchOperation, Checked, IndexSpec, Item, Table, TableSpec } from './model.ts';
import { indexPrefix, itemPrefix, prefixEnd, tableKey } from './store.ts';

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

const indexSchema = ({ IndexName, KeySchema, Projection }: IndexSpec): IndexSpec => ({ IndexName, KeySchema, Projection });

function schemaOf(spec: TableSpec | Table) {
  const { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes: global, LocalSecondaryIndexes: local } = spec;
  return {
    TableName,
    AttributeDefinitions,
    KeySchema,
    ...(global?.length ? { GlobalSecondaryIndexes: global.map(indexSchema) } : {}),
    ...(local?.length ? { LocalSecondaryIndexes: local.map(indexSchema) } : {}),
  };
}

function describe(engine: Engine, spec: TableSpec): Table {
  const schema = schemaOf(spec);
  const TableArn = engine.arnPrefix + spec.TableName;
  const withState = (index: IndexSpec) => ({
    ...index,
    IndexArn: `${TableArn}/index/${index.IndexName}`,
    IndexStatus: 'ACTIVE',
    IndexSizeBytes: 0,
    ItemCount: 0,
    ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
  });
  const described = {
    ...schema,
    ...(schema.GlobalSecondaryIndexes ? { GlobalSecondaryIndexes: schema.GlobalSecondaryIndexes.map(withState) } : {}),
    TableArn,
    TableId: randomUUID(),
    TableStatus: 'ACTIVE',
    CreationDateTime: engine.clock.now() / 1000,
    ItemCount: 0,
    TableSizeBytes: 0,
    ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
  };
  return described;
}

function checkSpec(engine: Engine, spec: TableSpec): void {
  if (spec.StreamSpecification !== undefined) throw new Error(`Table ${spec.TableName}: streams are not supported here`);
  try {
    check('CreateTable', { ...structuredClone(schemaOf(spec)), BillingMode: 'PAY_PER_REQUEST' }, engine.store.dynalite);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new Error(`Table ${spec.TableName}: ${error.message}`, { cause: error });
  }
}

const REBUILD_BATCH = 500;

/** Index rows of one item, as writing it anew gives them. */
async function rowsOf(table: Table, stored: readonly [string, unknown]): Promise<BatchOperation[]> {
  const [key, item] = stored;
  const request: Checked = { TableName: table.TableName, Item: item as Item };
  const itemKey = key.slice(itemPrefix(table.TableName).length);
  const write: Write = { operation: 'PutItem', request, table, itemKey, returnOldOnFailure: false };
  const outcome = await applyWrite(write, undefined);
  if (!isRefusal(outcome)) return outcome.indexOperations;
  if (isType(outcome.failure, 'ValidationException')) return [];
  throw outcome.failure;
}

/** Writes all index rows anew; may be done again after a crash, as the table's description is stored last. */
async function rebuildIndexes(engine: Engine, old: Table, table: Table): Promise<void> {
  const { level } = engine.store;
  await engine.lag.settle();
  for (const kind of ['global', 'local'] as const) {
    for (const { IndexName } of [...indexesOf(old), ...indexesOf(table)]) {
      const prefix = indexPrefix(kind, table.TableName, IndexName);
      await level.clear({ gte: prefix, lt: prefixEnd(prefix) });
    }
  }
  const items = await engine.store.entries(itemPrefix(table.TableName));
  for (let at = 0; at < items.length; at += REBUILD_BATCH) {
    const rows = await Promise.all(items.slice(at, at + REBUILD_BATCH).map((stored) => rowsOf(table, stored)));
    await level.batch(rows.flat());
  }
}

const storeDescription = (engine: Engine, table: Table) =>
  engine.store.level.batch([{ type: 'put', key: tableKey(table.TableName), value: table }]);

async function existing(engine: Engine, name: string): Promise<Table | undefined> {
  try {
    return await engine.store.table(name);
  } catch (error) {
    if (isType(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

/**
 * Makes a table as the specification says. One that exists keeps its items: indexes are made, changed and dropped; a changed primary key is
 * an error. Nobody may write to a table whose indexes are being changed.
 */
export async function ensureTable(engine: Engine, spec: TableSpec): Promise<void> {
  checkSpec(engine, spec);
  const table = describe(engine, spec);
  const old = await existing(engine, spec.TableName);
  if (old !== undefined && !same(old.KeySchema, table.KeySchema))
    throw new Error(`Table ${spec.TableName}: the primary key of an existing table cannot change`);
  if (old !== undefined && !same(schemaOf(old), schemaOf(table))) await rebuildIndexes(engine, old, table);
  if (old === undefined || !same(schemaOf(old), schemaOf(table))) await storeDescription(engine, table);
  engine.store.forgetTables();
  const ttl = spec.TimeToLiveSpecification;
  await engine.timeToLive.choose(spec.TableName, ttl?.Enabled ? ttl.AttributeName : undefined);
}

const nameOf = (request: { TableName?: string }) => request.TableName ?? '*';

/** Operations upon tables, done by dynalite. */
export const tableOperation = (operation: string) => ({
  parse: (engine: Engine, call: Call) => check(operation, call.body, engine.store.dynalite),
  accesses: (request: Checked): Access[] => [{ action: operation, table: nameOf(request), requests: [] }],
  run: async (engine: Engine, _call: Call, request: Checked) => {
    try {
      if (operation === 'DeleteTable') await engine.timeToLive.choose(request.TableName, undefined);
      return await runAction(operation, engine.store.dynalite, request);
    } finally {
      engine.store.forgetTables();
    }
  },
});

interface TimeToLiveRequest {
  TableName: string;
  TimeToLiveSpecification?: { AttributeName?: unknown; Enabled?: unknown };
}

function parseTimeToLive(engine: Engine, call: Call): TimeToLiveRequest {
  const specification = call.body['TimeToLiveSpecification'];
  const { TableName } = check('DescribeTimeToLive', { ...call.body }, engine.store.dynalite);
  return { TableName, ...(typeof specification === 'object' && specification !== null ? { TimeToLiveSpecification: specification } : {}) };
}

export const describeTimeToLive = {
  parse: parseTimeToLive,
  accesses: (request: TimeToLiveRequest): Access[] => [{ action: 'DescribeTimeToLive', table: request.TableName, requests: [] }],
  run: async (engine: Engine, _call: Call, { TableName }: TimeToLiveRequest) => {
    await engine.store.table(TableName);
    const AttributeName = engine.timeToLive.attributeOf(TableName);
    return {
      TimeToLiveDescription:
        AttributeName === undefined ? { TimeToLiveStatus: 'DISABLED' } : { TimeToLiveStatus: 'ENABLED', AttributeName },
    };
  },
};

export const updateTimeToLive = {
  parse: parseTimeToLive,
  accesses: (request: TimeToLiveRequest): Access[] => [{ action: 'UpdateTimeToLive', table: request.TableName, requests: [] }],
  run: async (engine: Engine, _call: Call, { TableName, TimeToLiveSpecification: wanted }: TimeToLiveRequest) => {
    await engine.store.table(TableName);
    const current = engine.timeToLive.attributeOf(TableName);
    if (typeof wanted?.AttributeName !== 'string' || typeof wanted.Enabled !== 'boolean')
      throw validationFailure('TimeToLiveSpecification needs AttributeName and Enabled');
    if (wanted.Enabled === (current !== undefined))
      throw validationFailure(`TimeToLive is already ${wanted.Enabled ? 'enabled' : 'disabled'}`);
    await engine.timeToLive.choose(TableName, wanted.Enabled ? wanted.AttributeName : undefined);
    return { TimeToLiveSpecification: wanted };
  },
};
