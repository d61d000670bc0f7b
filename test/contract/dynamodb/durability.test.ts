import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  CreateTableCommand,
  DeleteTableCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { client, N, S, specOf, startLocal } from './support.ts';

const TableName = 'Tasks';

/** Not an answer of DynamoDB, but the end of the connection. */
const isCut = (error: unknown) => error instanceof Error && error.name !== 'TransactionCanceledException';

describe('data on disk', () => {
  let dataDir: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'patina-dynamodb-'));
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  async function startChild(indexLagMs = 0) {
    const main = join(import.meta.dirname, 'durable-host.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', main, dataDir, String(indexLagMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [url] = await once(createInterface(child.stdout), 'line');
    const kill = async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    return { url: String(url), kill };
  }

  const createTable = (ddb: ReturnType<typeof client>) =>
    ddb.send(new CreateTableCommand({ ...specOf(TableName), BillingMode: 'PAY_PER_REQUEST' }));

  const journal = (id: string) => [
    { Update: { TableName, Key: { pk: S('counter') }, UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': N(1) } } },
    { Put: { TableName, Item: { pk: S(id), owner: S('journal'), ownerSort: S(id) } } },
  ];

  const byOwner = {
    TableName,
    IndexName: 'byOwner',
    KeyConditionExpression: '#o = :o',
    ExpressionAttributeNames: { '#o': 'owner' },
    ExpressionAttributeValues: { ':o': S('journal') },
  };

  it('survives kill -9 in the middle of writes: all that was answered is there, nothing is half there', async () => {
    const child = await startChild();
    const ddb = client(child.url);
    await createTable(ddb);
    let answered = 0;
    const write = async (id: string) => {
      await ddb.send(new TransactWriteItemsCommand({ TransactItems: journal(id) }));
      answered += 1;
      if (answered === 60) void child.kill();
    };
    const untilKilled = async (worker: number) => {
      for (let at = 0, error: unknown; !isCut(error); at += 1) error = await write(`${worker}-${at}`).catch((cause: unknown) => cause);
    };
    await Promise.all([1, 2, 3].map(untilKilled));
    ddb.destroy();

    const local = await startLocal({ dataDir });
    const items = (await local.ddb.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];
    const rows = (await local.ddb.send(new QueryCommand(byOwner))).Count;
    const counter = Number(items.find((item) => item['pk']?.S === 'counter')?.['n']?.N);
    expect(counter).toBeGreaterThanOrEqual(answered);
    expect(items).toHaveLength(counter + 1);
    expect(rows).toBe(counter);
    await local.close();
  });

  it('remembers tokens and late index rows beyond kill -9', async () => {
    const child = await startChild(3_600_000);
    const ddb = client(child.url);
    await createTable(ddb);
    const once = new TransactWriteItemsCommand({ TransactItems: journal('once'), ClientRequestToken: 'once' });
    await ddb.send(once);
    expect((await ddb.send(new QueryCommand(byOwner))).Count).toBe(0);
    ddb.destroy();
    await child.kill();

    const local = await startLocal({ dataDir });
    await local.ddb.send(once);
    expect((await local.ddb.send(new QueryCommand(byOwner))).Count).toBe(1);
    const { Items = [] } = await local.ddb.send(new ScanCommand({ TableName }));
    expect(Items.find((item) => item['pk']?.S === 'counter')).toMatchObject({ n: N(1) });
    await local.close();
  });

  it('belongs to one process at a time', async () => {
    const local = await startLocal({ dataDir });
    await expect(startLocal({ dataDir })).rejects.toThrow();
    await local.close();
  });

  it('keeps its items when a template adds, changes or drops an index, and time to live', async () => {
    const { GlobalSecondaryIndexes, ...plain } = {
      ...specOf(TableName),
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
    };
    const first = await startLocal({ dataDir });
    await first.db.createTable(plain);
    await first.ddb.send(new TransactWriteItemsCommand({ TransactItems: journal('early') }));
    await expect(first.ddb.send(new QueryCommand(byOwner))).rejects.toMatchObject({ name: 'ValidationException' });
    await first.close();

    const second = await startLocal({ dataDir });
    const TimeToLiveSpecification = { AttributeName: 'until', Enabled: true };
    await second.db.ensureTables([{ ...specOf(TableName), TimeToLiveSpecification }]);
    await second.ddb.send(new TransactWriteItemsCommand({ TransactItems: journal('late') }));
    expect((await second.ddb.send(new QueryCommand(byOwner))).Items?.map((item) => item['pk']?.S)).toEqual(['early', 'late']);
    await second.close();

    const third = await startLocal({ dataDir });
    await third.db.ensureTables([plain]);
    await expect(third.ddb.send(new QueryCommand(byOwner))).rejects.toMatchObject({ name: 'ValidationException' });
    expect((await third.ddb.send(new ScanCommand({ TableName }))).Count).toBe(3);
    await third.close();
  });

  it('is found by a local index, consistently', async () => {
    const local = await startLocal({ dataDir });
    const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
    await local.db.createTable({
      TableName: 'Local',
      KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
      AttributeDefinitions: ['pk', 'sk', 'at'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      LocalSecondaryIndexes: [
        { IndexName: 'byTime', KeySchema: [key('pk', 'HASH'), key('at', 'RANGE')], Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
    });
    local.db.faults.setIndexLag(1000);
    for (const [sk, at] of [
      ['1', 'late'],
      ['2', 'early'],
    ] as const) {
      const Item = { pk: S('p'), sk: S(sk), at: S(at), more: S('x') };
      await local.ddb.send(new PutItemCommand({ TableName: 'Local', Item }));
    }
    const byTime = { IndexName: 'byTime', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': S('p') } };
    const query = new QueryCommand({ TableName: 'Local', ConsistentRead: true, Select: 'ALL_ATTRIBUTES', ...byTime });
    const { Items = [] } = await local.ddb.send(query);
    expect(Items.map((item) => [item['sk']?.S, item['more']?.S])).toEqual([
      ['2', 'x'],
      ['1', 'x'],
    ]);
    await local.ddb.send(new DeleteTableCommand({ TableName: 'Local' }));
    await local.db.createTable(specOf('Local'));
    expect((await local.ddb.send(new ScanCommand({ TableName: 'Local' }))).Count).toBe(0);
    await local.close();
  });

  it('is not touched by a specification that cannot be carried out', async () => {
    const local = await startLocal({ dataDir });
    await local.db.createTable(specOf(TableName));
    const otherKey = { ...specOf(TableName), KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' as const }] };
    await expect(local.db.createTable(otherKey)).rejects.toThrow('Table Tasks: the primary key of an existing table cannot change');
    const streaming = { ...specOf('Streaming'), StreamSpecification: { StreamViewType: 'NEW_IMAGE' } };
    await expect(local.db.createTable(streaming)).rejects.toThrow('Table Streaming: streams are not supported here');
    await expect(local.db.createTable({ ...specOf('Bad'), AttributeDefinitions: [] })).rejects.toThrow('Table Bad: Invalid KeySchema');
    await local.close();
  });
});
