import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { client, type Local, N, S, specOf, startLocal } from './support.ts';

const TableName = 'Identity';
const tableArn = 'arn:aws:dynamodb:eu-central-1:123456789012:table/Identity';
const Key = { pk: S('token') };

describe('permission', () => {
  let local: Local;

  beforeEach(async () => {
    local = await startLocal();
    await local.db.ensureTables([specOf(TableName), specOf('Tasks')]);
  });

  afterEach(() => local.close());

  const asked = () => local.asked.map(({ caller, action, resource }) => `${caller} ${action} ${resource.replace(tableArn, 'Identity')}`);
  const context = (at = 0, name = 'dynamodb:Attributes') => local.asked[at]?.context?.[name];

  it('is asked for with the key that signed the request', async () => {
    const other = client(local.db.url, { caller: 'AKIAFUNCTION' });
    await other.send(new GetItemCommand({ TableName, Key }));
    other.destroy();
    expect(asked()).toEqual(['AKIAFUNCTION dynamodb:GetItem Identity']);
  });

  it('that is refused answers as AWS does, and nothing is done', async () => {
    local.denied.add('dynamodb:PutItem');
    await expect(local.ddb.send(new PutItemCommand({ TableName, Item: Key }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: TESTER is not authorized to perform: dynamodb:PutItem on resource: ${tableArn}`,
      $metadata: { httpStatusCode: 400 },
    });
    expect((await local.ddb.send(new GetItemCommand({ TableName, Key }))).Item).toBeUndefined();
    expect(local.used().writeUnits).toBe(0);
  });

  it('is asked for item by item in a transaction, and one refusal refuses all', async () => {
    const TransactItems = [
      { Put: { TableName, Item: { pk: S('a') } } },
      { Update: { TableName, Key: { pk: S('b') }, UpdateExpression: 'REMOVE x' } },
      { Delete: { TableName, Key: { pk: S('c') } } },
      { ConditionCheck: { TableName: 'Tasks', Key: { pk: S('d') }, ConditionExpression: 'attribute_not_exists(pk)' } },
    ];
    await local.ddb.send(new TransactWriteItemsCommand({ TransactItems }));
    await local.ddb.send(new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key: { pk: S('a') } } }] }));
    expect(asked()).toEqual([
      'TESTER dynamodb:PutItem Identity',
      'TESTER dynamodb:UpdateItem Identity',
      'TESTER dynamodb:DeleteItem Identity',
      'TESTER dynamodb:ConditionCheckItem arn:aws:dynamodb:eu-central-1:123456789012:table/Tasks',
      'TESTER dynamodb:GetItem Identity',
    ]);
    expect(context(0, 'dynamodb:EnclosingOperation')).toBe('TransactWriteItems');
    local.denied.add('dynamodb:ConditionCheckItem');
    await expect(local.ddb.send(new TransactWriteItemsCommand({ TransactItems }))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('is asked for the index when an index is read, and by table in batches', async () => {
    const query = { KeyConditionExpression: '#o = :o', ExpressionAttributeNames: { '#o': 'owner' } };
    await local.ddb.send(new QueryCommand({ TableName, IndexName: 'byOwner', ...query, ExpressionAttributeValues: { ':o': S('me') } }));
    expect(context(0, 'dynamodb:LeadingKeys')).toEqual(['me']);
    await local.ddb.send(new ScanCommand({ TableName }));
    await local.ddb.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key, { pk: S('b') }] } } }));
    expect(context(2, 'dynamodb:LeadingKeys')).toEqual(['token', 'b']);
    const PutRequest = { Item: { pk: S('p') } };
    await local.ddb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest }], Tasks: [{ PutRequest }] } }));
    await local.ddb.send(new DescribeTableCommand({ TableName }));
    await local.ddb.send(new ListTablesCommand({}));
    expect(asked()).toEqual([
      'TESTER dynamodb:Query Identity/index/byOwner',
      'TESTER dynamodb:Scan Identity',
      'TESTER dynamodb:BatchGetItem Identity',
      'TESTER dynamodb:BatchWriteItem Identity',
      'TESTER dynamodb:BatchWriteItem arn:aws:dynamodb:eu-central-1:123456789012:table/Tasks',
      'TESTER dynamodb:DescribeTable Identity',
      'TESTER dynamodb:ListTables *',
    ]);
  });

  it('learns all attributes that an update names: key, condition, targets, operands', async () => {
    const update = new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'SET lastUsedAt = if_not_exists(#first, :t), counters.seen = baseline + :n REMOVE former',
      ConditionExpression: 'attribute_exists(pk) AND size(#n) > :n OR nested.leaf = :t',
      ExpressionAttributeNames: { '#first': 'firstUsedAt', '#n': 'name' },
      ExpressionAttributeValues: { ':t': S('now'), ':n': N(1) },
    });
    await expect(local.ddb.send(update)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    const named = ['baseline', 'counters', 'firstUsedAt', 'former', 'lastUsedAt', 'name', 'nested', 'pk'];
    expect([...(context() ?? [])].sort()).toEqual(named);
    expect(context(0, 'dynamodb:LeadingKeys')).toEqual(['token']);
  });

  it('learns the attributes that are put or read, and whether a read wants all', async () => {
    await local.ddb.send(new PutItemCommand({ TableName, Item: { ...Key, a: N(1) }, ReturnValues: 'ALL_OLD' }));
    expect(context()).toEqual(['pk', 'a']);
    expect(context(0, 'dynamodb:ReturnValues')).toBe('ALL_OLD');
    await local.ddb.send(new GetItemCommand({ TableName, Key, ProjectionExpression: 'a, m.x' }));
    expect(context(1)).toEqual(['pk', 'a', 'm']);
    expect(context(1, 'dynamodb:Select')).toBe('SPECIFIC_ATTRIBUTES');
    await local.ddb.send(new GetItemCommand({ TableName, Key }));
    expect(context(2, 'dynamodb:Select')).toBe('ALL_ATTRIBUTES');
  });

  it('comes before the news that a table does not exist', async () => {
    await expect(local.ddb.send(new GetItemCommand({ TableName: 'Nowhere', Key }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    local.denied.add('dynamodb:GetItem');
    await expect(local.ddb.send(new GetItemCommand({ TableName: 'Nowhere', Key }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

describe('a request that is no request', () => {
  it.each([
    ['without signature', {}, '{}', 400, 'MissingAuthenticationTokenException'],
    ['without JSON', { authorization: 'AWS4-HMAC-SHA256 Credential=K/x' }, '{', 400, 'SerializationException'],
    [
      'of an unknown operation',
      { authorization: 'AWS4-HMAC-SHA256 Credential=K/x', 'x-amz-target': 'DynamoDB_20120810.ExecuteStatement' },
      '{}',
      400,
      'UnknownOperationException',
    ],
    [
      'of a transaction with an entry that is no object',
      { authorization: 'AWS4-HMAC-SHA256 Credential=K/x', 'x-amz-target': 'DynamoDB_20120810.TransactWriteItems' },
      '{"TransactItems":[{"Put":{"TableName":"Any","Item":{"pk":{"S":"x"}}}},null]}',
      400,
      'ValidationException',
    ],
  ])('%s is told so', async (...[, headers, body, status, type]) => {
    const local = await startLocal();
    const target = { 'x-amz-target': 'DynamoDB_20120810.GetItem' };
    const response = await fetch(local.db.url, { method: 'POST', headers: { ...target, ...headers }, body });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(`#${type}`);
    await local.close();
  });

  it('that is larger than 16 MB is refused', async () => {
    const local = await startLocal();
    const headers = { 'x-amz-target': 'DynamoDB_20120810.GetItem', authorization: 'AWS4-HMAC-SHA256 Credential=K/x' };
    const response = await fetch(local.db.url, { method: 'POST', headers, body: 'x'.repeat(16 * 1024 * 1024 + 1) });
    expect(response.status).toBe(413);
    await local.close();
  });
});
