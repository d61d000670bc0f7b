import { spawn } from 'node:child_process';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../local/clock/clock.ts';
import { anEstate, type Estate, volumeOrder } from '../support/estate.ts';
import { type Live, type Reply, startLive } from '../support/live.ts';

/** Real time, which may be advanced. */
const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: false });

let live: Live;
let estate: Estate;

beforeAll(async () => {
  live = await startLive({ simulators: [{ apiVersion: '3.6' }], clock });
  estate = await anEstate(live);
});
afterAll(() => live.close());

const now = (): string => new Date(clock.now()).toISOString();

const ordered = async (name: string): Promise<string> => {
  const [task] = await live.finishedAll(await live.post('/block/volumes', volumeOrder(estate, { name })));
  expect(task.state).toBe('ready');
  return task.resource.id;
};

const deleted = async (id: string): Promise<void> => {
  expect(await live.finished((await live.post(`/block/volumes/${id}/deactivate`)).body)).toMatchObject({ state: 'ready' });
};

/** Requests keep the time of their beginning: a second later is surely after them. */
const aSecond = () => clock.advance(1000);

const namesAsOf = async (at: string): Promise<string[]> => {
  const { body } = await live.get(`/block/volumes/search?project=${estate.projectId}&as_of=${at}`);
  return body.resource.map(({ match }: { match: string }) => match).sort();
};

describe('the time machine', () => {
  it('shows volumes and exports as they were, through orders, expansions, exports and deletions', async () => {
    const beginning = now();
    await aSecond();
    const [first, second] = [await ordered('one'), await ordered('two')];
    const host = (await live.get('/compute/hosts')).body.host[0].id;
    await aSecond();
    const ordered2 = now();
    const was = (await live.get(`/block/volumes/${first}`)).body;
    await aSecond();
    await live.finished((await live.post(`/block/volumes/${first}/expand`, { new_size: '24GB' })).body);
    const order = {
      name: 'group',
      project: estate.projectId,
      varray: estate.varrayId,
      type: 'Host',
      hosts: [host],
      volumes: [{ id: first }],
    };
    const exported = await live.finished((await live.post('/block/exports', order)).body);
    const group = exported.resource.id;
    await aSecond();
    const groupWas = (await live.get(`/block/exports/${group}`)).body;
    const exportedAt = now();
    await aSecond();
    await live.finished((await live.post(`/block/exports/${group}/deactivate`)).body);
    await deleted(second);
    await aSecond();

    expect((await live.get(`/block/volumes/${first}?as_of=${ordered2}`)).body).toEqual(was);
    expect((await live.get(`/block/exports/${group}?as_of=${exportedAt}`)).body).toEqual(groupWas);
    expect((await live.get(`/block/volumes/${first}?as_of=${beginning}`)).status).toBe(404);
    expect((await live.get(`/block/volumes/${second}?as_of=${exportedAt}`)).body).toMatchObject({ inactive: false, state: 'ready' });
    expect([await namesAsOf(beginning), await namesAsOf(ordered2), await namesAsOf(now())]).toEqual([[], ['one', 'two'], ['one']]);
    const exports = await live.get(`/block/exports/search?project=${estate.projectId}&as_of=${exportedAt}`);
    expect(exports.body.resource).toEqual([expect.objectContaining({ id: group, match: 'group' })]);
  });

  it('as of now shows what is, for every resource', async () => {
    await aSecond();
    const lists: [string, string][] = [
      ['/vdc/storage-providers', 'storage_provider'],
      ['/vdc/storage-systems', 'storage_system'],
      ['/vdc/storage-pools', 'storage_pool'],
      ['/vdc/storage-ports', 'storage_port'],
      ['/vdc/varrays', 'varray'],
      ['/block/vpools', 'virtualpool'],
      ['/compute/hosts', 'host'],
    ];
    for (const [path, key] of lists)
      for (const { id } of (await live.get(path)).body[key]) {
        const { managed_gb: _, ...is } = (await live.get(`${path}/${id}`)).body;
        expect((await live.get(`${path}/${id}?as_of=${now()}`)).body).toEqual(is);
      }
  });

  it('before the array was discovered, nothing of it was there', async () => {
    const { body } = await live.get(`/vdc/storage-pools/${estate.poolIds[0]}`);
    const before = new Date(body.creation_time - 1).toISOString();
    expect((await live.get(`/vdc/storage-pools/${estate.poolIds[0]}?as_of=${before}`)).status).toBe(404);
  });
});

describe('history', () => {
  it('tells of a volume, of an operation and of a day who did what', async () => {
    const id = await ordered('told');
    const { body } = await live.get(`/block/volumes/${id}/history`);
    expect(body.event.map(({ kind, actor }: { kind: string; actor: string }) => [kind, actor])).toEqual([
      ['changed', 'root'],
      ['created', 'root'],
    ]);
    expect(body.event[0]).toMatchObject({ before: { state: 'creating', nativeId: null }, after: { state: 'ready' } });
    const operation = await live.get(`/vdc/history/operations/${body.event[0].operation}`);
    expect(operation.body.event).toEqual(body.event);
    const day = await live.get(`/vdc/history?day=${body.event[0].time.slice(0, 10)}&limit=2`);
    expect(day.body.event).toEqual(body.event);
    expect(day.body.next_cursor).toBeDefined();
  });
});

const audit = (...args: string[]): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve) => {
    const child = spawn('node', ['local/audit-verify.ts', '--url', live.host.url, ...args], {
      env: { ...process.env, PATINA_TOKEN: live.token },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
    child.on('close', (code) => resolve({ code, output }));
  });

const store = () => {
  const credentials = { accessKeyId: live.host.operatorKey, secretAccessKey: 'unused' };
  const client = new DynamoDBClient({ endpoint: live.host.endpoints['DYNAMODB'] ?? '', region: 'us-east-1', credentials });
  return { client, document: DynamoDBDocumentClient.from(client) };
};

const historyTable = async (client: DynamoDBClient): Promise<string> => {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  return TableNames.find((name) => name.includes('History')) ?? '';
};

/** What is verified once everything until then is sealed. Each tick is given real time: a function that outlives its clock is ended. */
const sealedAfter = async (at: string): Promise<Reply> => {
  for (let minute = 0; minute < 30; minute += 1) {
    await clock.advance(60_000);
    const giveUpAt = performance.now() + 500;
    while (performance.now() < giveUpAt) {
      const reply = await live.get('/audit/verify');
      if (String(reply.body.sealed_until ?? '') > at) return reply;
    }
  }
  throw new Error('nothing was sealed in half an hour');
};

describe('the seal', () => {
  it('holds while nothing is touched, says where an event was altered or removed, and is told by the command', async () => {
    const id = await ordered('sealed');
    const sealed = await sealedAfter(now());
    expect(sealed.body).toMatchObject({ intact: true, last_hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(sealed.body.events).toBeGreaterThan(20);
    expect(await audit()).toMatchObject({ code: 0, output: expect.stringContaining('Intact') });

    const { client, document } = store();
    const TableName = await historyTable(client);
    const { Items = [] } = await document.send(
      new QueryCommand({ TableName, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': id } }),
    );
    const [event] = Items;
    await document.send(new PutCommand({ TableName, Item: { ...event, actor: 'nobody' } }));
    const altered = await live.get('/audit/verify');
    expect(altered.body).toMatchObject({
      intact: false,
      first_difference: { what: 'eventAltered', event: event?.['sk'], resource: { id } },
    });

    await document.send(new DeleteCommand({ TableName, Key: { pk: id, sk: event?.['sk'] } }));
    const removed = await live.get('/audit/verify');
    expect(removed.body).toMatchObject({ intact: false, first_difference: { what: 'eventMissing' } });
    expect(removed.body.first_difference.from <= event?.['at'] && event?.['at'] < removed.body.first_difference.to).toBe(true);
    expect(await audit()).toMatchObject({ code: 1, output: expect.stringContaining('eventMissing') });

    await document.send(new PutCommand({ TableName, Item: event }));
    expect((await live.get('/audit/verify')).body).toMatchObject({ intact: true });
    client.destroy();
  });
});
