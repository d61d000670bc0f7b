import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../drivers/scaleio/simulator/start.ts';
import { createClock } from '../../local/clock/clock.ts';
import { anEstate, type Estate, volumeOrder } from '../support/estate.ts';
import { finishedSoon } from '../support/finished-soon.ts';
import { type Live, type Reply, startLive } from '../support/live.ts';
import { expectRefusal } from '../support/refusal.ts';

/** What CoprHD's clients depend on in tasks, exports and deletions, while every index that may lag is a minute late. */

interface Mapped {
  readonly volumes: readonly {
    readonly name: string | null;
    readonly id: string;
    readonly mappings: readonly { readonly sdcId: string }[];
  }[];
}

/** Real time, which may be advanced. */
const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: false });
let live: Live;
let estate: Estate;
/** Hosts by their address, as they were discovered. */
let hosts: readonly { readonly id: string; readonly name: string }[];

beforeAll(async () => {
  live = await startLive({ simulators: [{ apiVersion: '3.6' }], indexLagMs: 60_000, clock });
  estate = await anEstate(live);
  hosts = (await live.get('/compute/hosts')).body.host;
});
afterAll(() => live.close());

const simulatorOf = (): Simulator => {
  const [simulator] = live.simulators;
  if (!simulator) throw new Error('there is no simulator');
  return simulator;
};

const hostOf = (n: number): string => hosts.find(({ name }) => name === `192.0.2.${10 + n}`)?.id ?? '';

const control = async (method: string, path: string, body?: object): Promise<void> => {
  const answer = await fetch(`${simulatorOf().controlUrl}${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  expect(answer.status).toBe(200);
};

const ready = async (reply: Reply): Promise<Reply['body']> => {
  expect(reply.status).toBe(202);
  const [task] = await live.finishedAll(reply);
  expect({ state: task.state, error: task.service_error }).toEqual({ state: 'ready' });
  return task;
};

const aVolume = async (name: string): Promise<{ id: string; nativeId: string }> => {
  const { id } = (await ready(await live.post('/block/volumes', volumeOrder(estate, { name })))).resource;
  return { id, nativeId: (await live.get(`/block/volumes/${id}`)).body.native_id };
};

const anExport = async (name: string, change: object = {}): Promise<string> => {
  const order = { name, project: estate.projectId, varray: estate.varrayId, type: 'Host', ...change };
  return (await ready(await live.post('/block/exports', order))).resource.id;
};

const mappedTo = (nativeId: string): readonly (string | undefined)[] => {
  const { volumes } = simulatorOf().dump() as Mapped;
  const sdcs = simulatorOf().state.sdcs;
  return (
    volumes
      .find(({ id }) => id === nativeId)
      ?.mappings.map(({ sdcId }) => sdcs.get(sdcId)?.ips[0])
      .sort() ?? []
  );
};

const mappingCalls = (): number =>
  simulatorOf()
    ?.log.changes()
    .filter(({ verb }) => /MappedSdc/.test(verb)).length;

describe('a task', () => {
  it('is read by its URN, and below its resource by its URN or its op_id, while it runs and afterwards', async () => {
    const [task] = (await live.post('/block/volumes', volumeOrder(estate, { name: 'polled' }))).body.task;
    const { id, op_id: operation, resource } = task;
    const forms = [`/vdc/tasks/${id}`, `/block/volumes/${resource.id}/tasks/${id}`, `/block/volumes/${resource.id}/tasks/${operation}`];
    const during = await Promise.all(forms.map((path) => live.get(path)));
    for (const reply of during) expect(reply).toMatchObject({ status: 200, body: { id, op_id: operation, resource: { id: resource.id } } });
    await live.finished(task);
    const after = await Promise.all(forms.map(async (path) => (await live.get(path)).body));
    expect(after.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
    expect(after[0]).toMatchObject({ inactive: false, progress: 100, allowed_operations: 'none_specified', end_time: expect.any(Number) });
    expect(after[0]).not.toHaveProperty('service_error');
    expect((await live.get(`/block/volumes/${resource.id}/tasks`)).body.task.map((each: { id: string }) => each.id)).toEqual([id]);
  });

  it('of an export group is read in the same forms', async () => {
    const order = { name: 'polled', project: estate.projectId, varray: estate.varrayId, type: 'Host' };
    const task = (await live.post('/block/exports', order)).body;
    const path = `/block/exports/${task.resource.id}/tasks`;
    await live.finished(task);
    const states = await Promise.all([task.id, task.op_id].map(async (op) => (await live.get(`${path}/${op}`)).body.state));
    expect(states).toEqual(['ready', 'ready']);
  });

  it('of another resource is not found below this one', async () => {
    const [one, other] = [await aVolume('with-task'), await aVolume('without')];
    const [task] = (await live.get(`/block/volumes/${one.id}/tasks`)).body.task;
    for (const op of [task.id, task.op_id, 'abc'])
      expectRefusal(await live.get(`/block/volumes/${other.id}/tasks/${op}`), { status: 404, code: 2000, details: [op] });
  });

  it('is polled hundreds of times in seconds and never refused, the answer coming as soon as it has ended', async () => {
    const [task] = (await live.post('/block/volumes', volumeOrder(estate, { name: 'impatient' }))).body.task;
    const replies = await Promise.all(Array.from({ length: 200 }, () => live.get(`/vdc/tasks/${task.id}`)));
    expect([...new Set(replies.map(({ status }) => status))]).toEqual([200]);
    expect((await live.finished(task)).state).toBe('ready');
  });

  it('that failed is in the state error and says why in service_error.details, and what it began is gone', async () => {
    simulatorOf().addFault({
      match: { verb: 'create' },
      effect: 'error',
      error: { status: 500, errorCode: 314, message: 'No room left' },
    });
    const before = (simulatorOf().dump() as Mapped).volumes.length;
    const [accepted] = (await live.post('/block/volumes', volumeOrder(estate, { name: 'refused' }))).body.task;
    const task = await finishedSoon(live, clock, accepted);
    expect(task).toMatchObject({
      state: 'error',
      service_error: {
        code: expect.any(Number),
        retryable: expect.any(Boolean),
        description: expect.any(String),
        details: expect.stringMatching(/room|314/i),
      },
    });
    expect((simulatorOf().dump() as Mapped).volumes).toHaveLength(before);
    const { resource } = (await live.get(`/block/volumes/search?name=refused&project=${estate.projectId}`)).body;
    expect(resource).toEqual([]);
    expect((await live.get(`/block/volumes/${task.resource.id}`)).body.inactive).toBe(true);
  });
});

describe('a mapping', () => {
  it('is counted over all export groups: the array is asked for the first and the last reference alone', async () => {
    const { id, nativeId } = await aVolume('shared');
    const start = mappingCalls();
    const first = await anExport('first', { hosts: [hostOf(1)], volumes: [{ id }] });
    const second = await anExport('second', { hosts: [hostOf(1)], volumes: [{ id }] });
    expect([mappingCalls() - start, mappedTo(nativeId)]).toEqual([1, ['192.0.2.11']]);
    const { itl } = (await live.get(`/block/volumes/${id}/exports`)).body;
    expect(itl.map((each: { export: { id: string } }) => each.export.id).sort()).toEqual([first, second].sort());
    await ready(await live.post(`/block/exports/${first}/deactivate`));
    expect([mappingCalls() - start, mappedTo(nativeId)]).toEqual([1, ['192.0.2.11']]);
    await ready(await live.post(`/block/exports/${second}/deactivate`));
    expect([mappingCalls() - start, mappedTo(nativeId)]).toEqual([2, []]);
    expect((await live.get(`/block/volumes/${id}/exports`)).body).toEqual({ itl: [] });
    expect((await live.get(`/block/exports/${first}`)).body.inactive).toBe(true);
  });

  it('that was there before an export survives it', async () => {
    const { id, nativeId } = await aVolume('mapped-before');
    await control('POST', `/volumes/${nativeId}/mappings`, { sdc: '192.0.2.12' });
    const group = await anExport('found', { hosts: [hostOf(2)], volumes: [{ id }] });
    await ready(await live.post(`/block/exports/${group}/deactivate`));
    expect(mappedTo(nativeId)).toEqual(['192.0.2.12']);
  });

  it('to another host, made by somebody else meanwhile, survives the end of the export', async () => {
    const { id, nativeId } = await aVolume('mapped-beside');
    const group = await anExport('beside', { hosts: [hostOf(1)], volumes: [{ id }] });
    await control('POST', `/volumes/${nativeId}/mappings`, { sdc: '192.0.2.13' });
    await ready(await live.post(`/block/exports/${group}/deactivate`));
    expect(mappedTo(nativeId)).toEqual(['192.0.2.13']);
  });
});

describe('an export group', () => {
  it('may begin and end empty, and take volumes and hosts in any order', async () => {
    const { id, nativeId } = await aVolume('late');
    const group = await anExport('empty');
    expect((await live.get(`/block/exports/${group}`)).body).toMatchObject({
      inactive: false,
      name: 'empty',
      volumes: [],
      hosts: [],
      initiators: [],
    });
    const change = async (body: object) => ready(await live.put(`/block/exports/${group}`, body));
    await change({ volume_changes: { add: [{ id }] } });
    expect(mappedTo(nativeId)).toEqual([]);
    await change({ host_changes: { add: [hostOf(3)] } });
    expect(mappedTo(nativeId)).toEqual(['192.0.2.13']);
    const { body } = await live.get(`/block/exports/${group}`);
    const sdc = [...simulatorOf().state.sdcs.values()].find(({ ips }) => ips[0] === '192.0.2.13');
    expect(body.initiators.map((each: { initiator_port: string }) => each.initiator_port)).toEqual([sdc?.id]);
    await change({ volume_changes: { remove: [id], add: null } });
    expect(mappedTo(nativeId)).toEqual([]);
    await ready(await live.post(`/block/exports/${group}/deactivate`));
  });

  it('of a name that the project has is refused', async () => {
    await anExport('once');
    const order = { name: 'once', project: estate.projectId, varray: estate.varrayId, type: 'Host' };
    expectRefusal(await live.post('/block/exports', order), { status: 400, code: 1015, details: ['once'] });
  });
});

describe('a volume', () => {
  it('that is exported is refused deletion, also with force, and keeps its mapping', async () => {
    const { id, nativeId } = await aVolume('in-use');
    const group = await anExport('holder', { hosts: [hostOf(1)], volumes: [{ id }] });
    for (const query of ['', '?force=true', '?type=VIPR_ONLY', '?type=CoprHD_ONLY&force=true'])
      expectRefusal(await live.post(`/block/volumes/${id}/deactivate${query}`), {
        status: 400,
        code: 1020,
        details: ['in-use', 'holder', 'remove it'],
      });
    expect(mappedTo(nativeId)).toEqual(['192.0.2.11']);
    await ready(await live.post(`/block/exports/${group}/deactivate`));
    await ready(await live.post(`/block/volumes/${id}/deactivate`));
  });

  it('of a name that the project has is refused, and may be made in another project', async () => {
    await aVolume('one-name');
    expectRefusal(await live.post('/block/volumes', volumeOrder(estate, { name: 'one-name' })), {
      status: 400,
      code: 1015,
      details: ['one-name'],
    });
    const project = (await live.post(`/tenants/${estate.tenantId}/projects`, { name: 'second' })).body.id;
    await ready(await live.post('/block/volumes', volumeOrder(estate, { name: 'one-name', project })));
  });

  it('is deleted once: a second request is refused while the first runs and after it', async () => {
    const { id } = await aVolume('twice');
    const [first, second] = [await live.post(`/block/volumes/${id}/deactivate`), await live.post(`/block/volumes/${id}/deactivate`)];
    await ready(first);
    expect([400, 404]).toContain(second.status);
    expectRefusal(second, { status: second.status, code: second.status === 400 ? 1055 : 2001, details: ['twice'] });
    expectRefusal(await live.post(`/block/volumes/${id}/deactivate`), { status: 404, code: 2001, details: ['twice', 'removed'] });
  });

  it('that is released is forgotten here and stays on its array', async () => {
    const { id, nativeId } = await aVolume('released');
    await ready(await live.post(`/block/volumes/${id}/deactivate?type=CoprHD_ONLY`));
    expect((await live.get(`/block/volumes/${id}`)).body.inactive).toBe(true);
    expect((simulatorOf().dump() as Mapped).volumes.map((volume) => volume.id)).toContain(nativeId);
  });
});
