import { describe, expect, it } from 'vitest';
import { mayCall } from '../../../../core/identity/access.ts';
import type { Route } from '../../../../functions/http/route.ts';
import {
  hostIdOf,
  initiatorIdOf,
  poolIdOf,
  projectId,
  providerId,
  systemId,
  tenantId,
  varrayId,
  vpoolId,
} from '../../../support/block-world.ts';
import { aHttpWorld, everyRoute, type UserName, users } from '../../../support/http-world.ts';

const ids: Readonly<Record<string, string>> = {
  tenants: tenantId,
  projects: projectId,
  vpools: vpoolId,
  varrays: varrayId,
  'storage-providers': providerId,
  'storage-systems': systemId,
  'storage-pools': poolIdOf(1),
  'storage-ports': 'urn:storageos:StoragePort:00000000-0000-4000-8000-00000000dead:vdc1',
  hosts: hostIdOf(1),
  initiators: initiatorIdOf(1),
  volumes: 'urn:storageos:Volume:00000000-0000-4000-8000-00000000dead:vdc1',
  exports: 'urn:storageos:ExportGroup:00000000-0000-4000-8000-00000000dead:vdc1',
  tasks: 'urn:storageos:Task:00000000-0000-4000-8000-00000000dead:vdc1',
};

/** The path with an id of the kind that its segment before names. */
const pathOf = ({ path }: Pick<Route, 'path'>, known = ids): string =>
  path.replaceAll(/([\w-]+)\/\{\w+\}/g, (_text, segment: string) => `${segment}/${known[segment] ?? 'unknown'}`);

/** What belongs to the tenant: another tenant's member may not learn that it exists. */
const ofTenant = /^\/(tenants|projects|compute\/hosts|compute\/initiators|block\/volumes|block\/exports)\/\{id\}/;

/** A world in which the tenant also has a volume and an export group. */
const furnished = async () => {
  const world = aHttpWorld();
  const order = { name: 'v1', project: projectId, size: '8GB', varray: varrayId, vpool: vpoolId };
  const volume = await world.send('POST', '/block/volumes', { as: 'root', body: order });
  const group = { name: 'g1', project: projectId, varray: varrayId, type: 'Host' };
  const exported = await world.send('POST', '/block/exports', { as: 'root', body: group });
  return { world, ids: { ...ids, volumes: volume.body.task[0].resource.id, exports: exported.body.resource.id } };
};

const names = Object.keys(users) as UserName[];
const cases = everyRoute.map((route) => ({ route, title: `${route.method} ${route.path}` }));

describe.each(cases)('$title', ({ route }) => {
  it('opens to nobody without a token, unless it is public', async () => {
    const { status } = await aHttpWorld().send(route.method, pathOf(route));
    if (route.permission === 'public') expect(status).toBe(route.path === '/login' ? 401 : 200);
    else expect(status).toBe(401);
  });

  it('answers 403 to those without the role, and only to them', async () => {
    const world = aHttpWorld();
    for (const as of names) {
      const { status } = await world.send(route.method, `${pathOf(route)}?dry_run=true`, {
        as,
        ...(route.method === 'GET' ? {} : { body: {} }),
      });
      const owns = users[as].tenantId === tenantId;
      if (!mayCall(users[as], route.permission)) expect([as, status]).toEqual([as, 403]);
      else if (owns && route.path !== '/login') expect([as, status]).not.toEqual([as, 401]);
      expect([as, status]).not.toEqual([as, 500]);
    }
  });
});

/** Bodies that would do something if the caller were let in. */
const bodies: Readonly<Record<string, object>> = {
  'POST /tenants/{id}/projects': { name: 'stolen' },
  'PUT /projects/{id}': { name: 'stolen' },
  'PUT /projects/{id}/quota': { quota_enabled: true, quota_gb: 1 },
  'PUT /tenants/{id}/quota': { quota_enabled: true, quota_gb: 1 },
  'POST /block/volumes/{id}/expand': { new_size: '16GB' },
};

const foreign = cases.filter(({ route }) => ofTenant.test(route.path) && mayCall(users.stranger, route.permission));

describe.each(foreign)('$title', ({ route, title }) => {
  it('does not exist for members of another tenant, and changes nothing', async () => {
    const { world, ids: known } = await furnished();
    const before = world.rows.dump();
    const path = pathOf(route, known);
    const { status } = await world.send(route.method, path, {
      as: 'stranger',
      ...(route.method === 'GET' ? {} : { body: bodies[title] ?? {} }),
    });
    expect(status).toBe(404);
    expect(world.rows.dump()).toBe(before);
  });
});

describe('a refusal', () => {
  it('names the roles that may', async () => {
    const answer = await aHttpWorld().send('POST', '/vdc/varrays', { as: 'tina', body: { name: 'mine' } });
    expect(answer).toMatchObject({ status: 403, body: { code: 3000, details: expect.stringContaining('SYSTEM_ADMIN') } });
  });
});

describe('what belongs to a tenant', () => {
  it('is in no list, search or bulk answer of another tenant', async () => {
    const world = aHttpWorld();
    const searches = ['/projects/search?name=fin', '/compute/hosts/search?name=10.', '/compute/hosts', `/projects/search?name=fin`];
    for (const path of searches) {
      expect(Object.values((await world.send('GET', path, { as: 'stranger' })).body)).toEqual([[]]);
      expect((await world.send('GET', path, { as: 'tina' })).body).not.toEqual({ resource: [] });
    }
    const bulk = await world.send('POST', '/compute/hosts/bulk', { as: 'stranger', body: { id: [hostIdOf(1)] } });
    expect(bulk.body).toEqual({ host: [] });
    const project = await world.send('GET', `/block/volumes/search?project=${projectId}`, { as: 'stranger' });
    expect(project.status).toBe(400);
  });
});
