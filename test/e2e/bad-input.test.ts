import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AssemblyCopy, talkativeAssembly } from '../support/assembly-copy.ts';
import { anEstate, type Estate, volumeOrder } from '../support/estate.ts';
import { type Live, type Reply, type Send, startLive } from '../support/live.ts';
import { expectRefusal, logOf, type Refusal, secretsOf } from '../support/refusal.ts';
import { storedRows } from '../support/stored.ts';

/** Bad input is refused with what is wrong and what would be right, changes nothing, and gives nothing away. */

let assembly: AssemblyCopy;
const dataDir = mkdtempSync(join(tmpdir(), 'patina-bad-input-'));
let live: Live;
let estate: Estate;
let volumeId: string;
let hostId: string;
let before: { rows: unknown; array: unknown };

const everything = async () => ({ rows: await storedRows(live), array: live.simulators.map((simulator) => simulator.dump()) });

beforeAll(async () => {
  assembly = talkativeAssembly();
  live = await startLive({ simulators: [{ apiVersion: '3.6' }], dataDir, logLevel: 'DEBUG', assembly: assembly.folder });
  estate = await anEstate(live);
  const [task] = await live.finishedAll(await live.post('/block/volumes', volumeOrder(estate, { name: 'taken', size: '16GB' })));
  volumeId = task.resource.id;
  hostId = (await live.get('/compute/hosts')).body.host[0].id;
});
afterAll(async () => {
  await live.close();
  assembly.remove();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  before = await everything();
});
afterEach(async () => {
  expect(await everything()).toEqual(before);
});

const aUrn = (type: string, zone = 'vdc1') => `urn:storageos:${type}:00000000-0000-4000-8000-000000000000:${zone}`;

const refuses = async (reply: Promise<Reply>, refusal: Refusal): Promise<void> => expectRefusal(await reply, refusal);

interface Case {
  readonly what: string;
  readonly order: () => Record<string, unknown>;
  readonly refusal: Refusal;
}

const orders: readonly Case[] = [
  {
    what: 'an unknown field',
    order: () => ({ sise: '8GB' }),
    refusal: { status: 400, code: 1013, details: ['unknown field: sise'] },
  },
  {
    what: 'a field of the wrong type',
    order: () => ({ name: ['data'] }),
    refusal: { status: 400, code: 1008, details: ['name', '["data"]', 'must be a text'] },
  },
  {
    what: 'a missing field',
    order: () => ({ size: undefined }),
    refusal: { status: 400, code: 1005, details: ['size is missing', 'must be a text or a number'] },
  },
  { what: 'the size 0', order: () => ({ size: 0 }), refusal: { status: 400, code: 1008, details: ['size', '0', 'more than nothing'] } },
  {
    what: 'a negative size',
    order: () => ({ size: '-8GB' }),
    refusal: { status: 400, code: 1008, details: ['size', '"-8GB"', 'such as 8GB'] },
  },
  {
    what: 'a size in KB',
    order: () => ({ size: '8388608KB' }),
    refusal: { status: 400, code: 1008, details: ['size', '"8388608KB"', 'use MB or bytes'] },
  },
  {
    what: 'a size above what any pool takes in one volume',
    order: () => ({ size: '2000TB' }),
    refusal: {
      status: 400,
      code: 1021,
      details: ['2048000.00 GiB', /pool1: .*its volumes have at most \d+\.\d\d GiB/, /pool2: .*at most/],
    },
  },
  {
    what: 'a size for which no pool has room, with the reason for each pool',
    order: () => ({ size: '200TB' }),
    refusal: { status: 400, code: 1021, details: [/pool1: .*are needed and [\d.]+ GiB are left/, /pool2: .*are needed and/] },
  },
  {
    what: 'a malformed id',
    order: () => ({ project: 'demo' }),
    refusal: { status: 400, code: 1008, details: ['project', '"demo"', 'urn:storageos:Project:<uuid>'] },
  },
  {
    what: 'an id of another type',
    order: () => ({ project: estate.vpoolId }),
    refusal: { status: 400, code: 1008, details: ['project', 'urn:storageos:VirtualPool:', 'urn:storageos:Project:<uuid>'] },
  },
  {
    what: 'an id of nothing',
    order: () => ({ vpool: aUrn('VirtualPool', 'global') }),
    refusal: { status: 400, code: 1004, details: ['vpool', 'there is no VirtualPool urn:storageos:VirtualPool:00000000'] },
  },
  {
    what: 'a name of one character',
    order: () => ({ name: 'x' }),
    refusal: { status: 400, code: 1008, details: ['name', '"x"', 'at least 2 characters'] },
  },
  {
    what: 'a name of 129 characters',
    order: () => ({ name: 'x'.repeat(129) }),
    refusal: { status: 400, code: 1008, details: ['name', '"xxx', 'at most 128 characters'] },
  },
  {
    what: 'a name that the project has',
    order: () => ({ name: 'taken' }),
    refusal: { status: 400, code: 1015, details: ['taken'] },
  },
  {
    what: 'no volumes',
    order: () => ({ count: 0 }),
    refusal: { status: 400, code: 1014, details: ['count', '0', 'at least 1'] },
  },
  {
    what: '101 volumes at once',
    order: () => ({ count: 101 }),
    refusal: { status: 400, code: 1014, details: ['count', '101', 'at most 100'] },
  },
];

describe('an order for volumes', () => {
  it.each(orders)('is refused for $what', ({ order, refusal }) =>
    refuses(live.post('/block/volumes', volumeOrder(estate, order())), refusal),
  );

  it.each(orders)('is refused in a dry run for $what, as it is in earnest', ({ order, refusal }) =>
    refuses(live.post('/block/volumes?dry_run=true', volumeOrder(estate, order())), refusal),
  );
});

describe('a mistyped field', () => {
  it.each([
    ['/vdc/varrays', { nme: 'x' }, 'unknown field: nme; name is missing'],
    ['/block/volumes', { nme: 'x' }, 'unknown field: nme; '],
    ['/block/exports', { nme: 'x', volumes: [{ id: aUrn('Volume'), lnu: 1 }] }, 'unknown field: '],
    ['/vdc/storage-providers', { nme: 'x' }, 'unknown field: nme; '],
  ] as const)('of POST %s %j is named before all that is missing because of it', async (path, body, beginning) => {
    const reply = await live.post(path, body);
    expectRefusal(reply, { status: 400, code: 1013, details: ['nme'] });
    expect(reply.body.details.slice(0, beginning.length)).toBe(beginning);
  });
});

describe('a change of a volume', () => {
  it.each([
    ['smaller', '8GB', { status: 400, code: 1012, details: ['new_size', '8.00 GiB', '16.00 GiB', 'taken'] }],
    ['as large as it is', '16GB', { status: 400, code: 1012, details: ['new_size', '16.00 GiB'] }],
    ['larger than its pool takes', '2000TB', { status: 400, code: 1014, details: ['new_size', '2048000.00 GiB', /pool\d/] }],
    ['of no size', '0', { status: 400, code: 1008, details: ['new_size', '"0"'] }],
    ['of a size in KB', '999999999KB', { status: 400, code: 1008, details: ['new_size', '"999999999KB"', 'MB'] }],
  ] as const)('does not make it %s', (_, size, refusal) =>
    refuses(live.post(`/block/volumes/${volumeId}/expand`, { new_size: size }), refusal),
  );

  it('is refused for a type of deletion that is none', () =>
    refuses(live.post(`/block/volumes/${volumeId}/deactivate?type=HALF`), {
      status: 400,
      code: 1008,
      details: ['type', '"HALF"', 'FULL', 'VIPR_ONLY', 'CoprHD_ONLY'],
    }));
});

describe('an order for an export', () => {
  const order = (change: object) => ({ name: 'app', project: estate.projectId, varray: estate.varrayId, type: 'Host', ...change });

  it('to a cluster is refused, with what to name instead', async () => {
    const refusal = { status: 400, code: 1012, details: ['clusters', 'hosts or initiators'] };
    await refuses(live.post('/block/exports', order({ clusters: [aUrn('Cluster')] })), refusal);
    await refuses(live.post('/block/exports', order({ type: 'Cluster' })), {
      status: 400,
      code: 1012,
      details: ['type', 'Host or Initiator'],
    });
  });

  it('of a volume that is none is refused by its id', () =>
    refuses(live.post('/block/exports', order({ hosts: [hostId], volumes: [{ id: aUrn('Volume') }] })), {
      status: 400,
      code: 1004,
      details: ['volumes', aUrn('Volume')],
    }));

  it('with hosts in the type Initiator is refused', () =>
    refuses(live.post('/block/exports', order({ type: 'Initiator', hosts: [hostId] })), {
      status: 400,
      code: 1008,
      details: ['hosts', 'Host'],
    }));
});

describe('a request', () => {
  it.each([
    [
      'with an id that is none',
      'GET',
      '/block/volumes/abc',
      { status: 400, code: 1002, details: ['"abc"', 'urn:storageos:Volume:<uuid>'] },
    ],
    ['for what is not there', 'GET', `/block/volumes/${aUrn('Volume')}`, { status: 404, code: 2000, details: [aUrn('Volume')] }],
    [
      'for an id of another type',
      'GET',
      `/block/volumes/${aUrn('ExportGroup')}`,
      { status: 404, code: 2000, details: ['an id of type Volume', aUrn('ExportGroup'), 'is of type ExportGroup'] },
    ],
    [
      'for the task of an id that is no task’s',
      'GET',
      `/vdc/tasks/${aUrn('Volume')}`,
      { status: 404, code: 2000, details: ['an id of type Task', 'is of type Volume'] },
    ],
    ['to an unknown path', 'GET', '/block/mirrors', { status: 404, code: 2000, details: ['/block/mirrors'] }],
    [
      'of a method that the path has not',
      'DELETE',
      '/block/volumes',
      { status: 405, code: 1007, details: ['/block/volumes', 'DELETE', 'POST'] },
    ],
    ['with an unknown query parameter', 'GET', '/vdc/tasks?stat=ready', { status: 400, code: 1013, details: ['unknown parameter: stat'] }],
    ['for a page of no length', 'GET', '/vdc/varrays?limit=0', { status: 400, code: 1008, details: ['limit', '"0"', 'at least 1'] }],
    ['with a cursor that is none', 'GET', '/vdc/varrays?limit=1&cursor=abc', { status: 400, code: 1008, details: ['cursor'] }],
    ['with half a search', 'GET', '/block/volumes/search', { status: 400, code: 1013, details: ['by name'] }],
    ['with a search for one letter', 'GET', '/block/volumes/search?name=x', { status: 400, code: 1008, details: ['name', '"x"', '2'] }],
  ] as const)('%s is refused', (...[, method, path, refusal]) => refuses(live.send(method, path), refusal));

  it('of a method that the path has not names those that it has', async () => {
    expect((await live.send('DELETE', `/block/exports/${aUrn('ExportGroup')}`)).headers.get('allow')?.split(', ').sort()).toEqual([
      'GET',
      'PUT',
    ]);
  });

  it.each([
    ['that is not JSON', { text: '{"name": ' }, { status: 400, code: 1013, details: ['JSON'] }],
    ['that is no object', { text: '[1]' }, { status: 400, code: 1008, details: ['the body', '[1]', 'an object'] }],
    [
      'in XML',
      { text: '<volume/>', headers: { 'content-type': 'application/xml' } },
      { status: 415, code: 1003, details: ['application/xml', 'send application/json'] },
    ],
    ['of more than 1 MB', { body: { name: 'x'.repeat(1_100_000) } }, { status: 413, code: 1013, details: ['1048576', 'send less'] }],
    ['of more than API Gateway takes', { body: { name: 'x'.repeat(11_000_000) } }, { status: 413, code: 1013, details: ['1 MB'] }],
  ] as const satisfies readonly (readonly [string, Send, Refusal])[])('with a body %s is refused', (_, send, refusal) =>
    refuses(live.send('POST', '/block/volumes', send), refusal),
  );

  it('does not give its password back when it is not JSON', async () => {
    const reply = await live.send('POST', '/vdc/storage-providers', { text: '{"password": "Hidden-4711", ' });
    expectRefusal(reply, { status: 400, code: 1013, details: ['JSON'] });
    expect(JSON.stringify(reply.body)).not.toContain('Hidden-4711');
  });
});

describe('the host’s log', () => {
  it('has no secret in it, whatever was sent', () => {
    const log = logOf(dataDir);
    expect(log).not.toBe('');
    for (const secret of secretsOf(live, 'Secret123!', 'Hidden-4711')) expect(log).not.toContain(secret);
  });
});
