import { describe, expect, it } from 'vitest';
import { taskIdOf } from '../../../../../core/urn.ts';
import {
  aPool,
  aSystem,
  gib,
  poolIdOf,
  projectId,
  providerId,
  systemId,
  tenantId,
  varrayId,
  vpoolId,
} from '../../../../support/block-world.ts';
import { aHttpWorld, everyRoute, type HttpWorld, type UserName } from '../../../../support/http-world.ts';

const get = async (world: HttpWorld, path: string, as: UserName = 'root') => (await world.send('GET', path, { as })).body;
const put = (world: HttpWorld, path: string, body: object) => world.send('PUT', path, { as: 'root', body });
const post = (world: HttpWorld, path: string, body: object = {}) => world.send('POST', path, { as: 'root', body });

describe('lists and searches', () => {
  it('see the last write at once, by name and blind to case', async () => {
    const world = aHttpWorld();
    const { body } = await post(world, `/tenants/${tenantId}/projects`, { name: 'Ünder/+=x' });
    expect((await get(world, '/projects/search?name=%C3%BCnd')).resource).toMatchObject([{ id: body.id, match: 'Ünder/+=x' }]);
    expect((await get(world, `/tenants/${tenantId}/projects`)).project).toContainEqual(expect.objectContaining({ id: body.id }));
    await post(world, `/projects/${body.id}/deactivate`);
    expect((await get(world, '/projects/search?name=%C3%BCnd')).resource).toEqual([]);
    expect(await get(world, `/projects/${body.id}`)).toMatchObject({ inactive: true });
  });

  it('come whole, unless pages are asked for', async () => {
    const world = aHttpWorld();
    for (const name of ['aa', 'bb', 'cc']) await post(world, '/vdc/varrays', { name });
    expect(await get(world, '/vdc/varrays')).not.toHaveProperty('next_cursor');
    const first = await get(world, '/vdc/varrays?limit=2');
    expect(first.varray.map(({ name }: { name: string }) => name)).toEqual(['aa', 'bb']);
    const second = await get(world, `/vdc/varrays?limit=2&cursor=${encodeURIComponent(first.next_cursor)}`);
    expect(second.varray.map(({ name }: { name: string }) => name)).toEqual(['cc', 'nh']);
  });

  it('answer what is not found with an empty list', async () => {
    const world = aHttpWorld();
    expect(await get(world, '/block/vpools/search?name=zz')).toEqual({ resource: [] });
    expect(await get(world, `/tenants/${tenantId}/subtenants`)).toEqual({ subtenant: [] });
  });

  it('in bulk leave out what is not there, and refuse what is no id', async () => {
    const world = aHttpWorld();
    const gone = 'urn:storageos:VirtualPool:00000000-0000-4000-8000-00000000dead:global';
    const { body } = await post(world, '/block/vpools/bulk', { id: [vpoolId, gone, varrayId] });
    expect(body.virtualpool.map(({ id }: { id: string }) => id)).toEqual([vpoolId]);
    expect(await post(world, '/block/vpools/bulk', { id: ['gold'] })).toMatchObject({
      status: 400,
      body: { details: expect.stringContaining('id[0]') },
    });
  });
});

describe('tags', () => {
  const path = `/projects/${projectId}/tags`;

  it('of any characters are kept, found by their beginning and taken away', async () => {
    const world = aHttpWorld();
    const tag = 'OpenStack:<id> "x" & more';
    expect((await put(world, path, { add: [tag, 'second'], remove: null })).body).toEqual({ tag: [tag, 'second'] });
    expect((await get(world, '/projects/search?tag=openstack:')).resource).toMatchObject([{ id: projectId, match: tag }]);
    await put(world, path, { remove: [tag] });
    expect((await get(world, '/projects/search?tag=openstack:')).resource).toEqual([]);
    expect(await get(world, path)).toEqual({ tag: ['second'] });
  });

  it('have 2 to 128 characters', async () => {
    expect((await put(aHttpWorld(), path, { add: ['x'] })).body.details).toContain('add[0]');
  });
});

describe('a project', () => {
  it('has a name of its own in the tenant', async () => {
    const answer = await post(aHttpWorld(), `/tenants/${tenantId}/projects`, { name: 'finance' });
    expect(answer).toMatchObject({ status: 400, body: { code: 1015 } });
  });

  it('is changed by its owner and by administrators of the tenant alone', async () => {
    const world = aHttpWorld();
    const answer = await world.send('PUT', `/projects/${projectId}`, { as: 'paul', body: { name: 'mine' } });
    expect(answer).toMatchObject({ status: 403, body: { details: expect.stringContaining('root') } });
    expect((await world.send('PUT', `/projects/${projectId}`, { as: 'tina', body: { name: 'mine' } })).body.name).toBe('mine');
  });
});

describe('virtual arrays and pools', () => {
  it('in use are not removed, and the user is named', async () => {
    const world = aHttpWorld();
    expect((await post(world, `/vdc/varrays/${varrayId}/deactivate`)).body).toMatchObject({
      code: 1020,
      details: expect.stringContaining('pool-1'),
    });
    expect((await post(world, `/block/vpools/${vpoolId}/deactivate`)).status).toBe(200);
  });

  it('match pools, or say why not', async () => {
    const world = aHttpWorld();
    const { storage_pool, refused } = await get(world, `/block/vpools/${vpoolId}/storage-pools`);
    expect(storage_pool).toMatchObject([{ id: poolIdOf(1) }]);
    expect(refused).toMatchObject([{ id: poolIdOf(2), reasons: [expect.stringContaining('allow_unzeroed_pools')] }]);
    const preview = await post(world, '/block/vpools/matching-pools', {
      name: 'preview',
      protocols: ['FC'],
      varrays: [varrayId],
      provisioning_type: 'Thin',
    });
    expect(preview.body.storage_pool).toEqual([]);
    expect(preview.body.refused[0].reasons).toEqual(['it offers the protocols ScaleIO, the virtual pool wants FC']);
  });

  it('are made with defaults, changed, and refuse what does not exist', async () => {
    const world = aHttpWorld();
    const made = await post(world, '/block/vpools', {
      name: 'silver',
      protocols: ['ScaleIO'],
      varrays: [varrayId],
      provisioning_type: 'Thick',
      drive_type: 'NONE',
    });
    expect(made.body).toMatchObject({
      max_paths: 1,
      use_matched_pools: true,
      shared_access: false,
      varrays: [{ id: varrayId }],
      inactive: false,
    });
    const changed = await put(world, `/block/vpools/${made.body.id}`, {
      varray_changes: { remove: { varrays: [varrayId] } },
      host_io_limit_iops: '500',
    });
    expect(changed.body).toMatchObject({ varrays: [], host_io_limit_iops: 500 });
    const foreign = await post(world, '/block/vpools', {
      name: 'x1',
      protocols: ['ScaleIO'],
      varrays: [projectId],
      provisioning_type: 'Thin',
    });
    expect(foreign).toMatchObject({ status: 400, body: { code: 1008, details: expect.stringContaining('varrays') } });
  });

  it('tell the capacity of matching pools in GiB', async () => {
    expect(await get(aHttpWorld(), `/block/vpools/${vpoolId}/varrays/${varrayId}/capacity`)).toEqual({
      free_gb: '1000.00',
      net_free_gb: '3000.00',
      used_gb: '0.00',
      provisioned_gb: '0.00',
      percent_used: '0',
      percent_provisioned: '0',
    });
  });
});

describe('a storage pool', () => {
  it('is assigned, limited, deregistered and registered', async () => {
    const world = aHttpWorld();
    const { body: varray } = await post(world, '/vdc/varrays', { name: 'second' });
    const changes = { varray_assignment_changes: { add: { varrays: [varray.id] }, remove: { varrays: [varrayId] } }, max_resources: 10 };
    expect((await put(world, `/vdc/storage-pools/${poolIdOf(1)}`, changes)).body).toMatchObject({
      assigned_varrays: [varray.id],
      max_resources: 10,
    });
    expect((await get(world, `/vdc/varrays/${varray.id}/storage-pools`)).storage_pool).toMatchObject([{ id: poolIdOf(1) }]);
    await post(world, `/vdc/storage-pools/${poolIdOf(1)}/deregister`);
    expect(await get(world, `/vdc/storage-pools/${poolIdOf(1)}`)).toMatchObject({
      registration_status: 'UNREGISTERED',
      free_gb: '1000.00',
    });
    const path = `/vdc/storage-systems/${systemId}/storage-pools/${poolIdOf(1)}/register`;
    expect((await post(world, path)).body.registration_status).toBe('REGISTERED');
  });
});

describe('a storage system', () => {
  it.each([
    ['supported', 'COMPATIBLE'],
    ['unsupported', 'INCOMPATIBLE'],
    ['unknown', 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
  ] as const)('whose version is %s says that it is %s', async (support, told) => {
    const world = aHttpWorld();
    world.put(aSystem(support === undefined ? {} : { support }));
    expect((await get(world, `/vdc/storage-systems/${systemId}`)).compatibility_status).toBe(told);
  });
});

describe('discovery', () => {
  it('asked for twice is one discovery with one task', async () => {
    const world = aHttpWorld();
    const first = await post(world, `/vdc/storage-systems/${systemId}/discover`);
    expect(first).toMatchObject({ status: 202, body: { state: 'pending', resource: { id: providerId } } });
    const again = await post(world, '/vdc/storage-providers/scan');
    expect(again.body.task).toMatchObject([{ id: first.body.id }]);
    expect(world.started).toHaveLength(1);
  });
});

describe('a task', () => {
  it('is read by its id, and below its resource by its id or its op_id', async () => {
    const world = aHttpWorld();
    const { body } = await post(world, `/vdc/storage-systems/${systemId}/discover`);
    for (const path of [
      `/vdc/tasks/${body.id}`,
      `/vdc/storage-providers/${providerId}/tasks/${body.id}`,
      `/vdc/storage-providers/${providerId}/tasks/${body.op_id}`,
    ])
      expect(await get(world, path)).toMatchObject({ id: body.id, op_id: body.op_id, state: 'pending' });
    expect((await get(world, `/vdc/storage-providers/${providerId}/tasks`)).task).toMatchObject([{ id: body.id }]);
    expect((await get(world, `/vdc/tasks?tenant=${tenantId}`)).task).toMatchObject([{ id: body.id }]);
    expect((await post(world, '/vdc/tasks/bulk', { id: [body.id] })).body.task).toMatchObject([{ id: body.id }]);
    expect(body.id).toBe(taskIdOf(body.op_id, providerId));
  });

  it('is held for about a second while it is unfinished, and answered as soon as it ends', async () => {
    const pauses: number[] = [];
    let end = Number.POSITIVE_INFINITY;
    const world: HttpWorld = aHttpWorld({
      sleeper: {
        async sleep(ms) {
          pauses.push(ms);
          const [task] = world.rows.all('Tasks').filter(({ sk }) => sk === 'TASK');
          if (task && pauses.length === end) world.rows.seed('Tasks', [{ ...task, state: 'ready' }]);
        },
      },
    });
    const { body } = await post(world, `/vdc/storage-systems/${systemId}/discover`);
    expect(await get(world, `/vdc/tasks/${body.id}`)).toMatchObject({ state: 'pending' });
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(1000);
    end = pauses.length + 1;
    expect(await get(world, `/vdc/tasks/${body.id}`)).toMatchObject({ state: 'ready' });
    expect(pauses).toHaveLength(end);
  });

  it('is ready to whoever asks once its operation has committed, also if nobody was left to say so', async () => {
    const world = aHttpWorld();
    const { body } = await post(world, `/vdc/storage-systems/${systemId}/discover`);
    const operation = world.rows.all('Tasks').find(({ sk }) => sk === 'OPERATION');
    if (operation) world.rows.seed('Tasks', [{ ...operation, state: 'committed' }]);
    expect(await get(world, `/vdc/tasks/${body.id}`)).toMatchObject({ state: 'ready' });
  });

  it('of another tenant does not exist', async () => {
    const world = aHttpWorld();
    const { body } = await post(world, `/vdc/storage-systems/${systemId}/discover`);
    expect((await world.send('GET', `/vdc/tasks/${body.id}`, { as: 'stranger' })).status).toBe(404);
    expect((await world.send('POST', '/vdc/tasks/bulk', { as: 'stranger', body: { id: [body.id] } })).body).toEqual({ task: [] });
  });
});

describe('every representation', () => {
  it('says whether it is inactive, and fits its schema', async () => {
    const world = aHttpWorld();
    world.put(aPool({ n: 1, managedBytes: 8 * gib, maxUtilizationPercent: 80 }));
    for (const path of [
      `/projects/${projectId}`,
      `/vdc/varrays/${varrayId}`,
      `/block/vpools/${vpoolId}`,
      `/vdc/storage-pools/${poolIdOf(1)}`,
      `/vdc/storage-systems/${systemId}`,
      `/vdc/storage-providers/${providerId}`,
    ]) {
      const body = await get(world, path);
      expect(body).toMatchObject({ inactive: false, link: { href: path } });
      const route = everyRoute.find((each) => each.method === 'GET' && each.path === path.replace(/urn:.*/, '{id}'));
      expect(route?.response.safeParse(body).error).toBeUndefined();
    }
  });
});
