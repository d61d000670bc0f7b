import { beforeEach, describe, expect, it } from 'vitest';
import { blockRoutes } from '../../../../../../functions/http/api/block/routes.ts';
import type { Route } from '../../../../../../functions/http/route.ts';
import { volumeCreateSteps } from '../../../../../../statemachines/volume-create/steps.ts';
import { madeExport } from '../../../../../support/block-exports.ts';
import { madeVolumes } from '../../../../../support/block-volumes.ts';
import {
  asked,
  aWorld,
  endStarted,
  monitor,
  poolIdOf,
  projectId,
  stranger,
  varrayId,
  vpoolId,
  type World,
} from '../../../../../support/block-world.ts';
import { callRoute, findRoute, type RouteCall } from '../../../../../support/call-route.ts';

let world: World;
beforeEach(() => {
  world = aWorld();
});

const call = (method: Route['method'], path: string, options: RouteCall = {}) =>
  callRoute(findRoute(blockRoutes, method, path), world.ports, options);
const order = { name: 'data', size: '8GB', project: projectId, varray: varrayId, vpool: vpoolId };

describe('the routes of volumes', () => {
  it('are declared once each', () => {
    const all = blockRoutes.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(all).size).toBe(all.length);
  });

  it('order a volume with a size as text or as a number, and a count as either', async () => {
    await expect(call('POST', '/block/volumes', { body: { ...order, count: '2' } })).resolves.toMatchObject({ task: [{}, {}] });
    await expect(call('POST', '/block/volumes', { body: { ...order, name: 'other', size: 8589934592 } })).resolves.toMatchObject({
      task: [{}],
    });
  });

  it.each([
    ['an unknown field', { ...order, colour: 'red' }],
    ['a name of one character', { ...order, name: 'x' }],
    ['a name of 129 characters', { ...order, name: 'x'.repeat(129) }],
    ['no size', { ...order, size: undefined }],
    ['a size of the wrong type', { ...order, size: true }],
    ['a count of nothing', { ...order, count: 0 }],
  ])('refuse %s', async (_, body) => {
    await expect(call('POST', '/block/volumes', { body })).rejects.toThrow();
    expect(world.rows.transactions).toEqual([]);
  });

  it('show a volume with every key that old clients read', async () => {
    const [id = ''] = await madeVolumes(world);
    await expect(call('GET', '/block/volumes/{id}', { params: { id } })).resolves.toMatchObject({
      id,
      name: 'data',
      inactive: false,
      protection: null,
      requested_capacity_gb: '8.00',
      provisioned_capacity_gb: '8.00',
      allocated_capacity_gb: '0.00',
      vpool: { id: vpoolId },
      varray: { id: varrayId },
      project: { id: projectId },
      storage_pool: { id: poolIdOf(1) },
      protocols: ['ScaleIO'],
      system_type: 'scaleio',
      thinly_provisioned: true,
      access_state: 'READWRITE',
    });
    await expect(call('GET', '/block/volumes/{id}/storage-pool', { params: { id } })).resolves.toMatchObject({ id: poolIdOf(1) });
  });

  it('show a volume whose creation failed as inactive, also when its pool is gone', async () => {
    await call('POST', '/block/volumes', { body: order });
    const id = world.rows.all('Tasks').find((row) => row.sk === 'TASK')?.['resourceId'];
    await expect(call('GET', '/block/volumes/{id}', { params: { id: String(id) } })).resolves.toMatchObject({
      access_state: 'NOT_READY',
      native_id: null,
      wwn: null,
    });
    await endStarted(world, volumeCreateSteps, { how: 'rollBack' });
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: { pk: poolIdOf(1), sk: 'RESOURCE' } }]);
    await expect(call('GET', '/block/volumes/{id}', { params: { id: String(id) } })).resolves.toMatchObject({
      inactive: true,
      protocols: [],
      system_type: null,
    });
  });

  it('show many at once, reading each pool once', async () => {
    const ids = await madeVolumes(world, { count: 3 });
    const before = world.rows.reads;
    const answer = await call('POST', '/block/volumes/bulk', { body: { id: [...ids, ...ids, projectId] } });
    expect(answer['volume']).toHaveLength(3);
    expect(world.rows.reads - before).toBe(2);
    await expect(call('POST', '/block/volumes/bulk', { body: { id: ['nonsense'] } })).rejects.toMatchObject({
      code: 'request.parameterInvalid',
    });
  });

  it('list the ids of all tenants to those who monitor the system, and to nobody else', async () => {
    const ids = await madeVolumes(world, { count: 2 });
    await expect(call('GET', '/block/volumes/bulk', { request: { principal: monitor } })).resolves.toEqual({ id: ids });
    await expect(call('GET', '/block/volumes/bulk')).rejects.toThrow('access.denied');
  });

  it('find a volume in its project at once', async () => {
    const [id = ''] = await madeVolumes(world);
    await expect(call('GET', '/block/volumes/search', { query: { project: projectId } })).resolves.toMatchObject({
      resource: [{ id, match: 'data' }],
    });
    await expect(call('GET', '/block/volumes/search', { query: { name: 'DA', project: projectId } })).resolves.toMatchObject({
      resource: [{ id }],
    });
  });

  it('show the task of a volume by its id and by the plain id of the operation', async () => {
    const { task } = (await call('POST', '/block/volumes', { body: order })) as {
      task: { id: string; op_id: string; resource: { id: string } }[];
    };
    const [one] = task;
    for (const op of [one?.id ?? '', one?.op_id ?? '']) {
      const answer = await call('GET', '/block/volumes/{id}/tasks/{op}', { params: { id: one?.resource.id ?? '', op } });
      expect(answer).toMatchObject({ id: one?.id, state: 'pending' });
    }
  });

  it('expand, delete and release', async () => {
    const [id = '', other = '', third = ''] = await madeVolumes(world, { count: 3 });
    await expect(call('POST', '/block/volumes/{id}/expand', { params: { id }, body: { new_size: 17179869184 } })).resolves.toMatchObject({
      name: 'EXPAND VOLUME',
    });
    await expect(
      call('POST', '/block/volumes/{id}/deactivate', { params: { id: other }, query: { force: 'true' } }),
    ).resolves.toMatchObject({ state: 'pending' });
    await expect(
      call('POST', '/block/volumes/deactivate', { body: { id: [third] }, query: { type: 'CoprHD_ONLY' } }),
    ).resolves.toMatchObject({ task: [{ state: 'ready' }] });
  });

  it.each(['VIPR_ONLY', 'CoprHD_ONLY'])('release with type %s', async (type) => {
    const [id = ''] = await madeVolumes(world);
    await expect(call('POST', '/block/volumes/{id}/deactivate', { params: { id }, query: { type } })).resolves.toMatchObject({
      state: 'ready',
    });
  });

  it('refuse any other type of deletion', async () => {
    const [id = ''] = await madeVolumes(world);
    await expect(call('POST', '/block/volumes/{id}/deactivate', { params: { id }, query: { type: 'SOME' } })).rejects.toThrow('type');
    expect(world.row(id)).toMatchObject({ state: 'ready' });
  });

  it('show how a volume is mapped, once for each group that wants it', async () => {
    const [id = '', other = ''] = await madeVolumes(world, { count: 2 });
    await expect(call('GET', '/block/volumes/{id}/exports', { params: { id } })).resolves.toEqual({ itl: [] });
    await madeExport(world, { volumes: [{ id }] });
    await madeExport(world, { name: 'second', volumes: [{ id }] });
    const itl = (name: string) => ({ hlu: 1, device: { id }, initiator: { port: 'sdc-1' }, export: { name }, device_path: '/dev/disk/0' });
    await expect(call('GET', '/block/volumes/{id}/exports', { params: { id } })).resolves.toMatchObject({
      itl: [itl('web'), itl('second')],
    });
    await expect(call('POST', '/block/volumes/exports/bulk', { body: { id: [id, other] } })).resolves.toMatchObject({
      itl: [itl('web'), itl('second')],
    });
  });

  it('hide everything from another tenant, by 404', async () => {
    const [id = ''] = await madeVolumes(world);
    const request = asked({ principal: stranger });
    for (const path of ['/block/volumes/{id}', '/block/volumes/{id}/exports', '/block/volumes/{id}/storage-pool'])
      await expect(call('GET', path, { params: { id }, request })).rejects.toMatchObject({ code: 'resource.notFound' });
    await expect(call('POST', '/block/volumes/{id}/expand', { params: { id }, body: { new_size: '9GB' }, request })).rejects.toMatchObject({
      code: 'resource.notFound',
    });
    await expect(call('POST', '/block/volumes/bulk', { body: { id: [id] }, request })).resolves.toEqual({ volume: [] });
  });
});
