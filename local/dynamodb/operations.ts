import { type Access, authorizeAll, touchesOf } from './access.ts';
import { batchWrite } from './batch-writes.ts';
import type { Call, Engine } from './engine.ts';
import { batchGet, read, transactGet } from './reads.ts';
import { singleWrite } from './single-writes.ts';
import { describeTimeToLive, tableOperation, updateTimeToLive } from './tables.ts';
import { transactWrite } from './transact-writes.ts';

interface Operation<T> {
  parse(engine: Engine, call: Call): T;
  accesses(request: T): Access[];
  run(engine: Engine, call: Call, request: T): Promise<unknown>;
}

export interface Answer {
  body: unknown;
  /** The answer is to be lost on its way. */
  isLost: boolean;
}

type Handler = (engine: Engine, call: Call) => Promise<Answer>;

/** What every request goes through: syntax, permission, planned faults, effect. */
function handler<T>(operation: Operation<T>): Handler {
  return async (engine, call) => {
    const request = operation.parse(engine, call);
    const accesses = operation.accesses(request);
    await authorizeAll(engine, call.caller, accesses);
    const touched = touchesOf(accesses);
    const throttled = engine.faults.throttled(call.operation, touched);
    if (throttled !== undefined) throw throttled;
    const body = await operation.run(engine, call, request);
    return { body, isLost: engine.faults.losesAnswer(call.operation, touched) };
  };
}

const tableOperations = [
  'CreateTable',
  'DeleteTable',
  'DescribeTable',
  'ListTables',
  'UpdateTable',
  'TagResource',
  'UntagResource',
  'ListTagsOfResource',
];

export const operations: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['PutItem', handler(singleWrite('PutItem'))],
  ['UpdateItem', handler(singleWrite('UpdateItem'))],
  ['DeleteItem', handler(singleWrite('DeleteItem'))],
  ['BatchWriteItem', handler(batchWrite)],
  ['TransactWriteItems', handler(transactWrite)],
  ['GetItem', handler(read('GetItem'))],
  ['Query', handler(read('Query'))],
  ['Scan', handler(read('Scan'))],
  ['BatchGetItem', handler(batchGet)],
  ['TransactGetItems', handler(transactGet)],
  ['DescribeTimeToLive', handler(describeTimeToLive)],
  ['UpdateTimeToLive', handler(updateTimeToLive)],
  ...tableOperations.map((name): [string, Handler] => [name, handler(tableOperation(name))]),
]);
