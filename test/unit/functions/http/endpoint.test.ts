import type { LambdaEvent } from 'hono/aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { endpoint, makeApp } from '../../../../functions/http/endpoint.ts';
import { defineRoute } from '../../../../functions/http/route.ts';
import { aHttpWorld } from '../../../support/http-world.ts';

const varrays = '/vdc/varrays';
const post = (body: unknown, headers: Record<string, string> = {}) => ({ as: 'root', body, headers }) as const;

describe('a bad request', () => {
  it.each([
    { reason: 'an unknown field', body: { name: 'nh2', colour: 'red' }, code: 1013, says: 'unknown field: colour' },
    { reason: 'an unknown field inside', body: { name: 'nh2', block_settings: { zoning: 1 } }, code: 1013, says: 'block_settings.zoning' },
    { reason: 'a wrong type', body: { name: 12 }, code: 1008, says: 'name: 12 must be a text' },
    { reason: 'a missing field', body: {}, code: 1005, says: 'name is missing' },
    { reason: 'null in place of a field', body: { name: null }, code: 1005, says: 'name is missing' },
    { reason: 'a short name', body: { name: 'n' }, code: 1008, says: 'at least 2 characters' },
    { reason: 'a long name', body: { name: 'n'.repeat(129) }, code: 1008, says: 'at most 128 characters' },
    { reason: 'a line break in a name', body: { name: 'nh\n2' }, code: 1008, says: 'no control characters' },
    { reason: 'a name that turns the text around it', body: { name: 'nh\u202E2' }, code: 1008, says: 'no control characters' },
    { reason: 'half a character in a name', body: { name: 'nh\ud800' }, code: 1008, says: 'no control characters' },
    { reason: 'a name that is taken', body: { name: 'nh' }, code: 1015, says: '"nh"' },
    { reason: 'a list in place of an object', body: [1], code: 1008, says: 'the body' },
    { reason: 'a body that is not JSON', body: '{"name": ', code: 1013, says: 'not JSON' },
    { reason: 'a body without bottom', body: `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, code: 1013, says: 'more than 20 deep' },
    { reason: 'lists without bottom', body: `${'['.repeat(50_000)}${']'.repeat(50_000)}`, code: 1013, says: 'more than 20 deep' },
  ])('with $reason says so with status 400 and changes nothing', async ({ body, code, says }) => {
    const world = aHttpWorld();
    const before = world.rows.dump();
    const answer = await world.send('POST', varrays, post(body));
    expect(answer).toMatchObject({ status: 400, body: { code, retryable: false, details: expect.stringContaining(says) } });
    expect(world.rows.dump()).toBe(before);
  });

  it('shows at most 60 characters of a value', async () => {
    const answer = await aHttpWorld().send('POST', varrays, post({ name: 'n'.repeat(500) }));
    expect(answer.body.details.length).toBeLessThan(150);
  });

  it.each([
    { path: `${varrays}?colour=red`, says: 'unknown parameter: colour' },
    { path: `${varrays}?limit=0`, says: 'limit' },
    { path: `${varrays}?limit=1001`, says: 'at most 1000' },
    { path: `${varrays}?limit=5&limit=6`, says: 'limit' },
    { path: `${varrays}/search?name=x`, says: 'at least 2 characters' },
    { path: `${varrays}/search`, says: 'search by name' },
    { path: `${varrays}/search?name=ab&tag=cd`, says: 'search by name' },
    { path: `${varrays}/nonsense`, says: 'urn:storageos:VirtualArray' },
    { path: '/vdc/tasks?startTime=yesterday', says: 'startTime' },
  ])('$path is 400', async ({ path, says }) => {
    const answer = await aHttpWorld().send('GET', path, { as: 'root' });
    expect([answer.status, answer.body.details]).toEqual([400, expect.stringContaining(says)]);
  });

  it('with more than a megabyte is 413', async () => {
    const answer = await aHttpWorld().send('POST', varrays, post({ name: 'n'.repeat(1_100_000) }));
    expect(answer).toMatchObject({ status: 413, body: { code: 1013 } });
  });

  it('of another media type than JSON is 415', async () => {
    const answer = await aHttpWorld().send('POST', varrays, post('<name>x</name>', { 'Content-Type': 'application/xml' }));
    expect(answer).toMatchObject({ status: 415, body: { details: expect.stringContaining('application/json') } });
  });

  it('to an unknown path is 404, with an unknown method 405 and those there are', async () => {
    const world = aHttpWorld();
    for (const path of ['/no/such', `${varrays}/`])
      expect(await world.send('GET', path, { as: 'root' })).toMatchObject({ status: 404, body: { code: 2000 } });
    const answer = await world.send('DELETE', '/vdc/storage-providers', { as: 'root' });
    expect(answer).toMatchObject({ status: 405, body: { code: 1007 } });
    expect(answer.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'POST']);
  });

  it('may have an empty body where nothing is needed, as old clients send it', async () => {
    const world = aHttpWorld();
    const made = await world.send('POST', varrays, post({ name: 'short-lived' }));
    const answer = await world.send('POST', `${varrays}/${made.body.id}/deactivate`, post('', { 'Content-Type': 'application/json' }));
    expect(answer.status).toBe(200);
  });
});

describe('every answer', () => {
  it('carries the correlation id of the request, or a new one', async () => {
    const world = aHttpWorld();
    const given = await world.send('GET', '/tenant', { as: 'tina', headers: { 'X-Correlation-Id': 'mine-1' } });
    expect(given.headers.get('x-correlation-id')).toBe('mine-1');
    expect((await world.send('GET', '/no/such')).headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    const odd = await world.send('GET', '/tenant', { as: 'tina', headers: { 'X-Correlation-Id': 'a b<script>' } });
    expect(odd.headers.get('x-correlation-id')).not.toContain('script');
  });

  it('to a defect is 500 with the correlation id, logged once, without what went wrong', async () => {
    const world = aHttpWorld();
    world.rows.query = () => Promise.reject(new Error('secret detail'));
    const answer = await world.send('GET', varrays, { as: 'root', headers: { 'X-Correlation-Id': 'c-9' } });
    expect(answer).toMatchObject({ status: 500, body: { code: 999, details: expect.stringContaining('c-9') } });
    expect(JSON.stringify(answer.body)).not.toContain('secret detail');
    expect(world.logged).toHaveLength(1);
  });

  it('for which the deployment lacks a right says so, and the log has what AWS named', async () => {
    const world = aHttpWorld();
    const cause = new Error('no GetItem on arn:aws:dynamodb:table');
    world.rows.query = () => Promise.reject(new ControlPlaneError('a right is lacking', { code: 'deployment.rightMissing', cause }));
    const answer = await world.send('GET', varrays, { as: 'root' });
    expect(answer).toMatchObject({ status: 500, body: { code: 999, retryable: false, details: 'a right is lacking' } });
    expect(world.logged).toMatchObject([{ message: 'a right is missing', facts: { error: { cause } } }]);
  });
});

const route = (response: object) =>
  defineRoute({
    method: 'GET',
    path: '/big',
    function: 'api',
    permission: 'public',
    summary: 'Big',
    response: z.object({}),
    status: 200,
    handler: () => Promise.resolve(response),
  });

describe('a large answer', () => {
  const { ports } = aHttpWorld();
  const ask = (bytes: number, headers: Record<string, string>) =>
    makeApp({ routes: [route({ text: 'x'.repeat(bytes) })], ports }).request('/big', { headers });

  it('is compressed for who takes that', async () => {
    const response = await ask(2_000_000, { 'Accept-Encoding': 'gzip' });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect((await response.arrayBuffer()).byteLength).toBeLessThan(100_000);
    expect((await ask(2_000_000, {})).headers.get('content-encoding')).toBeNull();
  });

  it('that Lambda cannot send is 413 with advice', async () => {
    const response = await ask(6_000_000, {});
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ details: expect.stringContaining('limit') });
  });
});

describe('on Lambda', () => {
  it('a GET with a stray body is answered as a GET', async () => {
    const { ports } = aHttpWorld();
    const handler = endpoint({ routes: [route({ ok: true })], ports });
    const event: LambdaEvent = JSON.parse(
      JSON.stringify({
        version: '1.0',
        httpMethod: 'GET',
        path: '/big',
        headers: {},
        body: '{}',
        isBase64Encoded: false,
        resource: '/big',
        requestContext: {},
      }),
    );
    const answer = await handler(event);
    expect([answer.statusCode, answer.body]).toEqual([200, '{"ok":true}']);
  });
});

describe('Idempotency-Key', () => {
  const keyed = (name: string) => post({ name }, { 'Idempotency-Key': 'k1' });

  it('makes the same request twice one change with one answer', async () => {
    const world = aHttpWorld();
    const first = await world.send('POST', varrays, keyed('va-1'));
    const second = await world.send('POST', varrays, keyed('va-1'));
    expect(second.body).toEqual(first.body);
    const list = await world.send('GET', `${varrays}/search?name=va-1`, { as: 'root' });
    expect(list.body.resource).toHaveLength(1);
  });

  it('is refused with another request', async () => {
    const world = aHttpWorld();
    await world.send('POST', varrays, keyed('va-1'));
    expect(await world.send('POST', varrays, keyed('va-2'))).toMatchObject({
      status: 400,
      body: { details: expect.stringContaining('Idempotency-Key') },
    });
  });
});

describe('dry_run', () => {
  it('answers the plan with 200 and changes nothing', async () => {
    const world = aHttpWorld();
    const before = world.rows.dump();
    const answer = await world.send('POST', `${varrays}?dry_run=true`, post({ name: 'va-1' }));
    expect(answer).toMatchObject({ status: 200, body: { dry_run: true, plan: { create: { name: 'va-1' } } } });
    expect(world.rows.dump()).toBe(before);
  });
});
