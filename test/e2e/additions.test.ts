import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEstate, type Estate, volumeOrder } from '../support/estate.ts';
import { type Live, type Reply, startLive } from '../support/live.ts';
import { expectRefusal } from '../support/refusal.ts';
import { storedRows } from '../support/stored.ts';

/** What the API has beside CoprHD's: idempotency keys, dry runs, pages, compression, correlation. */

let live: Live;
let estate: Estate;

beforeAll(async () => {
  live = await startLive({ simulators: [{ apiVersion: '3.6' }], indexLagMs: 60_000 });
  estate = await anEstate(live);
});
afterAll(() => live.close());

const keyed = (path: string, key: string, body: unknown): Promise<Reply> =>
  live.send('POST', path, { body, headers: { 'idempotency-key': key } });

const volumesNamed = async (name: string): Promise<number> => (await live.get(`/block/volumes/search?name=${name}`)).body.resource.length;

describe('a POST with an Idempotency-Key', () => {
  it('that is sent again gets the first answer, and is done once', async () => {
    const order = volumeOrder(estate, { name: 'once' });
    const first = await keyed('/block/volumes', 'key-1', order);
    const again = await keyed('/block/volumes', 'key-1', Object.fromEntries(Object.entries(order).reverse()));
    expect(first.status).toBe(202);
    expect({ status: again.status, body: again.body }).toEqual({ status: 202, body: first.body });
    await live.finishedAll(first);
    expect((await keyed('/block/volumes', 'key-1', order)).body).toEqual(first.body);
    expect(await volumesNamed('once')).toBe(1);
  });

  it('that is sent many times at once is done once', async () => {
    const order = volumeOrder(estate, { name: 'flood' });
    const replies = await Promise.all(Array.from({ length: 8 }, () => keyed('/block/volumes', 'key-2', order)));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 202));
    for (const { body } of replies) expect(body).toEqual(replies[0]?.body);
    await Promise.all(replies.slice(0, 1).map((reply) => live.finishedAll(reply)));
    expect(await volumesNamed('flood')).toBe(1);
  });

  it('that was sent with another request is refused', async () => {
    await live.finishedAll(await keyed('/block/volumes', 'key-3', volumeOrder(estate, { name: 'mine' })));
    const refusal = { status: 400, code: 1013, details: ['Idempotency-Key', 'new key'] };
    expectRefusal(await keyed('/block/volumes', 'key-3', volumeOrder(estate, { name: 'other' })), refusal);
    expectRefusal(await keyed('/vdc/varrays', 'key-3', { name: 'other' }), refusal);
    expect(await volumesNamed('other')).toBe(0);
    expectRefusal(await keyed('/vdc/varrays', 'k'.repeat(256), { name: 'other' }), { status: 400, code: 1008, details: ['256', '255'] });
  });

  it('that was refused may be sent again, mended or not', async () => {
    const order = volumeOrder(estate, { name: 'mended', count: 101 });
    expect((await keyed('/block/volumes', 'key-4', order)).status).toBe(400);
    expect((await keyed('/block/volumes', 'key-4', order)).status).toBe(400);
    const reply = await keyed('/block/volumes', 'key-4', { ...order, count: 1 });
    expect(reply.status).toBe(202);
    await live.finishedAll(reply);
  });
});

describe('a dry run', () => {
  it('of every kind of write answers 200 with the plan and changes nothing, here or on the array', async () => {
    const [task] = await live.finishedAll(await live.post('/block/volumes', volumeOrder(estate, { name: 'planned' })));
    const { id } = task.resource;
    const host = (await live.get('/compute/hosts')).body.host[0].id;
    const group = { name: 'planned', project: estate.projectId, varray: estate.varrayId, type: 'Host', hosts: [host], volumes: [{ id }] };
    const made = await live.finished((await live.post('/block/exports', { ...group, name: 'kept', volumes: [] })).body);
    const writes: readonly (readonly ['POST' | 'PUT', string, object])[] = [
      ['POST', '/block/volumes', volumeOrder(estate, { name: 'not-made', count: 3 })],
      ['POST', `/block/volumes/${id}/expand`, { new_size: '16GB' }],
      ['POST', `/block/volumes/${id}/deactivate`, {}],
      ['POST', '/block/volumes/deactivate', { id: [id] }],
      ['PUT', `/block/volumes/${id}/tags`, { add: ['planned'] }],
      ['POST', '/block/exports', group],
      ['PUT', `/block/exports/${made.resource.id}`, { volume_changes: { add: [{ id }] } }],
      ['POST', `/block/exports/${made.resource.id}/deactivate`, {}],
      ['POST', '/vdc/varrays', { name: 'planned' }],
      ['PUT', `/vdc/varrays/${estate.varrayId}`, { name: 'renamed' }],
      ['POST', '/block/vpools', { name: 'planned', protocols: ['ScaleIO'], provisioning_type: 'Thin', varrays: [estate.varrayId] }],
      ['PUT', `/vdc/storage-pools/${estate.poolIds[0]}`, { max_resources: 5 }],
      ['POST', `/tenants/${estate.tenantId}/projects`, { name: 'planned' }],
      ['PUT', `/vdc/storage-providers/${estate.providerIds[0]}`, { name: 'renamed' }],
    ];
    const everything = async () => ({ rows: await storedRows(live), array: live.simulators.map((simulator) => simulator.dump()) });
    const before = await everything();
    const replies = [];
    for (const [method, path, body] of writes) replies.push({ path, reply: await live.send(method, `${path}?dry_run=true`, { body }) });
    for (const { path, reply } of replies)
      expect({ path, ...reply }).toMatchObject({ path, status: 200, body: { dry_run: true, plan: expect.any(Object) } });
    expect(await everything()).toEqual(before);
  });

  it('is refused for a word that is neither true nor false', async () => {
    const reply = await live.post('/vdc/varrays?dry_run=yes', { name: 'planned' });
    expectRefusal(reply, { status: 400, code: 1008, details: ['dry_run', '"yes"', 'true, false'] });
  });
});

describe('a list', () => {
  it('comes in pages when asked, each entry once, and whole when not', async () => {
    for (const n of [1, 2, 3, 4, 5]) await live.post('/vdc/varrays', { name: `paged-${n}` });
    const whole: string[] = (await live.get('/vdc/varrays')).body.varray.map(({ id }: { id: string }) => id);
    const pages: string[][] = [];
    let cursor = '';
    do {
      const { body } = await live.get(`/vdc/varrays?limit=2${cursor}`);
      pages.push(body.varray.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor ? `&cursor=${encodeURIComponent(body.next_cursor)}` : '';
    } while (cursor !== '');
    expect(pages.slice(0, -1).every(({ length }) => length === 2)).toBe(true);
    expect(pages.flat()).toEqual(whole);
    expect((await live.get('/vdc/varrays')).body).not.toHaveProperty('next_cursor');
  });
});

/** As it travels: fetch would unpack it unseen. */
const packed = (path: string, body: object): Promise<{ encoding: string | undefined; bytes: Buffer }> =>
  new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'x-sds-auth-token': live.token,
    };
    const sent = request(`${live.host.url}${path}`, { method: 'POST', headers }, (answer) => {
      const bytes = async () => await buffer(answer);
      bytes().then((all) => resolve({ encoding: answer.headers['content-encoding'], bytes: all }), reject);
    });
    sent.once('error', reject);
    sent.end(text);
  });

describe('an answer', () => {
  it('of more than 1 MB travels compressed to who takes that, and says the same', async () => {
    const names = Array.from({ length: 130 }, (_, n) => `wide-${n}`);
    const order = { protocols: ['ScaleIO'], provisioning_type: 'Thin', description: 'd'.repeat(1000) };
    const made = await Promise.all(names.map((name) => live.post('/block/vpools', { name, ...order })));
    const tags = Array.from({ length: 50 }, (_, n) => `${n}-`.padEnd(128, 'x'));
    await Promise.all(made.map(({ body }) => live.put(`/block/vpools/${body.id}/tags`, { add: tags })));
    const id = made.map(({ body }) => body.id);
    const { encoding, bytes } = await packed('/block/vpools/bulk', { id });
    expect({ encoding, isSmall: bytes.length < 300_000 }).toEqual({ encoding: 'gzip', isSmall: true });
    const plain = await live.send('POST', '/block/vpools/bulk', { body: { id }, headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(JSON.stringify(plain.body).length).toBeGreaterThan(1_000_000);
    expect(JSON.parse(gunzipSync(bytes).toString())).toEqual(plain.body);
    expect((await packed('/block/vpools/bulk', { id: id.slice(0, 1) })).encoding).toBeUndefined();
  });

  it('carries the correlation id of its request, or a new one', async () => {
    const given = await live.send('GET', '/tenant', { headers: { 'x-correlation-id': 'order-4711/a' } });
    expect(given.headers.get('x-correlation-id')).toBe('order-4711/a');
    const bad = await live.send('GET', '/no/such/path', { headers: { 'x-correlation-id': 'two words' } });
    expect(bad.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    const login = await live.send('GET', '/login', { token: null, headers: { 'x-correlation-id': 'order-4712' } });
    expect([login.status, login.headers.get('x-correlation-id')]).toEqual([401, 'order-4712']);
  });

  it('of a store that is overloaded is 503 with Retry-After, and nothing was done', async () => {
    const before = await storedRows(live);
    live.host.faults.dynamodb.throttle({ operation: 'TransactWriteItems', times: 1000 });
    try {
      const reply = await live.post('/vdc/varrays', { name: 'too-much' });
      expectRefusal(reply, { status: 503, code: 6000, details: [] });
      expect(reply.body.retryable).toBe(true);
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      live.host.faults.dynamodb.clear();
      live.host.faults.dynamodb.setIndexLag(60_000);
    }
    expect(await storedRows(live)).toEqual(before);
  });
});
