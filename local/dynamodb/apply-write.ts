import { awsLimits } from '../../core/limits.ts';
import { runAction } from './dynalite.ts';
import { type Failure, isFailure, isType, validationFailure } from './failures.ts';
import type { BatchOperation, Checked, IndexSpec, Item, Table } from './model.ts';
import { indexPrefix, itemPrefix } from './store.ts';
import { indexRow, indexWriteUnits, itemBytes, itemWriteUnits } from './units.ts';

export type WriteOperation = 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheck';

/** One write of one item, checked: what its lock, its condition and its effect need. */
export interface Write {
  operation: WriteOperation;
  request: Checked;
  table: Table;
  itemKey: string;
  returnOldOnFailure: boolean;
}

/** The effect of a write upon the item that was there, not yet stored. */
export interface Effect {
  write: Write;
  before: Item | undefined;
  after: Item | undefined;
  attributes: unknown;
  indexOperations: BatchOperation[];
  tableUnits: number;
  indexUnits: Record<string, number>;
}

/** A write that was refused, and what the refusal costs. */
export interface Refusal {
  failure: Failure;
  before: Item | undefined;
  tableUnits: number;
}

export const lockKey = (write: Write) => itemPrefix(write.table.TableName) + write.itemKey;

type Done = (error: null, value?: unknown) => void;

interface Recorded {
  after: Item | undefined;
  /** dynalite's keys of the index rows to put and to delete, by index. */
  put: Map<string, string>;
  deleted: Map<string, string>;
}

/** Stands in for dynalite's store: reads give the item that was there, writes are recorded. */
function recorder(write: Write, before: Item | undefined) {
  const recorded: Recorded = { after: before, put: new Map(), deleted: new Map() };
  const change = (after: Item | undefined, done: Done) => {
    recorded.after = after;
    done(null);
  };
  const itemDb = {
    lock: (_key: string, run: (release: (done: Done) => Done) => void) => run((done) => done),
    get: (_key: string, done: Done) => done(null, before),
    put: (_key: string, item: Item, done: Done) => change(item, done),
    del: (_key: string, done: Done) => change(undefined, done),
  };
  const note = (keys: Map<string, string>, index: string) => (key: string, last: unknown, done?: Done) => {
    keys.set(index, key);
    (done ?? (last as Done))(null);
  };
  const store = {
    options: { maxItemSize: Number.POSITIVE_INFINITY },
    getTable: (_name: string, done: (error: null, table: Table) => void) => done(null, write.table),
    getItemDb: () => itemDb,
    getIndexDb: (_kind: string, _table: string, index: string) => ({ put: note(recorded.put, index), del: note(recorded.deleted, index) }),
  };
  return { recorded, store };
}

const same = (one: unknown, other: unknown) => one === other || JSON.stringify(one) === JSON.stringify(other);

const MAX_INDEX_KEY_BYTES = { HASH: 2048, RANGE: 1024 };

function checkIndexKeys(index: IndexSpec, item: Item): void {
  for (const { AttributeName: name, KeyType: kind } of index.KeySchema) {
    const value = item[name]?.S ?? item[name]?.B;
    if (value === '')
      throw validationFailure(
        'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
          `The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${index.IndexName}, IndexKey: ${name}`,
      );
    if (value !== undefined && Buffer.byteLength(value) > MAX_INDEX_KEY_BYTES[kind])
      throw validationFailure(
        `One or more parameter values were invalid: Size of index key ${name} has exceeded the maximum size limit of ` +
          `${MAX_INDEX_KEY_BYTES[kind]} bytes. IndexName: ${index.IndexName}`,
      );
  }
}

interface IndexChange {
  operations: BatchOperation[];
  units: number;
}

/** The last part of dynalite's key is but a short hash of the item's key, so the item's key is added: no two items share a row. */
function rowKey(write: Write, index: IndexSpec, key: string): string {
  const kind = write.table.LocalSecondaryIndexes?.includes(index) ? 'local' : 'global';
  return `${indexPrefix(kind, write.table.TableName, index.IndexName)}${key}/${write.itemKey}`;
}

function indexChange(write: Write, index: IndexSpec, change: Recorded & { before: Item | undefined }): IndexChange {
  const before = indexRow(index, write.table, change.before);
  const after = indexRow(index, write.table, change.after);
  if (same(before, after)) return { operations: [], units: 0 };
  const deleted = change.deleted.get(index.IndexName);
  const put = change.put.get(index.IndexName);
  const operations: BatchOperation[] = [];
  if (deleted !== undefined) operations.push({ type: 'del', key: rowKey(write, index, deleted) });
  if (put !== undefined) operations.push({ type: 'put', key: rowKey(write, index, put), value: after });
  return { operations, units: indexWriteUnits({ before, after, keyChanged: deleted !== undefined }) };
}

export const indexesOf = (table: Table): IndexSpec[] => [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];

function checkAfter(write: Write, after: Item | undefined): void {
  if (after === undefined || write.operation === 'ConditionCheck') return;
  if (itemBytes(after) > awsLimits.itemBytes)
    throw validationFailure(
      write.operation === 'UpdateItem'
        ? 'Item size to update has exceeded the maximum allowed size'
        : 'Item size has exceeded the maximum allowed size',
    );
  for (const index of indexesOf(write.table)) checkIndexKeys(index, after);
}

async function changeItem(write: Write, before: Item | undefined): Promise<Effect> {
  const { recorded, store } = recorder(write, before);
  const isCheck = write.operation === 'ConditionCheck';
  const { Attributes: attributes } = await runAction(isCheck ? 'DeleteItem' : write.operation, store, write.request);
  const change = { ...recorded, before, after: isCheck ? before : recorded.after };
  const { after } = change;
  checkAfter(write, after);
  const effect: Effect = {
    write,
    before,
    after,
    attributes,
    indexOperations: [],
    tableUnits: itemWriteUnits(before, after),
    indexUnits: {},
  };
  if (isCheck) return effect;
  for (const index of indexesOf(write.table)) {
    const { operations, units } = indexChange(write, index, change);
    effect.indexOperations.push(...operations);
    if (units > 0) effect.indexUnits[index.IndexName] = units;
  }
  return effect;
}

export const isRefusal = (outcome: Effect | Refusal): outcome is Refusal => 'failure' in outcome;

/** Runs the write's condition and update against `before`. Nothing is stored. A failed condition costs what the write would have cost. */
export async function applyWrite(write: Write, before: Item | undefined): Promise<Effect | Refusal> {
  try {
    return await changeItem(write, before);
  } catch (error) {
    if (!isFailure(error)) throw error;
    const isBilled = isType(error, 'ConditionalCheckFailedException');
    return { failure: error, before, tableUnits: isBilled ? itemWriteUnits(before, write.request.Item) : 0 };
  }
}
