import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  type TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Local, S, specOf, startLocal } from './support.ts';

const TableName = 'Tasks';
const Key = (pk: string) => ({ pk: S(pk) });

describe('an item that a running transaction holds', () => {
  let local: Local;
  let finish: () => void;
  let running: Promise<unknown>;

  const put = (pk: string) => local.ddb.send(new PutItemCommand({ TableName, Item: Key(pk) }));
  const transact = (...pks: string[]) =>
    local.ddb.send(new TransactWriteItemsCommand({ TransactItems: pks.map((pk) => ({ Put: { TableName, Item: Key(pk) } })) }));
  const codes = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'done',
      (error: TransactionCanceledException) => error.CancellationReasons?.map(({ Code }) => Code) ?? error.name,
    );

  beforeEach(async () => {
    local = await startLocal();
    await local.db.createTable(specOf(TableName));
    finish = local.db.faults.holdTransactions();
    const checkAndPut = [
      { ConditionCheck: { TableName, Key: Key('checked'), ConditionExpression: 'attribute_not_exists(pk)' } },
      { Put: { TableName, Item: Key('held') } },
    ];
    const begun = local.db.faults.transactionBegun();
    running = local.ddb.send(new TransactWriteItemsCommand({ TransactItems: checkAndPut }));
    await begun;
  });

  afterEach(async () => {
    finish();
    await running;
    await local.close();
  });

  it('refuses single writes at once, without waiting', async () => {
    const conflict = { name: 'TransactionConflictException', message: 'Transaction is ongoing for the item' };
    await expect(put('held')).rejects.toMatchObject(conflict);
    await expect(put('checked')).rejects.toMatchObject(conflict);
    await expect(local.ddb.send(new DeleteItemCommand({ TableName, Key: Key('held') }))).rejects.toMatchObject(conflict);
    await expect(local.ddb.send(new UpdateItemCommand({ TableName, Key: Key('held') }))).rejects.toMatchObject(conflict);
  });

  it('cancels other transactions, and the reasons tell which item', async () => {
    expect(await codes(transact('free', 'held', 'checked'))).toEqual(['None', 'TransactionConflict', 'TransactionConflict']);
    const gets = ['held', 'free'].map((pk) => ({ Get: { TableName, Key: Key(pk) } }));
    expect(await codes(local.ddb.send(new TransactGetItemsCommand({ TransactItems: gets })))).toEqual(['TransactionConflict', 'None']);
  });

  it('is handed back as unprocessed by a batch, whose other items are written', async () => {
    const requests = ['held', 'free'].map((pk) => ({ PutRequest: { Item: Key(pk) } }));
    const { UnprocessedItems } = await local.ddb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
    expect(UnprocessedItems).toEqual({ [TableName]: [requests[0]] });
  });

  it('can be read as it was', async () => {
    expect((await local.ddb.send(new GetItemCommand({ TableName, Key: Key('held'), ConsistentRead: true }))).Item).toBeUndefined();
  });

  it('leaves other items alone', async () => {
    await put('free');
    finish();
    await transact('free', 'other');
  });

  it('is free again when the transaction has ended, and each refusal was counted', async () => {
    await expect(put('held')).rejects.toThrow();
    await expect(transact('held', 'checked')).rejects.toThrow();
    finish();
    await running;
    await put('held');
    await transact('held', 'checked');
    expect(local.used().transactionConflicts).toBe(3);
  });

  it('refuses a second transaction with the same token while the first runs', async () => {
    const twin = () =>
      local.ddb.send(
        new TransactWriteItemsCommand({ ClientRequestToken: 'twin', TransactItems: [{ Put: { TableName, Item: Key('twin') } }] }),
      );
    const begun = local.db.faults.transactionBegun();
    const first = twin();
    await begun;
    await expect(twin()).rejects.toMatchObject({ name: 'TransactionInProgressException' });
    finish();
    await first;
  });

  it('stays free of a transaction that takes its time by the clock', async () => {
    finish();
    await running;
    local.db.faults.setTransactionTime(20);
    const begun = local.db.faults.transactionBegun();
    const slow = transact('slow', 'slower');
    await begun;
    await expect(put('slow')).rejects.toMatchObject({ name: 'TransactionConflictException' });
    local.clock.advance(20);
    await slow;
    await put('slow');
  });
});

describe('transactions one after the other', () => {
  it('never conflict', async () => {
    const local = await startLocal();
    await local.db.createTable(specOf(TableName));
    for (let round = 0; round < 50; round += 1) {
      await local.ddb.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: Key('same') } }] }));
      await local.ddb.send(new PutItemCommand({ TableName, Item: Key('same') }));
    }
    expect(local.used().transactionConflicts).toBe(0);
    await local.close();
  });
});
