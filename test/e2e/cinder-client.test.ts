import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEstate, type Estate } from '../support/estate.ts';
import { type Live, type Reply, startLive } from '../support/live.ts';

/** The calls of OpenStack's CoprHD driver, in its order and with its bodies, as far as their routes exist. */

let live: Live;
let estate: Estate;
const openStackId = '5f0ee1b0-7d1c-4c62-9d2a-1f6f1c0a9a01';

beforeAll(async () => {
  live = await startLive({ simulators: [{ apiVersion: '3.6' }], indexLagMs: 60_000 });
  estate = await anEstate(live);
});
afterAll(() => live.close());

const get = async (path: string): Promise<Reply['body']> => {
  const { status, body } = await live.get(path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body;
};

const named = (stubs: readonly { readonly id: string; readonly name: string }[], name: string): string =>
  stubs.find((stub) => stub.name === name)?.id ?? '';

/** As the driver finds a tenant, and in it a project: by listing and comparing names. */
const findProject = async (name: string): Promise<{ tenant: string; project: string }> => {
  const tenant = (await get('/tenant')).id;
  const details = await get(`/tenants/${tenant}`);
  expect(details.parent_tenant === undefined || typeof details.parent_tenant.id === 'string').toBe(true);
  expect((await get(`/tenants/${tenant}/subtenants`)).subtenant).toEqual([]);
  for (const { id } of (await get(`/tenants/${tenant}/projects`)).project) {
    const project = await get(`/projects/${id}`);
    if (project.name === name && project.inactive === false) return { tenant, project: id };
  }
  throw new Error(`no project ${name}`);
};

const findVarray = async (name: string): Promise<string> => {
  const id = named((await get('/vdc/varrays')).varray, name);
  expect((await get(`/vdc/varrays/${id}`)).inactive).toBe(false);
  return id;
};

const findVpool = async (name: string): Promise<string> => {
  for (const { id } of (await get(`/block/vpools/search?name=${name}`)).resource) {
    const vpool = await get(`/block/vpools/${id}`);
    if (vpool.inactive === false && vpool.name === name) return id;
  }
  throw new Error(`no virtual pool ${name}`);
};

/** By its project, each volume read until one has the name. */
const findVolume = async (project: string, name: string): Promise<Reply['body'] | undefined> => {
  for (const { id } of (await get(`/block/volumes/search?project=${project}`)).resource) {
    const volume = await get(`/block/volumes/${id}`);
    if (volume.name === name && volume.inactive === false) return volume;
  }
  return undefined;
};

/** The driver polls the task below the volume, by the task's URN. */
const pollBelow = async (kind: 'volumes' | 'exports', task: Reply['body']): Promise<void> => {
  for (let polls = 0; polls < 300; polls += 1) {
    const { state, service_error: error } = await get(`/block/${kind}/${task.resource.id}/tasks/${task.id}`);
    expect(error).toBeUndefined();
    if (state === 'ready') return;
  }
  throw new Error('the task did not end');
};

const findHost = async (tenant: string, sdcId: string): Promise<string> => {
  for (const { id } of (await get(`/compute/hosts?tenant=${tenant}`)).host) {
    expect((await get(`/compute/hosts/${id}`)).inactive).toBe(false);
    const { initiator } = await get(`/compute/hosts/${id}/initiators`);
    if (initiator.some((each: { name: string }) => each.name === sdcId)) return id;
  }
  throw new Error(`no host has ${sdcId}`);
};

const findExport = async (where: { project: string; sdcId: string; varray: string }): Promise<string | undefined> => {
  for (const { id } of (await get(`/block/exports/search?project=${where.project}`)).resource) {
    const group = await get(`/block/exports/${id}`);
    const ports = group.initiators.map((each: { initiator_port: string }) => each.initiator_port);
    if (group.inactive === false && group.varray.id === where.varray && ports.includes(where.sdcId)) return id;
  }
  return undefined;
};

const itlsOf = async (id: string, port: string): Promise<readonly { hlu: number | null }[]> =>
  (await get(`/block/volumes/${id}/exports`)).itl.filter((each: { initiator: { port: string } }) => each.initiator.port === port);

describe('OpenStack Cinder', () => {
  it('makes, tags, exports, grows, unexports and deletes a volume with CoprHD’s calls', async () => {
    const { tenant, project } = await findProject('demo');
    const [varray, vpool] = [await findVarray('east'), await findVpool('silver')];
    const name = `volume-${openStackId}`;

    const order = { name, size: '8589934592', varray, project, vpool, count: 1 };
    const created = await live.post('/block/volumes', order);
    expect(created).toMatchObject({ status: 202, body: { task: [{ resource: { name } }] } });
    await pollBelow('volumes', created.body.task[0]);
    const volume = await findVolume(project, name);
    expect(volume).toMatchObject({ name, vpool: { id: vpool }, varray: { id: varray }, provisioned_capacity_gb: '8.00', protection: null });
    const { id } = volume;

    const tag = `OpenStack:id:${openStackId}`;
    expect((await live.put(`/block/volumes/${id}/tags`, { add: [tag, 'OpenStack:size:8'], remove: null })).status).toBe(200);
    expect((await get(`/block/volumes/search?tag=${tag}`)).resource.map((each: { id: string }) => each.id)).toEqual([id]);
    expect((await get(`/block/volumes/${id}/tags`)).tag).toContain(tag);

    const [sdc] = live.simulators[0]?.state.sdcs.values() ?? [];
    const sdcId = sdc?.id ?? '';
    expect(await findExport({ project, sdcId, varray })).toBeUndefined();
    const host = await findHost(tenant, sdcId);
    const group = await live.post('/block/exports', { name: 'cinder-host', project, varray, type: 'Host', hosts: [host] });
    expect(group.status).toBe(202);
    await pollBelow('exports', group.body);
    const groupId = await findExport({ project, sdcId, varray });
    expect(groupId).toBe(group.body.resource.id);
    const added = await live.put(`/block/exports/${groupId}`, { volume_changes: { add: [{ id }] } });
    await pollBelow('exports', added.body);
    expect(await itlsOf(id, sdcId)).toMatchObject([{ hlu: expect.any(Number) }]);

    const grown = await live.post(`/block/volumes/${id}/expand`, { new_size: 17_179_869_184 });
    expect(grown.status).toBe(202);
    await pollBelow('volumes', grown.body);
    expect((await get(`/block/volumes/${id}`)).provisioned_capacity_gb).toBe('16.00');

    const removed = await live.put(`/block/exports/${groupId}`, { volume_changes: { remove: [id] } });
    await pollBelow('exports', removed.body);
    expect(await itlsOf(id, sdcId)).toEqual([]);

    const deleted = await live.send('POST', `/block/volumes/${id}/deactivate?force=true`);
    expect(deleted.status).toBe(202);
    await pollBelow('volumes', deleted.body);
    expect(await findVolume(project, name)).toBeUndefined();
    expect((await get(`/block/volumes/search?tag=${tag}`)).resource).toEqual([]);
  });

  it('reports the capacity of a virtual pool in a virtual array', async () => {
    const capacity = await get(`/block/vpools/${estate.vpoolId}/varrays/${estate.varrayId}/capacity`);
    expect(Number.parseFloat(capacity.free_gb)).toBeGreaterThan(0);
    expect(Number.parseFloat(capacity.used_gb)).toBeGreaterThanOrEqual(0);
    const [sdc] = live.simulators[0]?.state.sdcs.values() ?? [];
    expect((await get(`/block/exports?initiators=${sdc?.id}`)).itl).toEqual([]);
  });

  it('forgets a volume with CoprHD_ONLY and leaves it on its array', async () => {
    const order = {
      name: 'kept',
      size: 8_589_934_592,
      varray: estate.varrayId,
      project: estate.projectId,
      vpool: estate.vpoolId,
      count: 1,
    };
    const [task] = await live.finishedAll(await live.post('/block/volumes', order));
    const { native_id: nativeId } = await get(`/block/volumes/${task.resource.id}`);
    const released = await live.send('POST', `/block/volumes/${task.resource.id}/deactivate?type=CoprHD_ONLY`);
    await pollBelow('volumes', released.body);
    expect(await findVolume(estate.projectId, 'kept')).toBeUndefined();
    expect(live.simulators[0]?.state.volumes.has(nativeId)).toBe(true);
  });
});
