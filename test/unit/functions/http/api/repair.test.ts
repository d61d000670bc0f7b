import { beforeEach, describe, expect, it } from 'vitest';
import { needsRepairWrites } from '../../../../../core/operation/progress.ts';
import { findOperation, findTask, operationKey } from '../../../../../core/operation/store.ts';
import { volumeCreateSteps } from '../../../../../statemachines/volume-create/steps.ts';
import { done } from '../../../../support/block-volumes.ts';
import { endStarted, projectId, providerId, startedAt, startedOperation, varrayId, vpoolId } from '../../../../support/block-world.ts';
import { aHttpWorld, type HttpWorld } from '../../../../support/http-world.ts';

let world: HttpWorld;
beforeEach(() => {
  world = aHttpWorld();
});

const order = { name: 'v1', project: projectId, size: '8GB', varray: varrayId, vpool: vpoolId };
const ordered = async () => (await world.send('POST', '/block/volumes', { as: 'tina', body: order })).body.task[0];
const setBrake = (properties: object, query = '') => world.send('PUT', `/config/properties${query}`, { as: 'admin', body: { properties } });
const historyOf = (id: string) => world.rows.all('History').filter(({ pk }) => pk === id);

const brokenOrder = async () => {
  const task = await ordered();
  const { operation } = startedOperation(world, volumeCreateSteps);
  const note = { at: startedAt, nextTryAt: '2026-03-01T13:00:00.000Z', believedLeft: ['a volume'], heldBy: [], details: 'it failed' };
  for (const writes of needsRepairWrites({ ...operation }, note)) await world.rows.transact(writes);
  world.started.length = 0;
  return task;
};
const repair = (id: string, how: string, body: object = {}) => world.send('POST', `/vdc/tasks/${id}/${how}`, { as: 'admin', body });

describe('a task that needs repair', () => {
  it('says what is left, when it was looked at, when it is tried again, and what may be done', async () => {
    const { id } = await brokenOrder();
    expect((await world.send('GET', `/vdc/tasks/${id}`, { as: 'tina' })).body).toMatchObject({
      state: 'error',
      allowed_operations: 'retry_rollback',
      repair: { believed_left: ['a volume'], last_look: startedAt, next_try: '2026-03-01T13:00:00.000Z' },
    });
  });

  it.each(['resume', 'rollback'])('is repaired at once by %s, by an execution of its own', async (how) => {
    const task = await brokenOrder();
    const answer = await repair(task.id, how);
    expect(answer).toMatchObject({ status: 202, body: { state: 'pending', allowed_operations: 'none_specified' } });
    expect(answer.body).not.toHaveProperty('service_error');
    expect(world.started).toEqual([
      { workflow: 'volume-create', execution: `${task.op_id}-r1`, input: { operationId: task.op_id, repair: true } },
    ]);
    expect(await findOperation(world.rows, task.op_id)).toMatchObject({ state: 'undoing', owner: `${task.op_id}-r1`, repairs: 1 });
    expect(await findTask(world.rows, task.id)).toMatchObject({ state: 'pending' });
    expect(historyOf(task.resource.id).at(-1)).toMatchObject({ actor: 'admin', operationId: task.op_id, after: { ordered: how } });
  });

  it.each(['accept', 'release', 'discard'])('is resolved: %s is kept for the workflow to carry out', async (how) => {
    const task = await brokenOrder();
    expect((await repair(task.id, 'resolve', { how })).status).toBe(202);
    expect(await findOperation(world.rows, task.op_id)).toMatchObject({ state: 'undoing', resolution: how });
    expect(world.started).toHaveLength(1);
  });

  it('shows what a resolution would do, and does nothing, in a dry run', async () => {
    const task = await brokenOrder();
    const before = world.rows.dump();
    const answer = await world.send('POST', `/vdc/tasks/${task.id}/resolve?dry_run=true`, { as: 'admin', body: { how: 'release' } });
    expect(answer.body).toMatchObject({ plan: { how: 'release', workflow: 'volume-create', believed_left: ['a volume'] } });
    expect(world.rows.dump()).toBe(before);
    expect(world.started).toEqual([]);
  });

  it('is not resolved in a way that does not exist or makes no sense', async () => {
    const task = await brokenOrder();
    expect((await repair(task.id, 'resolve', { how: 'forget' })).body.details).toContain('accept');
    const row = await world.rows.get('Tasks', operationKey(task.op_id));
    world.rows.seed('Tasks', [{ ...operationKey(task.op_id), ...row, workflow: 'volume-expand' }]);
    expect(await repair(task.id, 'resolve', { how: 'discard' })).toMatchObject({
      status: 400,
      body: { code: 1012, details: expect.stringContaining('never made smaller') },
    });
    world.rows.seed('Tasks', [{ ...operationKey(task.op_id), ...row, workflow: 'discover-provider' }]);
    expect((await repair(task.id, 'resolve', { how: 'accept' })).status).toBe(400);
  });

  it('is not taken back while the installation is frozen, but may be accepted', async () => {
    const task = await brokenOrder();
    await setBrake({ operations: 'frozen' });
    expect(await repair(task.id, 'resume')).toMatchObject({ status: 400, body: { details: expect.stringContaining('frozen') } });
    expect((await repair(task.id, 'resolve', { how: 'discard' })).status).toBe(400);
    expect((await repair(task.id, 'resolve', { how: 'accept' })).status).toBe(202);
  });

  it('is not taken back while the provider it waits for is frozen', async () => {
    const task = await brokenOrder();
    const row = await world.rows.get('Tasks', operationKey(task.op_id));
    world.rows.seed('Tasks', [{ ...operationKey(task.op_id), ...row, heldBy: [providerId] }]);
    await world.send('PUT', `/vdc/storage-providers/${providerId}`, { as: 'admin', body: { operations: 'frozen' } });
    expect((await repair(task.id, 'resume')).body.details).toContain(providerId);
  });

  it('is repaired later when its execution cannot be started now', async () => {
    const task = await brokenOrder();
    const { start } = world.ports.workflows;
    Object.assign(world.ports.workflows, { start: async () => Promise.reject(new Error('throttled')) });
    expect((await repair(task.id, 'resume')).status).toBe(202);
    Object.assign(world.ports.workflows, { start });
    expect(await findOperation(world.rows, task.op_id)).toMatchObject({ state: 'undoing', openPk: 'OPEN' });
  });

  it('exists before it is repaired, and needs it', async () => {
    const task = await ordered();
    expect(await repair(task.id, 'resume')).toMatchObject({ status: 400, body: { details: expect.stringContaining('is accepted') } });
    expect((await repair('urn:storageos:Task:00000000-0000-4000-8000-00000000dead:vdc1', 'resume')).status).toBe(404);
  });
});

describe('a task whose operation has failed', () => {
  const told = async (change: object) => {
    const { id, op_id } = await ordered();
    const row = await world.rows.get('Tasks', operationKey(op_id));
    world.rows.seed('Tasks', [{ ...operationKey(op_id), ...row, ...change }]);
    return (await world.send('GET', `/vdc/tasks/${id}`, { as: 'tina' })).body;
  };
  const failure = { code: 'array.unreachable', message: 'the gateway does not answer' };

  it('says why while it is being settled, which may take long', async () => {
    expect(await told({ state: 'undoing', failure })).toMatchObject({
      state: 'pending',
      message: 'has failed and is being settled: the gateway does not answer',
    });
  });

  it('says that it is cancelled before its next step', async () => {
    expect(await told({ cancelRequested: true })).toMatchObject({ state: 'pending', message: 'is cancelled before its next step' });
  });
});

describe('cancelling', () => {
  const cancel = (id: string, as: 'tina' | 'admin' | 'stranger' = 'tina') =>
    world.send('POST', `/vdc/tasks/${id}/cancel`, { as, body: {} });

  it.each(['tina', 'admin'] as const)('is asked for by %s and kept for the next step to see', async (as) => {
    const task = await ordered();
    expect(await cancel(task.id, as)).toMatchObject({ status: 202, body: { id: task.id, message: 'is being cancelled' } });
    expect((await cancel(task.id, as)).status).toBe(202);
    expect(await findOperation(world.rows, task.op_id)).toMatchObject({ state: 'accepted', cancelRequested: true });
    expect(historyOf(task.resource.id).at(-1)).toMatchObject({ actor: as, after: { ordered: 'cancel' } });
  });

  it('is refused when it is too late', async () => {
    const task = await ordered();
    await endStarted(world, volumeCreateSteps, { how: 'commit', answers: [done(task.resource.id, 'n1')] });
    expect(await cancel(task.id)).toMatchObject({ status: 400, body: { details: expect.stringContaining('too late') } });
  });

  it('does not know tasks of other tenants', async () => {
    const task = await ordered();
    expect((await cancel(task.id, 'stranger')).status).toBe(404);
  });
});

describe('a new epoch', () => {
  const begin = (body: object = { operations: 'frozen' }) => world.send('POST', '/config/epoch', { as: 'admin', body });
  const show = async () => (await world.send('GET', '/config/epoch', { as: 'admin' })).body;

  it('begins frozen, and lists what was open before', async () => {
    const task = await ordered();
    expect(await show()).toEqual({ epoch: 1, stale_operations: [] });
    expect(await begin()).toMatchObject({ status: 200, body: { epoch: 2, operations: 'frozen' } });
    expect(await show()).toMatchObject({
      epoch: 2,
      stale_operations: [{ op_id: task.op_id, epoch: 1, workflow: 'volume-create', task: [task.id] }],
    });
    expect((await world.send('GET', '/config/properties', { as: 'admin' })).body.properties).toMatchObject({
      operations: 'frozen',
      epoch: '2',
    });
    expect(historyOf('INSTALLATION')).toMatchObject([{ before: { epoch: 1 }, after: { epoch: 2 } }]);
  });

  it('begins in no other way', async () => {
    expect((await begin({ operations: 'normal' })).status).toBe(400);
    expect((await begin({})).status).toBe(400);
  });

  it('is that of what is accepted in it', async () => {
    await begin();
    await setBrake({ operations: 'normal' });
    const task = await ordered();
    expect(await findOperation(world.rows, task.op_id)).toMatchObject({ epoch: 2 });
  });

  it('is joined by an older operation only when an operator has it repaired', async () => {
    const task = await ordered();
    await begin();
    expect((await repair(task.id, 'resolve', { how: 'accept' })).status).toBe(202);
    expect(await findOperation(world.rows, task.op_id)).toMatchObject({ epoch: 2, resolution: 'accept' });
    expect((await show()).stale_operations).toEqual([]);
  });
});
