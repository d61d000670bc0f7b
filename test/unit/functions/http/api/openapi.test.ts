import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aHttpWorld, everyRoute } from '../../../../support/http-world.ts';

describe('the API document', () => {
  it('describes every route of every function', async () => {
    const { paths } = (await aHttpWorld().send('GET', '/openapi.json')).body;
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(everyRoute.map(({ method, path }) => `${method} ${path}`).sort());
    expect(paths['/vdc/storage-providers'].post.requestBody.content['application/json'].schema.required).toContain('password');
  });

  const operations = async () => {
    const { paths } = (await aHttpWorld().send('GET', '/openapi.json')).body;
    return everyRoute.map((route) => ({ route, operation: paths[route.path][route.method.toLowerCase()] }));
  };

  it('says what each operation does in a sentence without a full stop, with the right articles', async () => {
    for (const { operation } of await operations()) {
      expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
      expect(operation.summary).not.toMatch(/\ba [aeio]|\ban [^aeiou]/i);
    }
  });

  it('shows the body of each operation that takes one, needed only if an empty one is refused', async () => {
    for (const { route, operation } of await operations())
      expect([route.path, operation.requestBody?.required]).toEqual([route.path, route.body && !route.body.safeParse({}).success]);
  });

  it('names the failures of each operation: of the request, the login, the roles, the id and the body', async () => {
    for (const { route, operation } of await operations()) {
      const when: Record<string, boolean> = {
        [route.status]: true,
        400: true,
        401: route.permission !== 'public' || route.path === '/login',
        403: typeof route.permission !== 'string',
        404: route.path.includes('{'),
        413: route.method !== 'GET',
        415: route.method !== 'GET',
        default: true,
      };
      for (const [status, isNamed] of Object.entries(when)) expect([status, status in operation.responses]).toEqual([status, isNamed]);
    }
  });

  it('asks for pages only where there are some, and for Basic credentials only at the login', async () => {
    for (const { route, operation } of await operations()) {
      const isPaged = operation.parameters.some(({ $ref = '' }) => $ref.endsWith('/cursor'));
      expect([route.path, isPaged]).toEqual([route.path, route.method === 'GET' && 'next_cursor' in (Object(route.response).shape ?? {})]);
    }
    const basic = (await operations()).filter(({ operation }) => operation.security?.some((each: object) => 'basic' in each));
    expect(basic.map(({ route }) => route.path)).toEqual(['/login']);
  });

  it('refers to nothing that it does not have, and lets answers have more fields than it names', async () => {
    const { body } = await aHttpWorld().send('GET', '/openapi.json');
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path.split('/'));
    expect(references.length).toBeGreaterThan(0);
    for (const path of references) expect(path.reduce((node, step) => node?.[step], body)).toBeDefined();
    for (const { operation } of await operations())
      expect(JSON.stringify(Object.values(operation.responses))).not.toContain('"additionalProperties":false');
  });

  it('gives each operation an id of its own', async () => {
    const { paths } = (await aHttpWorld().send('GET', '/openapi.json')).body;
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods as object).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the list of differences from CoprHD', () => {
  it('names routes that exist', () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../../../../docs/api/compatibility.md'), 'utf8');
    const known = new Set(everyRoute.map(({ method, path }) => `${method} ${path}`));
    const named = [...text.matchAll(/`(GET|POST|PUT|DELETE) (\/[^\s`?]*)/g)].map(([, method, path]) => `${method} ${path}`);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((route) => !route.includes('{resource}') && !known.has(route))).toEqual([]);
  });
});
