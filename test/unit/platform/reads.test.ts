import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { keyedReads } from '../../../platform/aws/reads.ts';

const document = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const mock = mockClient(document);

const key = (pk: string) => ({ pk, sk: 'RESOURCE' });
const row = (pk: string) => ({ ...key(pk), name: `row ${pk}` });

beforeEach(() => {
  mock.reset();
  mock.on(GetCommand).callsFake(({ Key }) => ({ Item: row(Key.pk) }));
  mock.on(BatchGetCommand).callsFake(({ RequestItems }) => ({
    Responses: Object.fromEntries(
      Object.entries(RequestItems as Record<string, { Keys: { pk: string }[] }>).map(([table, { Keys }]) => [
        table,
        Keys.filter(({ pk }) => pk !== 'gone').map(({ pk }) => row(pk)),
      ]),
    ),
  }));
});

describe('reads by key', () => {
  it('are one consistent request when they are asked for in the same turn, and each gets its own', async () => {
    const read = keyedReads(document);
    const found = await Promise.all([read('Inventory', [key('a')]), read('Inventory', [key('gone'), key('b')]), read('Inventory', [])]);
    expect(found).toEqual([[row('a')], [undefined, row('b')], []]);
    expect(mock.commandCalls(BatchGetCommand).map(({ args }) => args[0].input.RequestItems)).toEqual([
      { Inventory: { Keys: [key('a'), key('gone'), key('b')], ConsistentRead: true } },
    ]);
    expect(mock.commandCalls(GetCommand)).toHaveLength(0);
  });

  it('of another table, or of a later turn, are another request', async () => {
    const read = keyedReads(document);
    await Promise.all([read('Inventory', [key('a')]), read('Tasks', [key('b')])]);
    await read('Inventory', [key('a')]);
    expect(mock.commandCalls(GetCommand).map(({ args }) => [args[0].input.TableName, args[0].input.ConsistentRead])).toEqual([
      ['Inventory', true],
      ['Tasks', true],
      ['Inventory', true],
    ]);
  });

  it('that fail together fail each, and the next turn asks anew', async () => {
    const read = keyedReads(document);
    mock.on(BatchGetCommand).rejectsOnce(new Error('no answer'));
    const results = await Promise.allSettled([read('Inventory', [key('a')]), read('Inventory', [key('b')])]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await read('Inventory', [key('a')])).toEqual([row('a')]);
  });
});
