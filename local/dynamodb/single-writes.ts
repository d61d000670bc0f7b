import type { Access } from './access.ts';
import { applyWrite, type Effect, isRefusal, lockKey, type Refusal, type Write, type WriteOperation } from './apply-write.ts';
import { capacityAnswer, effectUnits } from './capacity.ts';
import { commit } from './commit.ts';
import { check, database } from './dynalite.ts';
import type { Call, Engine } from './engine.ts';
import { failure, isType, validationFailure } from './failures.ts';
import type { Checked } from './model.ts';

const MAX_EXPRESSION_BYTES = 4096;
const EXPRESSIONS = ['ConditionExpression', 'UpdateExpression', 'FilterExpression', 'KeyConditionExpression', 'ProjectionExpression'];

export function checkExpressionSizes(request: Record<string, unknown>): void {
  for (const name of EXPRESSIONS) {
    const text = request[name];
    if (typeof text === 'string' && Buffer.byteLength(text) > MAX_EXPRESSION_BYTES)
      throw validationFailure(`Invalid ${name}: Expression size has exceeded the maximum allowed size; expression size: ${text.length}`);
  }
}

/** A write whose syntax is right; its table is not looked at yet. */
export interface CheckedWrite {
  operation: WriteOperation;
  request: Checked;
  returnOldOnFailure: boolean;
}

export function checkWrite(engine: Engine, operation: WriteOperation, body: Record<string, unknown>): CheckedWrite {
  checkExpressionSizes(body);
  const returnOldOnFailure = body['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
  const request = check(operation === 'ConditionCheck' ? 'DeleteItem' : operation, body, engine.store.dynalite);
  return { operation, request, returnOldOnFailure };
}

/** Finds table and item key; rejects when the table is missing or the key does not fit it. */
export async function locate(engine: Engine, { operation, request, returnOldOnFailure }: CheckedWrite): Promise<Write> {
  const table = await engine.store.table(request.TableName);
  const item = request.Item ?? request.Key ?? {};
  const invalid = operation === 'PutItem' ? database.validateItem(item, table) : database.validateKey(item, table);
  if (invalid) throw invalid;
  return { operation, request, table, itemKey: database.createKey(item, table), returnOldOnFailure };
}

function refused({ failure: cause, before }: Refusal, write: Write) {
  const showsItem = write.returnOldOnFailure && before !== undefined && isType(cause, 'ConditionalCheckFailedException');
  return showsItem ? failure('ConditionalCheckFailedException', cause.message, { Item: before }) : cause;
}

/** Writes one item, after those that are being written; rejects with the error to answer with. */
export async function writeItem(engine: Engine, caller: string, write: Write): Promise<Effect> {
  try {
    engine.faults.checkConflict({ table: write.table.TableName, key: write.request.Key ?? write.request.Item ?? {} });
    return await engine.locks.write(lockKey(write), async () => {
      const outcome = await applyWrite(write, await engine.store.readItem(write.table.TableName, write.itemKey));
      if (isRefusal(outcome)) {
        engine.meter.add(caller, { writeUnits: outcome.tableUnits });
        throw refused(outcome, write);
      }
      await commit(engine, [outcome]);
      engine.meter.add(caller, { writeUnits: effectUnits(outcome) });
      return outcome;
    });
  } catch (error) {
    if (isType(error, 'TransactionConflictException')) engine.meter.add(caller, { transactionConflicts: 1 });
    throw error;
  }
}

/** PutItem, UpdateItem and DeleteItem. */
export const singleWrite = (operation: WriteOperation) => ({
  parse: (engine: Engine, call: Call) => checkWrite(engine, operation, call.body),
  accesses: ({ request }: CheckedWrite): Access[] => [{ action: operation, table: request.TableName, requests: [request] }],
  run: async (engine: Engine, call: Call, checked: CheckedWrite) => {
    const effect = await writeItem(engine, call.caller, await locate(engine, checked));
    const capacity = capacityAnswer([effect], checked.request.ReturnConsumedCapacity)[0];
    return {
      ...(effect.attributes === undefined ? {} : { Attributes: effect.attributes }),
      ...(capacity === undefined ? {} : { ConsumedCapacity: capacity }),
    };
  },
});
