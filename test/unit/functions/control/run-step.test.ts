import { describe, expect, it } from 'vitest';
import { findOperation, findTask, operationKey } from '../../../../core/operation/store.ts';
import type { DriverFailure } from '../../../../drivers/sdk/errors.ts';
import { caughtByMachine, thrownToMachine } from '../../../../functions/control/control-error.ts';
import { runStep, stepRunner } from '../../../../functions/control/run-step.ts';
import type { StepInput } from '../../../../statemachines/dsl/define.ts';
import {
  answered,
  type ControlWorld,
  controlWorld,
  failed,
  operationId,
  providerId,
  ScriptedDrivers,
  taskId,
  twoStepHandlers,
  twoSteps,
} from '../../../support/control.ts';

const runners = { 'test-workflow': stepRunner({ workflow: twoSteps, steps: twoStepHandlers }) };

const step = (world: ControlWorld, input: Partial<StepInput>) =>
  runStep(runners, world, { workflow: 'test-workflow', operationId, execution: operationId, phase: 'run', ...input });

const done = () => answered({ items: [{ ref: 'v1', status: 'done', outcome: 'made' }] });
const rejection: DriverFailure = { name: 'DriverRejected', code: 'space.exhausted', message: 'pool1 is full', nativeCode: '300' };
const rejectedItem = () => answered({ items: [{ ref: 'v1', status: 'rejected', error: rejection }] });

const stateOf = async (world: ControlWorld) => ({
  operation: await findOperation(world.rows, operationId),
  task: await findTask(world.rows, taskId),
});

describe('the way forward', () => {
  it('keeps what a step has learned, and commits operation, task and resources with the last step', async () => {
    const world = await controlWorld(new ScriptedDrivers(done));
    await step(world, { step: 'ReadExports' });
    await step(world, { step: 'EnsureVolumes' });
    const { operation, task } = await stateOf(world);
    expect(operation).toMatchObject({ state: 'committed', outcomes: { ReadExports: ['v1'] } });
    expect(operation?.openPk).toBeUndefined();
    expect(task).toMatchObject({ state: 'ready', progress: 100 });
    expect(world.drivers.verbs).toEqual(['readExports', 'ensureVolumes']);
  });

  it('does not learn anew what an earlier attempt has learned', async () => {
    const world = await controlWorld(new ScriptedDrivers(done));
    await step(world, { step: 'ReadExports' });
    await step(world, { step: 'ReadExports' });
    expect(world.drivers.verbs).toEqual(['readExports']);
  });

  it('is harmless after the commit, whose answer may have been lost', async () => {
    const world = await controlWorld(new ScriptedDrivers(done));
    await step(world, { step: 'EnsureVolumes' });
    await step(world, { step: 'EnsureVolumes' });
    expect(world.drivers.verbs).toEqual(['ensureVolumes']);
  });

  it('ends the tasks when it comes again after a commit that was cut short, by the failure lane too', async () => {
    for (const again of [{ step: 'EnsureVolumes' }, { phase: 'recordFailure', failure: { Error: 'Abandoned' } }] as const) {
      const world = await controlWorld(new ScriptedDrivers(done), { operation: { state: 'committed' } });
      await step(world, again).catch((error) => expect(error.name).toBe('AlreadyCommitted'));
      expect((await stateOf(world)).task).toMatchObject({ state: 'ready', message: 'CREATE VOLUME is done', progress: 100 });
      expect(world.drivers.verbs).toEqual([]);
    }
  });

  it('tells the driver the pinned array, where it is and which secret opens it', async () => {
    const world = await controlWorld(new ScriptedDrivers(done));
    await step(world, { step: 'EnsureVolumes' });
    expect(world.drivers.requests[0]).toMatchObject({ arrayId: 'array-1', secretId: 'patina/dev/scaleio/1', correlationId: 'correlation' });
    expect(JSON.stringify(world.drivers.requests[0])).not.toContain('password');
  });

  it.each([
    { status: 'uncertain', name: 'DriverUncertain' },
    { status: 'busy', name: 'DriverBusy' },
    { status: 'inProgress', name: 'DriverUnfinished' },
    { status: 'rejected', name: 'DriverRejected' },
  ])('ends with $name when an item is $status, so that the machine retries by name', async ({ status, name }) => {
    const world = await controlWorld(
      new ScriptedDrivers(() => answered({ items: [{ ref: 'v1', status, error: { ...rejection, name } }] })),
    );
    await expect(step(world, { step: 'EnsureVolumes' })).rejects.toMatchObject({ name });
    expect((await stateOf(world)).operation?.state).toBe('accepted');
  });
});

describe('what must not run', () => {
  it.each([
    { reason: 'another execution owns the operation', operation: { owner: `${operationId}-r1` }, name: 'FenceLost' },
    { reason: 'the operation is being taken back', operation: { state: 'undoing' as const }, name: 'FenceLost' },
    { reason: 'it was cancelled', operation: { cancelRequested: true }, name: 'Cancelled' },
  ])('refuses when $reason', async ({ operation, name }) => {
    const world = await controlWorld(new ScriptedDrivers(done), { operation });
    await expect(step(world, { step: 'EnsureVolumes' })).rejects.toMatchObject({ name });
    expect(world.drivers.verbs).toEqual([]);
  });

  it('reads a frozen provider, and changes nothing there', async () => {
    const world = await controlWorld(new ScriptedDrivers(done), {
      provider: { operations: 'frozen', brakeReason: 'another array answers' },
    });
    await step(world, { step: 'ReadExports' });
    await expect(step(world, { step: 'EnsureVolumes' })).rejects.toMatchObject({
      name: 'DriverBusy',
      message: expect.stringContaining('frozen (another array answers)'),
    });
    expect(world.drivers.verbs).toEqual(['readExports']);
  });

  it('freezes the provider behind which another array answers', async () => {
    const changedArray: DriverFailure = { name: 'DriverRejected', code: 'array.identityChanged', message: 'array-2 answers for array-1' };
    const world = await controlWorld(new ScriptedDrivers(() => failed(changedArray)));
    await expect(step(world, { step: 'EnsureVolumes' })).rejects.toMatchObject({ name: 'DriverRejected' });
    expect(await world.rows.get('Inventory', { pk: providerId, sk: 'RESOURCE' })).toMatchObject({
      operations: 'frozen',
      brakeReason: 'array-2 answers for array-1',
    });
  });

  it.each([
    { input: { workflow: 'unknown' }, name: 'Refused' },
    { input: { step: 'Unknown' }, name: 'Refused' },
    { input: { operationId: 'gone', execution: 'gone' }, name: 'FenceLost' },
  ])('refuses $input', async ({ input, name }) => {
    const world = await controlWorld(new ScriptedDrivers(done));
    await expect(async () => step(world, { step: 'EnsureVolumes', ...input })).rejects.toMatchObject({ name });
  });
});

describe('the failure lane', () => {
  const failure = (error: unknown) => {
    const { name, message } = thrownToMachine(error);
    return { Error: name, Cause: JSON.stringify({ errorType: name, errorMessage: message }) };
  };

  it('writes the reason first, fences the way forward and waits as long as the driver declares', async () => {
    const world = await controlWorld(new ScriptedDrivers(rejectedItem));
    const error = await step(world, { step: 'EnsureVolumes' }).catch((caught: unknown) => caught);
    expect(await step(world, { phase: 'recordFailure', failure: failure(error) })).toEqual({ graceSeconds: 15 });
    expect((await stateOf(world)).operation).toMatchObject({
      state: 'undoing',
      failure: { code: 'space.exhausted', message: 'pool1 is full', nativeCode: '300' },
    });
    await expect(step(world, { step: 'EnsureVolumes' })).rejects.toMatchObject({ name: 'FenceLost' });
  });

  it('keeps the first reason when it is entered again', async () => {
    const world = await controlWorld(new ScriptedDrivers(done));
    await step(world, { phase: 'recordFailure', failure: { Error: 'States.Timeout' } });
    await step(world, { phase: 'recordFailure', failure: { Error: 'Abandoned' } });
    expect((await stateOf(world)).operation?.failure).toEqual({
      code: 'States.Timeout',
      message: 'a step did not answer (States.Timeout)',
    });
  });

  it('leaves a committed operation alone', async () => {
    const world = await controlWorld(new ScriptedDrivers(done));
    await step(world, { step: 'EnsureVolumes' });
    await expect(step(world, { phase: 'recordFailure' })).rejects.toMatchObject({ name: 'AlreadyCommitted' });
  });

  it('undoes, looks, and ends in the rolled-back record with an error on the task', async () => {
    const world = await controlWorld(new ScriptedDrivers(done), {
      operation: { state: 'undoing', failure: { code: 'x', message: 'why' } },
    });
    await step(world, { phase: 'undo', step: 'EnsureVolumes', patience: 'brief' });
    await step(world, { phase: 'look', patience: 'patient' });
    await step(world, { phase: 'rollBack' });
    await step(world, { phase: 'rollBack' });
    const { operation, task } = await stateOf(world);
    expect(operation?.state).toBe('rolled-back');
    expect(task).toMatchObject({ state: 'error', serviceError: { details: 'why' } });
    expect(world.drivers.verbs).toEqual(['ensureVolumesAbsent', 'readVolumes']);
  });

  it('does not end an undo that left something', async () => {
    const world = await controlWorld(new ScriptedDrivers(rejectedItem), { operation: { state: 'undoing' } });
    await expect(step(world, { phase: 'undo', step: 'EnsureVolumes' })).rejects.toMatchObject({
      name: 'UndoIncomplete',
      message: 'pool1 is full',
    });
  });

  it('has nothing to take back where a stranger holds the planned name', async () => {
    const foreign = { ...rejection, code: 'object.foreign' };
    const world = await controlWorld(new ScriptedDrivers(() => answered({ items: [{ ref: 'v1', status: 'rejected', error: foreign }] })), {
      operation: { state: 'undoing', failure: { code: 'object.foreign', message: 'another one is there' } },
    });
    await expect(step(world, { phase: 'undo', step: 'EnsureVolumes' })).resolves.toEqual({});
  });

  it('does not take for a stranger’s what only the undo did not know', async () => {
    const foreign = { ...rejection, code: 'object.foreign' };
    const world = await controlWorld(new ScriptedDrivers(() => answered({ items: [{ ref: 'v1', status: 'rejected', error: foreign }] })), {
      operation: { state: 'undoing', failure: { code: 'space.exhausted', message: 'the pool is full' } },
    });
    await expect(step(world, { phase: 'undo', step: 'EnsureVolumes' })).rejects.toMatchObject({ name: 'UndoIncomplete' });
  });

  it.each([
    { reason: 'forward', input: { phase: 'undo', step: 'EnsureVolumes' } as const },
    { reason: 'forward', input: { phase: 'rollBack' } as const },
  ])('takes nothing back while the operation goes $reason', async ({ input }) => {
    const world = await controlWorld(new ScriptedDrivers(done));
    await expect(step(world, input)).rejects.toMatchObject({ name: 'FenceLost' });
    expect(world.drivers.verbs).toEqual([]);
  });

  it('says why and when it is tried again when nothing more can be done now, and counts it for the alarm', async () => {
    const world = await controlWorld(new ScriptedDrivers(done), {
      operation: { state: 'undoing', failure: { code: 'x', message: 'the create failed' } },
    });
    await step(world, { phase: 'markNeedsRepair', failure: failure(new Error('gone')) });
    const { operation, task } = await stateOf(world);
    expect(operation).toMatchObject({ state: 'needs-repair', openPk: 'OPEN', nextTryAt: '2026-01-01T00:02:00.000Z' });
    expect(task).toMatchObject({ state: 'error', message: 'needs repair' });
    expect(task?.serviceError?.details).toContain('the create failed');
    expect(world.counted).toEqual(['NeedsRepair']);
  });
});

describe('a failure on its way through Step Functions', () => {
  it('comes back as it was, and never as text to be searched', () => {
    const thrown = thrownToMachine(new Error('internals'));
    expect(thrown.message).not.toContain('internals');
    expect(caughtByMachine({ Error: 'Error', Cause: JSON.stringify({ errorMessage: thrown.message }) })).toMatchObject({
      code: 'internal.unexpected',
    });
  });

  it.each([
    [undefined, 'unknown'],
    [{ Error: 'States.Timeout', Cause: '' }, 'States.Timeout'],
    [{ Error: 'Sandbox.Timedout', Cause: '{"errorMessage":"Task timed out"}' }, 'Sandbox.Timedout'],
    [{ Error: 'Abandoned', Cause: '' }, 'Abandoned'],
  ])('understands %o', (caught, code) => {
    expect(caughtByMachine(caught).code).toBe(code);
  });
});

it('keys an operation by its id alone', () => {
  expect(operationKey('x')).toEqual({ pk: 'OPERATION#x', sk: 'OPERATION' });
});

describe('a plan that this release cannot read', () => {
  it('is not carried out, is not lost, and ends as needing repair', async () => {
    const world = await controlWorld(new ScriptedDrivers(done));
    world.rows.seed('Tasks', [
      { ...operationKey(operationId), ...(await world.rows.get('Tasks', operationKey(operationId))), plan: { of: 'another release' } },
    ]);
    await expect(step(world, { step: 'EnsureVolumes' })).rejects.toMatchObject({ name: 'Refused' });
    expect(await step(world, { phase: 'recordFailure' })).toEqual({ graceSeconds: 1 });
    await expect(step(world, { phase: 'undo', step: 'EnsureVolumes' })).rejects.toMatchObject({ name: 'Refused' });
    await step(world, { phase: 'markNeedsRepair' });
    const { operation, task } = await stateOf(world);
    expect(operation).toMatchObject({ state: 'needs-repair', openPk: 'OPEN' });
    expect(task?.repair?.believedLeft).toEqual([expect.stringContaining('not known')]);
    expect(world.drivers.verbs).toEqual([]);
  });
});

it('keeps what is open until it ends, however long that takes', async () => {
  const world = await controlWorld(new ScriptedDrivers(done));
  expect(await world.rows.get('Tasks', operationKey(operationId))).not.toHaveProperty('expiresAtEpochSeconds');
  await step(world, { step: 'EnsureVolumes' });
  expect(await world.rows.get('Tasks', operationKey(operationId))).toHaveProperty('expiresAtEpochSeconds');
});
