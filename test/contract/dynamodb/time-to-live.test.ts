import { once } from 'node:events';
import {
  DescribeTimeToLiveCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Local, N, S, specOf, startLocal } from './support.ts';

const TableName = 'Coordination';
const expires = { AttributeName: 'expiresAt', Enabled: true };

describe('time to live', () => {
  let local: Local;
  const nowSeconds = () => Math.floor(local.clock.now() / 1000);

  beforeEach(async () => {
    local = await startLocal();
    await local.db.createTable({ ...specOf(TableName), TimeToLiveSpecification: expires });
  });

  afterEach(() => local.close());

  const put = (pk: string, more = {}) => local.ddb.send(new PutItemCommand({ TableName, Item: { pk: S(pk), ...more } }));
  const exists = async (pk: string) =>
    (await local.ddb.send(new GetItemCommand({ TableName, Key: { pk: S(pk) }, ConsistentRead: true }))).Item !== undefined;

  it('removes what has expired by the clock, with its index row, and nothing else', async () => {
    await put('soon', { expiresAt: N(nowSeconds() + 10), owner: S('o'), ownerSort: S('soon') });
    await put('later', { expiresAt: N(nowSeconds() + 1000) });
    await put('text', { expiresAt: S(String(nowSeconds() + 10)) });
    await put('none');
    expect(await local.db.sweepExpired()).toBe(0);
    local.clock.advance(11_000);
    expect(await exists('soon')).toBe(true);
    expect(await local.db.sweepExpired()).toBe(1);
    expect(await Promise.all(['soon', 'later', 'text', 'none'].map(exists))).toEqual([false, true, true, true]);
    const query = { KeyConditionExpression: '#o = :o', ExpressionAttributeNames: { '#o': 'owner' } };
    const rows = await local.ddb.send(
      new QueryCommand({ TableName, IndexName: 'byOwner', ...query, ExpressionAttributeValues: { ':o': S('o') } }),
    );
    expect(rows.Count).toBe(0);
  });

  it('leaves an item whose time was put off', async () => {
    await put('renewed', { expiresAt: N(nowSeconds() + 10) });
    await local.ddb.send(
      new UpdateItemCommand({
        TableName,
        Key: { pk: S('renewed') },
        UpdateExpression: 'SET expiresAt = :t',
        ExpressionAttributeValues: { ':t': N(nowSeconds() + 30) },
      }),
    );
    local.clock.advance(20_000);
    expect(await local.db.sweepExpired()).toBe(0);
    local.clock.advance(20_000);
    expect(await local.db.sweepExpired()).toBe(1);
  });

  it('leaves an item that a transaction holds, for the next time', async () => {
    await put('held', { expiresAt: N(nowSeconds() - 10) });
    const finish = local.db.faults.holdTransactions();
    const begun = local.db.faults.transactionBegun();
    const check = { ConditionCheck: { TableName, Key: { pk: S('held') }, ConditionExpression: 'attribute_exists(pk)' } };
    const running = local.ddb.send(new TransactWriteItemsCommand({ TransactItems: [check] }));
    await begun;
    expect(await local.db.sweepExpired()).toBe(0);
    finish();
    await running;
    expect(await local.db.sweepExpired()).toBe(1);
  });

  it('takes a time more than five years back for a mistake', async () => {
    await put('zero', { expiresAt: N(0) });
    expect(await local.db.sweepExpired()).toBe(0);
    expect(await exists('zero')).toBe(true);
  });

  it('is swept by itself every minute of the clock', async () => {
    await put('auto', { expiresAt: N(nowSeconds() + 1) });
    const swept = once(local.clock, 'after');
    local.clock.advance(60_000);
    await swept;
    expect(await exists('auto')).toBe(false);
  });

  it('can be turned on for a table that has items, shown, and turned off', async () => {
    await local.db.createTable(specOf('Plain'));
    const Item = { pk: S('old'), until: N(nowSeconds() - 5) };
    await local.ddb.send(new PutItemCommand({ TableName: 'Plain', Item }));
    const status = async () =>
      (await local.ddb.send(new DescribeTimeToLiveCommand({ TableName: 'Plain' }))).TimeToLiveDescription?.TimeToLiveStatus;
    expect(await status()).toBe('DISABLED');
    const update = (Enabled: boolean) =>
      local.ddb.send(new UpdateTimeToLiveCommand({ TableName: 'Plain', TimeToLiveSpecification: { AttributeName: 'until', Enabled } }));
    await update(true);
    expect(await status()).toBe('ENABLED');
    await expect(update(true)).rejects.toMatchObject({ name: 'ValidationException', message: 'TimeToLive is already enabled' });
    expect(await local.db.sweepExpired()).toBe(1);
    await update(false);
    expect(await status()).toBe('DISABLED');
    await local.ddb.send(new PutItemCommand({ TableName: 'Plain', Item }));
    expect(await local.db.sweepExpired()).toBe(0);
  });
});
