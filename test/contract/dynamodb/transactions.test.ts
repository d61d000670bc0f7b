import { setImmediate } from 'node:timers/promises';
import {
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  type TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTable, type Endpoint, N, S, startEndpoint } from './support.ts';

describe('a transaction', () => {
  let endpoint: Endpoint;
  let TableName: string;

  beforeAll(async () => {
    endpoint = await startEndpoint();
    TableName = await createTable(endpoint.ddb);
  });

  afterAll(() => endpoint.close());

  const transact = (items: TransactWriteItem[], more = {}) =>
    endpoint.ddb.send(new TransactWriteItemsCommand({ TransactItems: items, ...more }));
  const put = (pk: string, more = {}): TransactWriteItem => ({ Put: { TableName, Item: { pk: S(pk) }, ...more } });
  const once = (pk: string, more = {}) => put(pk, { ConditionExpression: 'attribute_not_exists(pk)', ...more });
  const get = async (pk: string) =>
    (await endpoint.ddb.send(new GetItemCommand({ TableName, Key: { pk: S(pk) }, ConsistentRead: true }))).Item;
  const reasonsOf = (error: unknown) => (error as TransactionCanceledException).CancellationReasons?.map((reason) => reason.Code);

  it('does everything at once: put, update, delete, check', async () => {
    await transact([put('t1'), put('t2', { Item: { pk: S('t2'), n: N(1) } }), put('t3')]);
    const increment = {
      UpdateExpression: 'SET n = n + :one',
      ConditionExpression: 'n < :two',
      ExpressionAttributeValues: { ':one': N(1), ':two': N(2) },
    };
    await transact([
      { Put: { TableName, Item: { pk: S('t4'), owner: S('t'), ownerSort: S('t4') } } },
      { Update: { TableName, Key: { pk: S('t2') }, ...increment } },
      { Delete: { TableName, Key: { pk: S('t3') } } },
      { ConditionCheck: { TableName, Key: { pk: S('t1') }, ConditionExpression: 'attribute_exists(pk)' } },
    ]);
    expect(await Promise.all(['t1', 't2', 't3', 't4'].map(get))).toEqual([
      { pk: S('t1') },
      { pk: S('t2'), n: N(2) },
      undefined,
      { pk: S('t4'), owner: S('t'), ownerSort: S('t4') },
    ]);
  });

  it('does nothing when one condition fails, and says which, with the item if asked', async () => {
    await transact([once('c1')]);
    const attempt = transact([put('c0'), once('c1', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }), put('c2')]);
    const error = await attempt.catch((refused: unknown) => refused);
    expect(error).toMatchObject({
      name: 'TransactionCanceledException',
      message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None]',
    });
    expect((error as TransactionCanceledException).CancellationReasons?.[1]).toEqual({
      Code: 'ConditionalCheckFailed',
      Message: 'The conditional request failed',
      Item: { pk: S('c1') },
    });
    expect(await get('c0')).toBeUndefined();
  });

  it('tells a key that does not fit the table as the reason of its item', async () => {
    const error = await transact([put('k0'), { Delete: { TableName, Key: { wrong: S('x') } } }]).catch((refused: unknown) => refused);
    expect(reasonsOf(error)).toEqual(['None', 'ValidationError']);
  });

  it('has 1 to 100 items, no item twice, at most 4 MB, and each entry does one thing', async () => {
    const invalid = { name: 'ValidationException' };
    await transact(Array.from({ length: 100 }, (_, at) => put(`many${at}`)));
    await expect(transact(Array.from({ length: 101 }, (_, at) => put(`many${at}`)))).rejects.toMatchObject(invalid);
    await expect(transact([])).rejects.toMatchObject(invalid);
    await expect(transact([put('d'), { Delete: { TableName, Key: { pk: S('d') } } }])).rejects.toMatchObject(invalid);
    await expect(transact([{ ...put('x'), Delete: { TableName, Key: { pk: S('y') } } }])).rejects.toMatchObject(invalid);
    await expect(transact([{}])).rejects.toMatchObject(invalid);
    const large = (at: number) => put(`l${at}`, { Item: { pk: S(`l${at}`), data: S('x'.repeat(390_000)) } });
    await expect(transact(Array.from({ length: 11 }, (_, at) => large(at)))).rejects.toMatchObject(invalid);
    expect(await get('l0')).toBeUndefined();
  });

  it('with the same token and the same items runs once, with other items it is an error', async () => {
    const add = (amount: number): TransactWriteItem => ({
      Update: {
        TableName,
        Key: { pk: S('token') },
        UpdateExpression: 'ADD n :n',
        ExpressionAttributeValues: { ':n': N(amount) },
      },
    });
    const ClientRequestToken = `token-${process.pid}-${Date.now()}`;
    await transact([add(5)], { ClientRequestToken });
    await transact([add(5)], { ClientRequestToken });
    expect(await get('token')).toMatchObject({ n: N(5) });
    await expect(transact([add(6)], { ClientRequestToken })).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  });

  it('that was cancelled may be tried again with its token', async () => {
    const ClientRequestToken = `again-${process.pid}-${Date.now()}`;
    const needs = { ConditionCheck: { TableName, Key: { pk: S('later') }, ConditionExpression: 'attribute_exists(pk)' } };
    await expect(transact([put('again'), needs], { ClientRequestToken })).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    await endpoint.ddb.send(new PutItemCommand({ TableName, Item: { pk: S('later') } }));
    await transact([put('again'), needs], { ClientRequestToken });
    expect(await get('again')).toBeDefined();
  });

  it('that reads shows items as of one moment, projected, and what is missing as missing', async () => {
    await transact([put('g1', { Item: { pk: S('g1'), a: N(1), b: N(2) } })]);
    const gets = [
      { Get: { TableName, Key: { pk: S('g1') }, ProjectionExpression: 'a' } },
      { Get: { TableName, Key: { pk: S('nothing') } } },
    ];
    const { Responses } = await endpoint.ddb.send(new TransactGetItemsCommand({ TransactItems: gets }));
    expect(Responses).toEqual([{ Item: { a: N(1) } }, {}]);
  });

  it('that runs into others is cancelled or done, never half: counter, mirror and journal agree', async () => {
    await transact([put('left', { Item: { pk: S('left'), n: N(60) } }), put('right', { Item: { pk: S('right'), n: N(0) } })]);
    const move = (id: string) =>
      transact([
        {
          Update: {
            TableName,
            Key: { pk: S('left') },
            UpdateExpression: 'SET n = n - :one',
            ConditionExpression: 'n > :zero',
            ExpressionAttributeValues: { ':one': N(1), ':zero': N(0) },
          },
        },
        { Update: { TableName, Key: { pk: S('right') }, UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': N(1) } } },
        { Put: { TableName, Item: { pk: S(`journal-${id}`), owner: S('journal'), ownerSort: S(id) } } },
      ]);
    const client = async (name: number) => {
      let done = 0;
      for (let attempt = 0; attempt < 12; attempt += 1) {
        const result = await move(`${name}-${attempt}`).catch((error: unknown) => error);
        if (!(result instanceof Error)) done += 1;
        else expect(result.name).toBe('TransactionCanceledException');
      }
      return done;
    };
    const done = (await Promise.all(Array.from({ length: 8 }, (_, name) => client(name)))).reduce((sum, each) => sum + each, 0);
    expect(done).toBeGreaterThan(0);
    expect(await get('left')).toMatchObject({ n: N(60 - done) });
    expect(await get('right')).toMatchObject({ n: N(done) });
    const journal = () =>
      endpoint.ddb.send(
        new QueryCommand({
          TableName,
          IndexName: 'byOwner',
          Select: 'COUNT',
          KeyConditionExpression: '#o = :o',
          ExpressionAttributeNames: { '#o': 'owner' },
          ExpressionAttributeValues: { ':o': S('journal') },
        }),
      );
    let count = (await journal()).Count;
    while ((count ?? 0) < done) {
      await setImmediate();
      count = (await journal()).Count;
    }
    expect(count).toBe(done);
  });
});
