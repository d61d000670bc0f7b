import { describe, expect, it } from 'vitest';
import { changed, created } from '../../../../../core/inventory/changes.ts';
import { newResource, resourceKey } from '../../../../../core/inventory/resource.ts';
import { poolSchema, providerSchema, volumeSchema } from '../../../../../core/inventory/schemas.ts';
import { forgotten } from '../../../../../core/provider/removal.ts';
import { makeUrn } from '../../../../../core/urn.ts';
import { poolIdOf, projectId, providerId, startedAt, systemId, tenantId, varrayId, vpoolId } from '../../../../support/block-world.ts';
import { aHttpWorld, type HttpWorld } from '../../../../support/http-world.ts';

const minuteMs = 60_000;
const beganMs = Date.parse(startedAt);
const later = (minutes: number): string => new Date(beganMs + minutes * minuteMs).toISOString();

const order = { name: 'v1', project: projectId, size: '8GB', varray: varrayId, vpool: vpoolId };

const ordered = async (world: HttpWorld, name = 'v1'): Promise<{ id: string; operation: string }> => {
  const { body } = await world.send('POST', '/block/volumes', { as: 'tina', body: { ...order, name } });
  return { id: body.task[0].resource.id, operation: body.task[0].op_id };
};

describe('the history of a resource', () => {
  it('tells who changed what, when and by which operation, newest first and in pages', async () => {
    const world = aHttpWorld();
    const { id, operation } = await ordered(world);
    world.nowMs += minuteMs;
    await world.send('PUT', `/block/volumes/${id}/tags`, { as: 'tina', body: { add: ['prod'] } });
    const { body } = await world.send('GET', `/block/volumes/${id}/history?limit=1`, { as: 'tina' });
    expect(body.event).toEqual([
      {
        id: expect.any(String),
        time: later(1),
        actor: 'tina',
        kind: 'changed',
        resource: { id, link: { rel: 'self', href: `/block/volumes/${id}` } },
        before: { tags: [] },
        after: { tags: ['prod'] },
      },
    ]);
    const rest = await world.send('GET', `/block/volumes/${id}/history?limit=1&cursor=${body.next_cursor}`, { as: 'tina' });
    expect(rest.body.event).toEqual([expect.objectContaining({ kind: 'created', operation, before: {}, after: {} })]);
  });

  it('stays readable when the resource is gone for good, for those who could read it', async () => {
    const world = aHttpWorld();
    const author = { actor: 'root', at: later(0), ulid: world.ports.ids.ulid };
    const pool = poolSchema.parse({ ...(await world.rows.get('Inventory', resourceKey(poolIdOf(1)))), id: poolIdOf(1) });
    await world.rows.transact(forgotten(pool, author, pool));
    const { status, body } = await world.send('GET', `/vdc/storage-pools/${poolIdOf(1)}/history`, { as: 'monitor' });
    expect([status, body.event[0].kind, body.event[0].before.name]).toEqual([200, 'removed', 'pool-1']);
    expect((await world.send('GET', `/vdc/storage-pools/${poolIdOf(9)}/history`, { as: 'monitor' })).status).toBe(404);
  });

  it('never names where a secret is kept', async () => {
    const world = aHttpWorld();
    const provider = providerSchema.parse({ ...(await world.rows.get('Inventory', resourceKey(providerId))), id: providerId });
    const author = { actor: 'root', at: later(0), ulid: world.ports.ids.ulid };
    await world.rows.transact(changed(provider, { secretName: 'patina/other', name: 'renamed' }, { author }));
    const { body } = await world.send('GET', `/vdc/storage-providers/${providerId}/history`, { as: 'admin' });
    expect(body.event[0]).toMatchObject({ before: { name: 'gateway-1' }, after: { name: 'renamed' } });
    expect(JSON.stringify(body)).not.toContain('patina/other');
  });
});

describe('the history of a day', () => {
  it('has everything, for auditors, administrators and monitors', async () => {
    const world = aHttpWorld();
    const { id } = await ordered(world);
    for (const as of ['auditor', 'admin', 'monitor'] as const) {
      const { body } = await world.send('GET', `/vdc/history?day=${startedAt.slice(0, 10)}`, { as });
      expect(body.event).toEqual([expect.objectContaining({ kind: 'created', resource: expect.objectContaining({ id }) })]);
    }
    expect((await world.send('GET', '/vdc/history?day=2020-01-01', { as: 'auditor' })).body).toEqual({ event: [] });
  });

  it('wants a day', async () => {
    const { status, body } = await aHttpWorld().send('GET', '/vdc/history?day=today', { as: 'auditor' });
    expect([status, body.details]).toEqual([400, expect.stringContaining('2026-03-01')]);
  });
});

describe('the history of an operation', () => {
  it('has what it did to the resources of its tasks, and nothing of other operations', async () => {
    const world = aHttpWorld();
    const { id, operation } = await ordered(world);
    await world.send('PUT', `/block/volumes/${id}/tags`, { as: 'tina', body: { add: ['prod'] } });
    for (const as of ['tina', 'auditor', 'monitor'] as const) {
      const { body } = await world.send('GET', `/vdc/history/operations/${operation}`, { as });
      expect(body.event).toEqual([expect.objectContaining({ operation, kind: 'created' })]);
    }
  });

  it('does not exist for another tenant', async () => {
    const world = aHttpWorld();
    const { operation } = await ordered(world);
    expect((await world.send('GET', `/vdc/history/operations/${operation}`, { as: 'stranger' })).status).toBe(404);
    expect((await world.send('GET', '/vdc/history/operations/none', { as: 'root' })).status).toBe(404);
  });

  it('shows members of a tenant no provider, though its discovery is of their tenant', async () => {
    const world = aHttpWorld();
    const { body } = await world.send('POST', `/vdc/storage-systems/${systemId}/discover`, { as: 'root', body: {} });
    const path = `/vdc/history/operations/${body.op_id ?? body.task[0].op_id}`;
    expect((await world.send('GET', path, { as: 'tina' })).body).toEqual({ event: [] });
    expect((await world.send('GET', path, { as: 'root' })).body.event).toHaveLength(1);
  });
});

describe('as of a time', () => {
  it('a volume is as it was, and was not before it was ordered', async () => {
    const world = aHttpWorld();
    world.nowMs = beganMs + minuteMs;
    const { id } = await ordered(world);
    world.nowMs = beganMs + 2 * minuteMs;
    await world.send('PUT', `/block/volumes/${id}/tags`, { as: 'tina', body: { add: ['prod'] } });
    const asOf = (text: string) => world.send('GET', `/block/volumes/${id}?as_of=${text}`, { as: 'tina' });
    expect((await asOf(later(1))).body).toMatchObject({ name: 'v1', tags: [] });
    expect((await asOf(later(2))).body).toEqual((await world.send('GET', `/block/volumes/${id}`, { as: 'tina' })).body);
    expect(await asOf(later(0))).toMatchObject({ status: 404, body: { details: expect.stringContaining('did not exist yet') } });
    expect(await asOf(later(3))).toMatchObject({ status: 400, body: { details: expect.stringContaining('in the future') } });
    expect(await asOf('yesterday')).toMatchObject({ status: 400, body: { details: expect.stringContaining('use a time such as') } });
  });

  it('a search in a project finds what was there, also what is gone', async () => {
    const world = aHttpWorld();
    world.nowMs = beganMs + minuteMs;
    const { id } = await ordered(world, 'gone');
    const volume = volumeSchema.parse({ ...(await world.rows.get('Inventory', resourceKey(id))), id });
    world.nowMs = beganMs + 2 * minuteMs;
    await world.rows.transact(changed(volume, { inactive: true }, { author: { actor: 'tina', at: later(2), ulid: world.ports.ids.ulid } }));
    await ordered(world, 'going');
    const found = async (at: string, more = '') => {
      const { body } = await world.send('GET', `/block/volumes/search?project=${projectId}${more}&as_of=${at}`, { as: 'tina' });
      return body.resource.map(({ match }: { match: string }) => match);
    };
    expect([await found(later(0)), await found(later(1)), await found(later(2))]).toEqual([[], ['gone'], ['going']]);
    expect([await found(later(1), '&name=gon'), await found(later(1), '&name=other')]).toEqual([['gone'], []]);
  });

  it('is refused for searches that history does not keep', async () => {
    const world = aHttpWorld();
    for (const path of ['/block/volumes/search?tag=prod', '/block/volumes/search?name=v1', '/compute/hosts/search?name=10']) {
      const answer = await world.send('GET', `${path}&as_of=${startedAt}`, { as: 'tina' });
      expect(answer).toMatchObject({ status: 400, body: { details: expect.stringContaining('by project') } });
    }
  });

  it('every kind of resource answers; a pool leaves out what history does not keep', async () => {
    const world = aHttpWorld();
    const paths = [`/tenants/${tenantId}`, `/projects/${projectId}`, `/vdc/storage-systems/${systemId}`, `/block/vpools/${vpoolId}`];
    for (const path of [...paths, `/vdc/varrays/${varrayId}`, `/vdc/storage-providers/${providerId}`]) {
      const [now, then] = [
        await world.send('GET', path, { as: 'root' }),
        await world.send('GET', `${path}?as_of=${startedAt}`, { as: 'root' }),
      ];
      expect([then.status, then.body]).toEqual([200, now.body]);
    }
    const { managed_gb: _, ...pool } = (await world.send('GET', `/vdc/storage-pools/${poolIdOf(1)}`, { as: 'root' })).body;
    expect((await world.send('GET', `/vdc/storage-pools/${poolIdOf(1)}?as_of=${startedAt}`, { as: 'root' })).body).toEqual(pool);
  });

  it('another tenant sees nothing', async () => {
    const world = aHttpWorld();
    const { id } = await ordered(world);
    expect((await world.send('GET', `/block/volumes/${id}?as_of=${startedAt}`, { as: 'stranger' })).status).toBe(404);
    const search = await world.send('GET', `/block/volumes/search?project=${projectId}&as_of=${startedAt}`, { as: 'stranger' });
    expect(search.status).toBe(400);
  });
});

it('what is created is not copied into the history', async () => {
  const world = aHttpWorld();
  const id = makeUrn('VirtualArray', '00000000-0000-4000-8000-00000000abcd');
  const author = { actor: 'root', at: startedAt, ulid: world.ports.ids.ulid };
  const [event] = created(newResource(id, 'x'.repeat(2000), startedAt), author).filter(({ table }) => table === 'History');
  expect(JSON.stringify(event).length).toBeLessThan(700);
});
