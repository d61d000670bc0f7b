import { createHash } from 'node:crypto';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTable, type Endpoint, N, S, startEndpoint } from './support.ts';

describe('single items', () => {
  let endpoint: Endpoint;
  let TableName: string;

  beforeAll(async () => {
    endpoint = await startEndpoint();
    TableName = await createTable(endpoint.ddb);
  });

  afterAll(() => endpoint.close());

  const send: Endpoint['ddb']['send'] = (...args: [never]) => endpoint.ddb.send(...args);
  const put = (item: Record<string, { S: string } | { N: string }>, more = {}) =>
    endpoint.ddb.send(new PutItemCommand({ TableName, Item: item, ...more }));
  const get = async (pk: string) => (await send(new GetItemCommand({ TableName, Key: { pk: S(pk) }, ConsistentRead: true }))).Item;

  it('are read back as they were written', async () => {
    const Item = { pk: S('all'), n: N(3), list: { L: [S('a'), { BOOL: true }, { NULL: true as const }] }, map: { M: { x: N(-1.5) } } };
    await send(new PutItemCommand({ TableName, Item }));
    expect(await get('all')).toEqual(Item);
  });

  it('are not created twice under a condition, and the refusal shows the item that is there if asked', async () => {
    const once = { ConditionExpression: 'attribute_not_exists(pk)' };
    await put({ pk: S('once'), n: N(1) }, once);
    await expect(put({ pk: S('once'), n: N(2) }, once)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    await expect(put({ pk: S('once'), n: N(2) }, { ...once, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { pk: S('once'), n: N(1) },
    });
    expect(await get('once')).toEqual({ pk: S('once'), n: N(1) });
  });

  it('are updated in place, and answer old or new values', async () => {
    await put({ pk: S('up'), n: N(1), gone: S('x') });
    const { Attributes } = await send(
      new UpdateItemCommand({
        TableName,
        Key: { pk: S('up') },
        UpdateExpression: 'SET n = n + :one, #s = if_not_exists(#s, :s) REMOVE gone',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':one': N(1), ':s': S('new') },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(Attributes).toEqual({ pk: S('up'), n: N(2), state: S('new') });
  });

  it('are not deleted when the condition fails', async () => {
    await put({ pk: S('keep'), n: N(1) });
    const Key = { pk: S('keep') };
    const command = { TableName, Key, ConditionExpression: 'n > :n', ExpressionAttributeValues: { ':n': N(1) } };
    await expect(send(new DeleteItemCommand(command))).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(await get('keep')).toBeDefined();
    await send(new DeleteItemCommand({ TableName, Key }));
    expect(await get('keep')).toBeUndefined();
  });

  it('lose no update when fifty increments meet', async () => {
    await put({ pk: S('count'), n: N(0) });
    const increment = () =>
      send(
        new UpdateItemCommand({
          TableName,
          Key: { pk: S('count') },
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': N(1) },
        }),
      );
    await Promise.all(Array.from({ length: 50 }, increment));
    expect(await get('count')).toMatchObject({ n: N(50) });
  });

  it('may have 409,600 bytes and not one more, also by an update', async () => {
    const room = 409_600 - 'pkbigdata'.length;
    await put({ pk: S('big'), data: S('x'.repeat(room)) });
    await expect(put({ pk: S('big'), data: S('x'.repeat(room + 1)) })).rejects.toMatchObject({ name: 'ValidationException' });
    const grow = { UpdateExpression: 'SET more = :m', ExpressionAttributeValues: { ':m': S('y') } };
    await expect(send(new UpdateItemCommand({ TableName, Key: { pk: S('big') }, ...grow }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(put({ pk: S('wide'), data: S('ä'.repeat(room / 2 + 1)) })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('may not have an empty string as the key of an index, neither by put nor by update', async () => {
    await expect(put({ pk: S('empty'), owner: S(''), ownerSort: S('a') })).rejects.toMatchObject({ name: 'ValidationException' });
    await put({ pk: S('empty'), owner: S('o'), ownerSort: S('a') });
    const update = {
      UpdateExpression: 'SET #o = :e',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':e': S('') },
    };
    await expect(send(new UpdateItemCommand({ TableName, Key: { pk: S('empty') }, ...update }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('are refused with expressions above 4 KB', async () => {
    const long = Array.from({ length: 300 }, (_, at) => `attribute_not_exists(a${at})`).join(' AND ');
    await expect(put({ pk: S('long') }, { ConditionExpression: long })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('are written and read in batches, without doubles', async () => {
    const items = ['b1', 'b2', 'b3'].map((pk) => ({ pk: S(pk) }));
    await send(new BatchWriteItemCommand({ RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) } }));
    const { Responses } = await send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: items } } }));
    expect(Responses?.[TableName]).toHaveLength(3);
    const twice = [{ PutRequest: { Item: { pk: S('b1') } } }, { DeleteRequest: { Key: { pk: S('b1') } } }];
    await expect(send(new BatchWriteItemCommand({ RequestItems: { [TableName]: twice } }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    const other = await createTable(endpoint.ddb);
    const puts = Array.from({ length: 13 }, (_, at) => ({ PutRequest: { Item: { pk: S(`w${at}`) } } }));
    await expect(send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts, [other]: puts } }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    const many = Array.from({ length: 101 }, (_, at) => ({ pk: S(`m${at}`) }));
    await expect(send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: many } } }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('a global secondary index', () => {
  let endpoint: Endpoint;
  let TableName: string;

  beforeAll(async () => {
    endpoint = await startEndpoint();
    TableName = await createTable(endpoint.ddb);
  });

  afterAll(() => endpoint.close());

  const byOwner = (owner: string, more = {}) => ({
    TableName,
    IndexName: 'byOwner',
    KeyConditionExpression: '#o = :o',
    ExpressionAttributeNames: { '#o': 'owner' },
    ExpressionAttributeValues: { ':o': S(owner) },
    ...more,
  });

  async function pages(owner: string, more = {}): Promise<string[]> {
    const found: string[] = [];
    let ExclusiveStartKey: Record<string, { S: string }> | undefined;
    do {
      const page = await endpoint.ddb.send(new QueryCommand(byOwner(owner, { ...more, ExclusiveStartKey })));
      found.push(...(page.Items ?? []).map((item) => item['pk']?.S ?? ''));
      ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
    } while (ExclusiveStartKey !== undefined);
    return found;
  }

  it('refuses consistent reads', async () => {
    await expect(endpoint.ddb.send(new QueryCommand(byOwner('x', { ConsistentRead: true })))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('shows each item once, page by page, forwards and backwards, also when all have one and the same index key', async () => {
    const names = Array.from({ length: 23 }, (_, at) => `p${String(at).padStart(2, '0')}`);
    for (const pk of names) {
      const Item = { pk: S(pk), owner: S('same'), ownerSort: S('key') };
      await endpoint.ddb.send(new PutItemCommand({ TableName, Item }));
    }
    expect((await pages('same', { Limit: 5 })).sort()).toEqual(names);
    expect((await pages('same', { Limit: 4, ScanIndexForward: false })).sort()).toEqual(names);
    const scanned = await endpoint.ddb.send(new ScanCommand({ TableName, IndexName: 'byOwner' }));
    expect(scanned.Count).toBe(23);
  });

  it('shows both of two items whose keys hash alike', async () => {
    const seen = new Map<string, string>();
    const hash = (pk: string) => createHash('md5').update('Outliers').update(pk).digest('hex').slice(0, 6);
    let at = 0;
    while (!seen.has(hash(`h${at}`))) {
      seen.set(hash(`h${at}`), `h${at}`);
      at += 1;
    }
    const alike = [seen.get(hash(`h${at}`)) ?? '', `h${at}`];
    for (const pk of alike) {
      await endpoint.ddb.send(new PutItemCommand({ TableName, Item: { pk: S(pk), owner: S('alike'), ownerSort: S('key') } }));
    }
    expect((await pages('alike', { Limit: 1 })).sort()).toEqual(alike.sort());
  });

  it('has only projected attributes, follows a changed key and forgets an item that loses it', async () => {
    const Key = { pk: S('move') };
    await endpoint.ddb.send(
      new PutItemCommand({ TableName, Item: { ...Key, owner: S('a'), ownerSort: S('1'), size: N(5), secret: S('no') } }),
    );
    const first = await endpoint.ddb.send(new QueryCommand(byOwner('a')));
    expect(first.Items).toEqual([{ ...Key, owner: S('a'), ownerSort: S('1'), size: N(5) }]);
    const names = { ExpressionAttributeNames: { '#o': 'owner' } };
    const rename = { UpdateExpression: 'SET #o = :b', ...names, ExpressionAttributeValues: { ':b': S('b') } };
    await endpoint.ddb.send(new UpdateItemCommand({ TableName, Key, ...rename }));
    expect(await pages('a')).toEqual([]);
    expect(await pages('b')).toEqual(['move']);
    await endpoint.ddb.send(new UpdateItemCommand({ TableName, Key, UpdateExpression: 'REMOVE #o', ...names }));
    expect(await pages('b')).toEqual([]);
  });
});
