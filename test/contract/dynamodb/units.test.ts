import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { client, type Local, N, S, specOf, startLocal } from './support.ts';

const TableName = 'Inventory';
const kilobytes = (count: number) => S('x'.repeat(count * 1024 - 50));

describe('units are counted as AWS bills them', () => {
  let local: Local;

  beforeEach(async () => {
    local = await startLocal();
    await local.db.createTable(specOf(TableName));
  });

  afterEach(() => local.close());

  const put = (pk: string, more = {}) => local.ddb.send(new PutItemCommand({ TableName, Item: { pk: S(pk), ...more } }));

  async function costOf(work: () => Promise<unknown>) {
    const { writeUnits, readUnits } = local.used();
    await work().catch(() => undefined);
    const after = local.used();
    return { writes: after.writeUnits - writeUnits, reads: after.readUnits - readUnits };
  }

  it('a write costs a unit for each kilobyte of the larger of the item before and after', async () => {
    expect(await costOf(() => put('a'))).toEqual({ writes: 1, reads: 0 });
    expect(await costOf(() => put('a', { data: kilobytes(3) }))).toEqual({ writes: 3, reads: 0 });
    expect(await costOf(() => put('a'))).toEqual({ writes: 3, reads: 0 });
    expect(await costOf(() => local.ddb.send(new DeleteItemCommand({ TableName, Key: { pk: S('none') } })))).toEqual({
      writes: 1,
      reads: 0,
    });
  });

  it('an index row costs when it appears, changes or goes, twice when its key changes, nothing otherwise', async () => {
    const row = { owner: S('a'), ownerSort: S('1') };
    expect((await costOf(() => put('i', row))).writes).toBe(2);
    expect((await costOf(() => put('i', { ...row, unseen: S('x') }))).writes).toBe(1);
    expect((await costOf(() => put('i', { ...row, size: N(2) }))).writes).toBe(2);
    expect((await costOf(() => put('i', { ...row, owner: S('b') }))).writes).toBe(3);
    expect((await costOf(() => put('i'))).writes).toBe(2);
    expect((await costOf(() => put('i', { ...row, size: S('x'.repeat(2000)) }))).writes).toBe(4);
  });

  it('a failed condition costs what the item that is there would cost', async () => {
    await put('f', { data: kilobytes(2) });
    const failing = new UpdateItemCommand({
      TableName,
      Key: { pk: S('f') },
      UpdateExpression: 'REMOVE x',
      ConditionExpression: 'attribute_exists(x)',
    });
    expect((await costOf(() => local.ddb.send(failing))).writes).toBe(2);
  });

  it('a transaction doubles items, not index rows, also when it is cancelled', async () => {
    const items = [
      { Put: { TableName, Item: { pk: S('t1'), owner: S('a'), ownerSort: S('1') } } },
      { Put: { TableName, Item: { pk: S('t2'), data: kilobytes(2) }, ConditionExpression: 'attribute_not_exists(pk)' } },
    ];
    const transact = () => local.ddb.send(new TransactWriteItemsCommand({ TransactItems: items }));
    expect((await costOf(transact)).writes).toBe(2 + 1 + 4);
    expect((await costOf(transact)).writes).toBe(2 + 4);
  });

  it('a read costs a unit for each 4 KB, half if it may be stale, double in a transaction', async () => {
    await put('r', { data: kilobytes(5) });
    const Key = { pk: S('r') };
    const read = (ConsistentRead: boolean, key = Key) => local.ddb.send(new GetItemCommand({ TableName, Key: key, ConsistentRead }));
    expect((await costOf(() => read(true))).reads).toBe(2);
    expect((await costOf(() => read(false))).reads).toBe(1);
    expect((await costOf(() => read(false, { pk: S('none') }))).reads).toBe(0.5);
    const gets = new TransactGetItemsCommand({
      TransactItems: [{ Get: { TableName, Key } }, { Get: { TableName, Key: { pk: S('none') } } }],
    });
    expect((await costOf(() => local.ddb.send(gets))).reads).toBe(4 + 2);
    const batch = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key, { pk: S('none') }], ConsistentRead: true } } });
    expect((await costOf(() => local.ddb.send(batch))).reads).toBe(2 + 1);
  });

  it('a query costs by the sum of what it looked at, and something even if it finds nothing', async () => {
    for (const pk of ['q1', 'q2', 'q3']) await put(pk, { owner: S('q'), ownerSort: S(pk), size: kilobytes(1) });
    const query = (owner: string, ConsistentRead = false) =>
      local.ddb.send(
        new QueryCommand({
          TableName,
          ...(ConsistentRead
            ? { KeyConditionExpression: 'pk = :o', ConsistentRead }
            : { IndexName: 'byOwner', KeyConditionExpression: '#o = :o', ExpressionAttributeNames: { '#o': 'owner' } }),
          ExpressionAttributeValues: { ':o': S(owner) },
        }),
      );
    expect((await costOf(() => query('q'))).reads).toBe(0.5);
    expect((await costOf(() => query('nobody'))).reads).toBe(0.5);
    expect((await costOf(() => query('q1', true))).reads).toBe(1);
  });

  it('answers tell the units when they are asked to', async () => {
    const Item = { pk: S('told'), owner: S('a'), ownerSort: S('1') };
    const total = await local.ddb.send(new PutItemCommand({ TableName, Item, ReturnConsumedCapacity: 'TOTAL' }));
    expect(total.ConsumedCapacity).toEqual({ TableName, CapacityUnits: 2 });
    expect((await put('told')).ConsumedCapacity).toBeUndefined();
    const transact = new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item } }], ReturnConsumedCapacity: 'INDEXES' });
    expect((await local.ddb.send(transact)).ConsumedCapacity).toEqual([
      {
        TableName,
        CapacityUnits: 3,
        WriteCapacityUnits: 3,
        Table: { CapacityUnits: 2 },
        GlobalSecondaryIndexes: { byOwner: { CapacityUnits: 1 } },
      },
    ]);
    const requests = { [TableName]: [{ PutRequest: { Item: { pk: S('b1') } } }, { PutRequest: { Item: { pk: S('b2') } } }] };
    const batch = await local.ddb.send(new BatchWriteItemCommand({ RequestItems: requests, ReturnConsumedCapacity: 'TOTAL' }));
    expect(batch.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 2 }]);
    const get = await local.ddb.send(new GetItemCommand({ TableName, Key: { pk: S('told') }, ReturnConsumedCapacity: 'TOTAL' }));
    expect(get.ConsumedCapacity).toMatchObject({ TableName, CapacityUnits: 0.5 });
  });

  it('each caller has an account of its own', async () => {
    const other = client(local.db.url, { caller: 'OTHER' });
    await other.send(new PutItemCommand({ TableName, Item: { pk: S('mine') } }));
    other.destroy();
    expect(local.used('OTHER').writeUnits).toBe(1);
    expect(local.used().writeUnits).toBe(0);
  });
});
