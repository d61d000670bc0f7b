import { beforeEach, describe, expect, it } from 'vitest';
import { blockRoutes } from '../../../../../../functions/http/api/block/routes.ts';
import type { Route } from '../../../../../../functions/http/route.ts';
import { exportDeleteSteps } from '../../../../../../statemachines/export-delete/steps.ts';
import { carryOut, madeExport } from '../../../../../support/block-exports.ts';
import { madeVolumes } from '../../../../../support/block-volumes.ts';
import { asked, aWorld, hostIdOf, initiatorIdOf, projectId, stranger, varrayId, type World } from '../../../../../support/block-world.ts';
import { callRoute, findRoute, type RouteCall } from '../../../../../support/call-route.ts';

let world: World;
let volume: string;
beforeEach(async () => {
  world = aWorld();
  [volume = ''] = await madeVolumes(world);
});

const call = (method: Route['method'], path: string, options: RouteCall = {}) =>
  callRoute(findRoute(blockRoutes, method, path), world.ports, options);
const order = { name: 'web', project: projectId, varray: varrayId, type: 'Host', hosts: [hostIdOf(1)] };
const search = (query: Record<string, string>, options: RouteCall = {}) => call('GET', '/block/exports/search', { ...options, query });

describe('the routes of export groups', () => {
  it('make a group, found in its project, by its host and by its initiator in the very next request', async () => {
    const { resource } = await call('POST', '/block/exports', { body: { ...order, volumes: [{ id: volume, lun: -1 }] } });
    const id = (resource as { id: string }).id;
    for (const query of [{ project: projectId }, { host: hostIdOf(1) }, { initiator: initiatorIdOf(1), self_only: 'true' }, { name: 'we' }])
      await expect(search(query)).resolves.toMatchObject({ resource: [{ id, match: 'web' }] });
    await expect(search({ host: hostIdOf(2) })).resolves.toEqual({ resource: [] });
  });

  it('search by one thing at a time', async () => {
    await expect(search({ host: hostIdOf(1), name: 'web' })).rejects.toMatchObject({ code: 'request.invalid' });
    await expect(search({ host: hostIdOf(1), initiator: initiatorIdOf(1) })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('show a group with its hosts and initiators whole', async () => {
    const id = await madeExport(world, { volumes: [{ id: volume, lun: 4 }] });
    await expect(call('GET', '/block/exports/{id}', { params: { id } })).resolves.toMatchObject({
      id,
      name: 'web',
      inactive: false,
      type: 'Host',
      varray: { id: varrayId },
      project: { id: projectId },
      volumes: [{ id: volume, lun: 4 }],
      initiators: [{ initiator_port: 'sdc-1', protocol: 'ScaleIO' }],
      hosts: [{ id: hostIdOf(1), inactive: false }],
      clusters: [],
      path_params: [],
    });
  });

  it('show no hosts in a group of initiators, and a number that the array chose as -1', async () => {
    const id = await madeExport(world, { type: 'Initiator', hosts: [], initiators: [initiatorIdOf(1)], volumes: [{ id: volume }] });
    await expect(call('GET', '/block/exports/{id}', { params: { id } })).resolves.toMatchObject({
      hosts: [],
      initiators: [{}],
      volumes: [{ lun: -1 }],
    });
  });

  it('change and delete a group', async () => {
    const id = await madeExport(world, {});
    const body = { volume_changes: { add: [{ id: volume }] } };
    await expect(call('PUT', '/block/exports/{id}', { params: { id }, body })).resolves.toMatchObject({ name: 'UPDATE EXPORT GROUP' });
    const other = await madeExport(world, { name: 'other' });
    await expect(call('POST', '/block/exports/{id}/deactivate', { params: { id: other } })).resolves.toMatchObject({
      name: 'DELETE EXPORT GROUP',
    });
    await carryOut(world, exportDeleteSteps);
    await expect(call('GET', '/block/exports/{id}', { params: { id: other } })).resolves.toMatchObject({ inactive: true });
    await expect(search({ project: projectId })).resolves.toMatchObject({ resource: [{ id }] });
  });

  it('tell what initiators have mapped, by their ports', async () => {
    await madeExport(world, { volumes: [{ id: volume }] });
    const answer = await call('GET', '/block/exports', { query: { initiators: 'sdc-1, sdc-2,,sdc-9' } });
    expect(answer).toMatchObject({ itl: [{ device: { id: volume }, initiator: { port: 'sdc-1' }, export: { name: 'web' } }] });
    await expect(call('GET', '/block/exports', { query: { initiators: 'sdc-2' } })).resolves.toEqual({ itl: [] });
    await expect(call('GET', '/block/exports')).rejects.toThrow('initiators');
  });

  it('show many at once', async () => {
    const id = await madeExport(world, {});
    await expect(call('POST', '/block/exports/bulk', { body: { id: [id] } })).resolves.toMatchObject({
      export: [{ id, initiators: [{}] }],
    });
  });

  it.each([
    ['an unknown type', { ...order, type: 'Rack' }],
    ['an unknown field', { ...order, colour: 'red' }],
    ['a logical unit that is no number', { ...order, volumes: [{ id: 'v', lun: 'x' }] }],
  ])('refuse %s', async (_, body) => {
    const before = world.rows.dump();
    await expect(call('POST', '/block/exports', { body })).rejects.toThrow();
    expect(world.rows.dump()).toBe(before);
  });

  it('hide everything from another tenant, by 404', async () => {
    const id = await madeExport(world, { volumes: [{ id: volume }] });
    const request = asked({ principal: stranger });
    await expect(call('GET', '/block/exports/{id}', { params: { id }, request })).rejects.toMatchObject({ code: 'resource.notFound' });
    await expect(call('PUT', '/block/exports/{id}', { params: { id }, request })).rejects.toMatchObject({ code: 'resource.notFound' });
    await expect(search({ host: hostIdOf(1) }, { request })).resolves.toEqual({ resource: [] });
    await expect(call('GET', '/block/exports', { query: { initiators: 'sdc-1' }, request })).resolves.toEqual({ itl: [] });
  });
});
