import { awsLimits } from '../../core/limits.ts';
import type { Access } from './access.ts';
import { applyWrite, type Effect, isRefusal, lockKey, type Refusal, type Write, type WriteOperation } from './apply-write.ts';
import { capacityAnswer, effectUnits } from './capacity.ts';
import { commit } from './commit.ts';
import type { Call, Engine } from './engine.ts';
import { type CancellationReason, cancelled, isType, validationFailure } from './failures.ts';
import type { BatchOperation } from './model.ts';
import { type CheckedWrite, checkWrite, locate } from './single-writes.ts';
import { digestOf } from './tokens.ts';
import { itemBytes } from './units.ts';

const TRANSACTION_FACTOR = 2;
const MAX_TOKEN_LENGTH = 36;

interface TransactWrite {
  writes: CheckedWrite[];
  token: string | undefined;
  digest: string;
  returnCapacity: string | undefined;
}

const kinds: Record<string, WriteOperation> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheck',
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const optionalText = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** The entries of a transaction, 1 to 100 objects. */
export function transactItems(body: Record<string, unknown>): Record<string, unknown>[] {
  const items = body['TransactItems'];
  if (!Array.isArray(items) || items.length === 0 || items.length > awsLimits.transactionItems)
    throw validationFailure(
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: " +
        `Member must have length between 1 and ${awsLimits.transactionItems}`,
    );
  if (!items.every(isRecord)) throw validationFailure('TransactItems can only contain objects');
  return items;
}

function parseEntry(engine: Engine, entry: Record<string, unknown>): CheckedWrite {
  const [kind, ...others] = Object.keys(entry).filter((name) => entry[name] !== null);
  const operation = kind === undefined ? undefined : kinds[kind];
  const body = kind === undefined ? undefined : entry[kind];
  if (operation === undefined || !isRecord(body) || others.length > 0)
    throw validationFailure('TransactItems can only contain one of Check, Put, Update or Delete');
  if (operation === 'ConditionCheck' && typeof body['ConditionExpression'] !== 'string')
    throw validationFailure('A ConditionCheck needs a ConditionExpression');
  return checkWrite(engine, operation, body);
}

function parse(engine: Engine, { body }: Call): TransactWrite {
  const token = optionalText(body['ClientRequestToken']);
  if (token !== undefined && (token.length === 0 || token.length > MAX_TOKEN_LENGTH))
    throw validationFailure(`ClientRequestToken must have between 1 and ${MAX_TOKEN_LENGTH} characters`);
  const items = transactItems(body);
  const digest = token === undefined ? '' : digestOf(items);
  const writes = items.map((entry) => parseEntry(engine, entry));
  return { writes, token, digest, returnCapacity: optionalText(body['ReturnConsumedCapacity']) };
}

const NONE: CancellationReason = { Code: 'None' };

async function locateAll(engine: Engine, checked: readonly CheckedWrite[]): Promise<Write[]> {
  const results = await Promise.allSettled(checked.map((write) => locate(engine, write)));
  const reasons = results.map((result): CancellationReason => {
    if (result.status === 'fulfilled') return NONE;
    if (!isType(result.reason, 'ValidationException')) throw result.reason;
    return { Code: 'ValidationError', Message: result.reason.message };
  });
  if (reasons.some((reason) => reason !== NONE)) throw cancelled(reasons);
  const writes = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (new Set(writes.map(lockKey)).size < writes.length)
    throw validationFailure('Transaction request cannot include multiple operations on one item');
  return writes;
}

function checkConflicts(engine: Engine, caller: string, writes: readonly Write[]): void {
  const reasons = writes.map((write): CancellationReason => {
    const touch = { table: write.table.TableName, key: write.request.Key ?? write.request.Item ?? {} };
    const isTaken = engine.locks.heldByTransaction(lockKey(write)) || engine.faults.conflicts(touch);
    return isTaken ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' } : NONE;
  });
  const transactionConflicts = reasons.filter((reason) => reason !== NONE).length;
  if (transactionConflicts === 0) return;
  engine.meter.add(caller, { transactionConflicts });
  throw cancelled(reasons);
}

function reasonOf(outcome: Effect | Refusal, write: Write): CancellationReason {
  if (!isRefusal(outcome)) return NONE;
  const { failure, before } = outcome;
  const isCondition: boolean = isType(failure, 'ConditionalCheckFailedException');
  if (isCondition)
    return {
      Code: 'ConditionalCheckFailed',
      Message: failure.message,
      ...(write.returnOldOnFailure && before !== undefined ? { Item: before } : {}),
    };
  return { Code: 'ValidationError', Message: failure.message };
}

const bytesOf = (effect: Effect) => itemBytes(effect.after ?? effect.before ?? {});

async function applyAll(engine: Engine, caller: string, writes: readonly Write[]): Promise<Effect[]> {
  const befores = await engine.store.readItems(writes.map(lockKey));
  const outcomes = await Promise.all(writes.map((write, at) => applyWrite(write, befores[at])));
  const effects = outcomes.filter((outcome): outcome is Effect => !isRefusal(outcome));
  if (effects.length < outcomes.length) {
    const writeUnits = outcomes.reduce((units, outcome) => units + outcome.tableUnits * TRANSACTION_FACTOR, 0);
    engine.meter.add(caller, { writeUnits });
    throw cancelled(writes.map((write, at) => reasonOf(outcomes[at] ?? missing(), write)));
  }
  if (effects.reduce((bytes, effect) => bytes + bytesOf(effect), 0) > awsLimits.transactionBytes)
    throw validationFailure('Transaction request cannot exceed an aggregate item size of 4 MB');
  return effects;
}

function missing(): never {
  throw new Error('A write of the transaction has no outcome');
}

async function transact(engine: Engine, caller: string, plan: { writes: Write[]; record: BatchOperation[] }): Promise<Effect[]> {
  checkConflicts(engine, caller, plan.writes);
  return engine.locks.transaction(plan.writes.map(lockKey), async () => {
    await engine.faults.duringTransaction();
    const effects = await applyAll(engine, caller, plan.writes);
    await commit(engine, effects, plan.record);
    engine.meter.add(caller, { writeUnits: effects.reduce((units, effect) => units + effectUnits(effect, TRANSACTION_FACTOR), 0) });
    return effects;
  });
}

async function run(engine: Engine, call: Call, request: TransactWrite) {
  const writes = await locateAll(engine, request.writes);
  const first = async (record: BatchOperation[]) => {
    const effects = await transact(engine, call.caller, { writes, record });
    const capacity = capacityAnswer(effects, request.returnCapacity, TRANSACTION_FACTOR);
    return capacity.length > 0 ? { ConsumedCapacity: capacity } : {};
  };
  const again = async () => {
    engine.meter.add(call.caller, { readUnits: writes.length * TRANSACTION_FACTOR });
    return {};
  };
  const { token, digest } = request;
  return token === undefined ? first([]) : engine.tokens.once({ token, digest }, { first, again });
}

export const transactWrite = {
  parse,
  accesses: ({ writes }: TransactWrite): Access[] =>
    writes.map(({ operation, request }) => ({
      action: operation === 'ConditionCheck' ? 'ConditionCheckItem' : operation,
      table: request.TableName,
      requests: [request],
      enclosingOperation: 'TransactWriteItems',
    })),
  run,
};
