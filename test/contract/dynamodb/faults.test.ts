import {
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { client, type Local, N, S, specOf, startLocal } from './support.ts';

const TableName = 'Inventory';

describe('faults on demand', () => {
  let local: Local;

  beforeEach(async () => {
    local = await startLocal();
    await local.db.ensureTables([specOf(TableName), specOf('Other')]);
  });

  afterEach(() => local.close());

  const put = (pk: string, more = {}, table = TableName) =>
    local.ddb.send(new PutItemCommand({ TableName: table, Item: { pk: S(pk), ...more } }));
  const owned = (pk: string, owner: string, size = 1) => put(pk, { owner: S(owner), ownerSort: S(pk), size: N(size) });
  const ownedBy = async (owner: string) => {
    const query = { KeyConditionExpression: '#o = :o', ExpressionAttributeNames: { '#o': 'owner' } };
    const { Items } = await local.ddb.send(
      new QueryCommand({ TableName, IndexName: 'byOwner', ...query, ExpressionAttributeValues: { ':o': S(owner) } }),
    );
    return (Items ?? []).map((item) => item['pk']?.S);
  };
  const get = async (pk: string) =>
    (await local.ddb.send(new GetItemCommand({ TableName, Key: { pk: S(pk) }, ConsistentRead: true }))).Item;

  it('throttle as often as told, and nothing is done', async () => {
    local.db.faults.throttle({ table: TableName, operation: 'PutItem', times: 2 });
    await put('other', {}, 'Other');
    const throttled = { name: 'ProvisionedThroughputExceededException' };
    await expect(put('a')).rejects.toMatchObject(throttled);
    await expect(put('a')).rejects.toMatchObject(throttled);
    expect(await get('a')).toBeUndefined();
    await put('a');
  });

  it('make a chosen item conflict, alone or in a transaction', async () => {
    local.db.faults.conflict({ table: TableName, key: { pk: S('hot') }, times: 2 });
    await put('cold');
    await expect(put('hot')).rejects.toMatchObject({ name: 'TransactionConflictException' });
    const items = ['cold', 'hot'].map((pk) => ({ Put: { TableName, Item: { pk: S(pk) } } }));
    const transact = () => local.ddb.send(new TransactWriteItemsCommand({ TransactItems: items }));
    await expect(transact()).rejects.toMatchObject({ CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }] });
    await transact();
  });

  it('lose the answer after the effect; a retry with the same token does not repeat it', async () => {
    local.db.faults.failAfter({ operation: 'TransactWriteItems', times: 1 });
    const add = {
      Update: { TableName, Key: { pk: S('n') }, UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': N(1) } },
    };
    const transact = () => local.ddb.send(new TransactWriteItemsCommand({ ClientRequestToken: 'lost', TransactItems: [add] }));
    await expect(transact()).rejects.toThrow();
    expect(await get('n')).toMatchObject({ n: N(1) });
    await transact();
    expect(await get('n')).toMatchObject({ n: N(1) });
    const retrying = client(local.db.url, { maxAttempts: 3 });
    local.db.faults.failAfter({ operation: 'PutItem', times: 1 });
    await retrying.send(new PutItemCommand({ TableName, Item: { pk: S('kept') } }));
    retrying.destroy();
  });

  it('do not keep a token for longer than ten minutes', async () => {
    const add = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': N(1) } };
    const Update = { TableName, Key: { pk: S('n') }, ...add };
    const transact = () => local.ddb.send(new TransactWriteItemsCommand({ ClientRequestToken: 'token', TransactItems: [{ Update }] }));
    await transact();
    local.clock.advance(599_999);
    await transact();
    expect(await get('n')).toMatchObject({ n: N(1) });
    local.clock.advance(1);
    await transact();
    expect(await get('n')).toMatchObject({ n: N(2) });
  });

  it('that are cleared do not happen', async () => {
    local.db.faults.throttle({ times: 1 });
    local.db.faults.conflict({ times: 1 });
    local.db.faults.failAfter({ times: 1 });
    local.db.faults.setIndexLag(1000);
    local.db.faults.holdTransactions();
    local.db.faults.clear();
    await local.ddb.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: { pk: S('t') } } }] }));
    await owned('a', 'me');
    expect(await ownedBy('me')).toEqual(['a']);
  });

  describe('an index that lags', () => {
    it('shows the table as it was so long ago, in scans as well; the table itself is up to date', async () => {
      await owned('old', 'me');
      local.db.faults.setIndexLag(5000);
      await owned('new', 'me');
      await local.ddb.send(
        new UpdateItemCommand({
          TableName,
          Key: { pk: S('old') },
          UpdateExpression: 'SET #o = :you',
          ExpressionAttributeNames: { '#o': 'owner' },
          ExpressionAttributeValues: { ':you': S('you') },
        }),
      );
      expect(await ownedBy('me')).toEqual(['old']);
      expect(await ownedBy('you')).toEqual([]);
      expect((await local.ddb.send(new ScanCommand({ TableName, IndexName: 'byOwner' }))).Count).toBe(1);
      expect(await get('old')).toMatchObject({ owner: S('you') });
      local.clock.advance(4999);
      expect(await ownedBy('me')).toEqual(['old']);
      local.clock.advance(1);
      expect(await ownedBy('me')).toEqual(['new']);
      expect(await ownedBy('you')).toEqual(['old']);
    });

    it('keeps the order of changes when the lag goes away', async () => {
      local.db.faults.setIndexLag(5000);
      await owned('x', 'first');
      local.db.faults.setIndexLag(0);
      await owned('x', 'second');
      expect(await ownedBy('first')).toEqual([]);
      expect(await ownedBy('second')).toEqual(['x']);
    });

    it('keeps up with many changes that nobody looks at', async () => {
      local.db.faults.setIndexLag(10);
      for (let at = 0; at < 510; at += 1) {
        await owned(`many${at % 20}`, 'me', at);
        local.clock.advance(1);
      }
      local.clock.advance(10);
      expect(await ownedBy('me')).toHaveLength(20);
    });
  });
});
