import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { absent, present, type Write } from '../../../core/change.ts';
import type { Rows } from '../../../core/ports.ts';
import type { LocalDynamoDb } from '../../../local/dynamodb/start.ts';
import { dynamoRows } from '../../../platform/aws/rows.ts';
import { wholeTable } from '../../../platform/aws/whole-table.ts';
import { client } from '../dynamodb/support.ts';
import { startStore } from './store.ts';

let store: LocalDynamoDb;
let rows: Rows;
let slept: number[] = [];

beforeAll(async () => {
  store = await startStore();
  let token = 0;
  rows = dynamoRows({
    client: client(store.url),
    tables: (table) => table,
    random: () => 0.5,
    sleep: async (ms) => void slept.push(ms),
    newToken: () => `token-${++token}`,
  });
});
afterAll(() => store.close());

const put = (pk: string, more: Partial<Extract<Write, { do: 'put' }>> & { attributes?: object } = {}): Write => {
  const { attributes, ...rest } = more;
  return { do: 'put', table: 'Inventory', row: { pk, sk: 'RESOURCE', ...attributes }, ...rest };
};
const get = (pk: string) => rows.get('Inventory', { pk, sk: 'RESOURCE' });

describe('a transaction', () => {
  it('does all or nothing, and tells the refusal of the write that failed', async () => {
    await rows.transact([put('taken')]);
    const refused = rows.transact([
      put('a'),
      put('taken', { when: absent, otherwise: { code: 'resource.nameTaken', message: 'the name is taken' } }),
    ]);
    await expect(refused).rejects.toMatchObject({ code: 'resource.nameTaken', message: 'the name is taken' });
    expect(await get('a')).toBeUndefined();
  });

  it('sets, removes and adds under conditions', async () => {
    await rows.transact([put('pool', { attributes: { managedBytes: 5, observation: 2, old: 'x' } })]);
    const take = (value: number): Write => ({
      do: 'update',
      table: 'Inventory',
      key: { pk: 'pool', sk: 'RESOURCE' },
      set: { name: 'p', nothing: undefined },
      remove: ['old'],
      add: { managedBytes: 10 },
      when: [
        { attribute: 'managedBytes', is: '<=', value },
        { attribute: 'observation', is: '=', value: 2 },
      ],
      otherwise: { code: 'placement.none', message: 'full' },
    });
    await rows.transact([take(5), { do: 'check', table: 'Inventory', key: { pk: 'taken', sk: 'RESOURCE' }, when: present }]);
    expect(await get('pool')).toEqual({ pk: 'pool', sk: 'RESOURCE', name: 'p', managedBytes: 15, observation: 2 });
    await expect(rows.transact([take(5)])).rejects.toMatchObject({ code: 'placement.none' });
  });

  it('of nothing is nothing, and a refusal without words says that the resource was changed', async () => {
    await rows.transact([]);
    await expect(rows.transact([put('taken', { when: absent })])).rejects.toMatchObject({ code: 'resource.changed' });
  });

  it('deletes under a condition', async () => {
    const remove: Write = {
      do: 'delete',
      table: 'Inventory',
      key: { pk: 'gone', sk: 'RESOURCE' },
      when: [{ attribute: 'holder', is: '=', value: 'me' }],
    };
    await rows.transact([put('gone', { attributes: { holder: 'me' } })]);
    await rows.transact([remove]);
    expect(await get('gone')).toBeUndefined();
  });

  it('waits out conflicts and throttling, with jitter', async () => {
    slept = [];
    store.faults.conflict({ table: 'Inventory', times: 2 });
    await rows.transact([put('c1'), put('c2')]);
    store.faults.throttle({ operation: 'PutItem', times: 1 });
    await rows.transact([put('c3')]);
    expect(slept.length).toBeGreaterThanOrEqual(2);
    expect(await get('c2')).toBeDefined();
  });

  it('gives up after a second and a half, as busy', async () => {
    store.faults.conflict({ table: 'Inventory', times: 1000 });
    await expect(rows.transact([put('d1'), put('d2')])).rejects.toMatchObject({ code: 'service.busy' });
    store.faults.clear();
  });

  it('whose answer stays lost may have taken effect, and says so', async () => {
    store.faults.failAfter({ operation: 'TransactWriteItems', times: 1000 });
    const writing = rows.transact([put('e1'), put('e2')]);
    await expect(writing).rejects.toMatchObject({ code: 'service.busy', message: expect.stringContaining('may have taken effect') });
    store.faults.clear();
    expect(await get('e1')).toBeDefined();
  });

  it('whose answer was lost is done once', async () => {
    await rows.transact([put('counter', { attributes: { n: 0 } })]);
    store.faults.failAfter({ operation: 'TransactWriteItems', times: 1 });
    const add: Write = { do: 'update', table: 'Inventory', key: { pk: 'counter', sk: 'RESOURCE' }, add: { n: 1 } };
    const retrying = dynamoRows({
      client: client(store.url, { maxAttempts: 3 }),
      tables: (table) => table,
      random: () => 0,
      sleep: async () => undefined,
      newToken: () => 'once',
    });
    await retrying.transact([add, put('beside')]);
    expect(await get('counter')).toMatchObject({ n: 1 });
  });
});

describe('a whole table', () => {
  it('is read to its end, for tools of operators', async () => {
    const large = 'x'.repeat(300_000);
    for (const name of ['w1', 'w2', 'w3', 'w4', 'w5']) await rows.transact([put(name, { attributes: { large } })]);
    const found = await wholeTable(client(store.url), 'Inventory');
    expect(found.filter(({ pk }) => /^w\d$/.test(pk))).toHaveLength(5);
  });
});

describe('reads', () => {
  it('answers many keys in their order, a missing one as undefined, one asked twice once', async () => {
    const keys_ = Array.from({ length: 230 }, (_, n) => ({ pk: `m${n}`, sk: 'RESOURCE' }));
    for (let n = 0; n < 230; n += 90) await rows.transact(keys_.slice(n, n + 90).map(({ pk }) => put(pk)));
    const found = await rows.getMany('Inventory', [...keys_, { pk: 'none', sk: 'RESOURCE' }, { pk: 'm7', sk: 'RESOURCE' }]);
    expect(found.map((row) => row?.pk)).toEqual([...keys_.map(({ pk }) => pk), undefined, 'm7']);
  });

  it.each([
    ['GetItem', () => get('taken')],
    [
      'BatchGetItem',
      () =>
        rows.getMany('Inventory', [
          { pk: 'taken', sk: 'RESOURCE' },
          { pk: 'none', sk: 'RESOURCE' },
        ]),
    ],
    ['Query', () => rows.query({ table: 'Inventory', pk: 'taken' })],
  ] as const)('wait out throttling of %s, and give up as busy', async (operation, read) => {
    const before = await read();
    store.faults.throttle({ operation, times: 3 });
    expect(await read()).toEqual(before);
    store.faults.throttle({ operation, times: 10_000 });
    await expect(read()).rejects.toMatchObject({ code: 'service.busy' });
    store.faults.clear();
  });

  it('ask again for keys that the store left out, and give up as busy when it reads none', async () => {
    const mocked = mockClient(DynamoDBDocumentClient);
    const keys = [
      { pk: 'a', sk: 's' },
      { pk: 'b', sk: 's' },
    ];
    const [first, second] = keys;
    mocked
      .on(BatchGetCommand)
      .resolvesOnce({ Responses: { Inventory: [{ ...first }] }, UnprocessedKeys: { Inventory: { Keys: [{ ...second }] } } })
      .resolvesOnce({ Responses: { Inventory: [{ ...second }] } })
      .resolves({ UnprocessedKeys: { Inventory: { Keys: keys } } });
    expect(await rows.getMany('Inventory', keys)).toEqual(keys);
    await expect(rows.getMany('Inventory', keys)).rejects.toMatchObject({ code: 'service.busy' });
    mocked.restore();
  });

  it('pages through a list, by prefix, between keys, in both directions', async () => {
    await rows.transact(['a1', 'a2', 'a3', 'b1'].map((sk): Write => ({ do: 'put', table: 'Inventory', row: { pk: 'list', sk } })));
    const first = await rows.query({ table: 'Inventory', pk: 'list', skPrefix: 'a', limit: 2 });
    expect(first.rows.map((row) => row.sk)).toEqual(['a1', 'a2']);
    const second = await rows.query({
      table: 'Inventory',
      pk: 'list',
      skPrefix: 'a',
      limit: 2,
      ...(first.cursor ? { cursor: first.cursor } : {}),
    });
    expect(second.rows.map((row) => row.sk)).toEqual(['a3']);
    expect((await rows.query({ table: 'Inventory', pk: 'list', newestFirst: true, limit: 1 })).rows[0]?.sk).toBe('b1');
    const between = await rows.query({ table: 'Inventory', pk: 'list', skBetween: ['a2', 'b'] });
    expect(between.rows.map((row) => row.sk)).toEqual(['a2', 'a3']);
  });

  it.each(['not a cursor', Buffer.from('7').toString('base64url'), Buffer.from('{"pk":1}').toString('base64url')])(
    'refuses the cursor %s',
    async (cursor) => {
      await expect(rows.query({ table: 'Inventory', pk: 'list', cursor })).rejects.toMatchObject({ code: 'request.parameterInvalid' });
    },
  );

  it.each([{ pk: 'list' }, { pk: 'list', sk: '' }, { pk: 'list', sk: 'zz' }, { pk: 'list', sk: 'a1', more: 'x' }])(
    'refuses a cursor that was changed to %j',
    async (key) => {
      const cursor = Buffer.from(JSON.stringify(key)).toString('base64url');
      const page = { table: 'Inventory', pk: 'list', skPrefix: 'a', cursor } as const;
      await expect(rows.query(page)).rejects.toMatchObject({ code: 'request.parameterInvalid' });
    },
  );

  it('refuses a cursor that leads into another list', async () => {
    const { cursor } = await rows.query({ table: 'Inventory', pk: 'list', limit: 1 });
    expect(cursor).toBeDefined();
    await expect(rows.query({ table: 'Inventory', pk: 'other', cursor: cursor ?? '' })).rejects.toMatchObject({
      code: 'request.parameterInvalid',
    });
  });

  it('finds open operations through the index, keys alone', async () => {
    await rows.transact([
      { do: 'put', table: 'Tasks', row: { pk: 'OPERATION#1', sk: 'OPERATION', openPk: 'OPEN', openSk: 'x#1', state: 'accepted' } },
    ]);
    const { rows: found } = await rows.query({ table: 'Tasks', index: 'Open', pk: 'OPEN' });
    expect(found).toEqual([{ pk: 'OPERATION#1', sk: 'OPERATION', openPk: 'OPEN', openSk: 'x#1' }]);
  });
});
