import type { Access } from './access.ts';
import type { Effect, Write } from './apply-write.ts';
import { lockKey } from './apply-write.ts';
import { capacityAnswer } from './capacity.ts';
import { check } from './dynalite.ts';
import type { Call, Engine } from './engine.ts';
import { isType, validationFailure } from './failures.ts';
import type { Checked, Item } from './model.ts';
import { type CheckedWrite, locate, writeItem } from './single-writes.ts';

interface BatchEntry {
  PutRequest?: { Item: Item };
  DeleteRequest?: { Key: Item };
}

interface BatchWrite {
  RequestItems: Record<string, BatchEntry[]>;
  ReturnConsumedCapacity?: string;
}

const MAX_WRITES = 25;

const asBatch = (checked: unknown) => checked as BatchWrite;

function asWrite(TableName: string, entry: BatchEntry): CheckedWrite {
  const request: Checked = entry.PutRequest
    ? { TableName, Item: entry.PutRequest.Item }
    : { TableName, ...(entry.DeleteRequest ? { Key: entry.DeleteRequest.Key } : {}) };
  return { operation: entry.PutRequest ? 'PutItem' : 'DeleteItem', request, returnOldOnFailure: false };
}

interface Located {
  entry: BatchEntry;
  write: Write;
}

async function locateAll(engine: Engine, batch: BatchWrite): Promise<Located[]> {
  const located: Located[] = [];
  for (const [table, entries] of Object.entries(batch.RequestItems)) {
    for (const entry of entries) located.push({ entry, write: await locate(engine, asWrite(table, entry)) });
  }
  if (located.length > MAX_WRITES) throw validationFailure(`Too many items requested for the BatchWriteItem call`);
  if (new Set(located.map(({ write }) => lockKey(write))).size < located.length)
    throw validationFailure('Provided list of item keys contains duplicates');
  return located;
}

/** Each write stands alone: one that meets a transaction is handed back as unprocessed. */
export const batchWrite = {
  parse: (engine: Engine, call: Call) => asBatch(check('BatchWriteItem', call.body, engine.store.dynalite)),
  accesses: (batch: BatchWrite): Access[] =>
    Object.entries(batch.RequestItems).map(([table, entries]) => ({
      action: 'BatchWriteItem',
      table,
      requests: entries.map((entry) => asWrite(table, entry).request),
    })),
  run: async (engine: Engine, call: Call, batch: BatchWrite) => {
    const effects: Effect[] = [];
    const unprocessed: Record<string, BatchEntry[]> = {};
    const writeOne = async ({ entry, write }: Located) => {
      try {
        effects.push(await writeItem(engine, call.caller, write));
      } catch (error) {
        if (!isType(error, 'TransactionConflictException')) throw error;
        const table = write.table.TableName;
        unprocessed[table] = [...(unprocessed[table] ?? []), entry];
      }
    };
    await Promise.all((await locateAll(engine, batch)).map(writeOne));
    const capacity = capacityAnswer(effects, batch.ReturnConsumedCapacity);
    return { UnprocessedItems: unprocessed, ...(capacity.length > 0 ? { ConsumedCapacity: capacity } : {}) };
  },
};
