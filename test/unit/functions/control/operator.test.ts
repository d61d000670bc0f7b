import { describe, expect, it } from 'vitest';
import { findOperation, findTask } from '../../../../core/operation/store.ts';
import { thrownToMachine } from '../../../../functions/control/control-error.ts';
import { runStep, stepRunner } from '../../../../functions/control/run-step.ts';
import type { StepInput } from '../../../../statemachines/dsl/define.ts';
import {
  answered,
  type ControlWorld,
  controlWorld,
  operationId,
  providerId,
  ScriptedDrivers,
  taskId,
  twoStepHandlers,
  twoSteps,
} from '../../../support/control.ts';

const resolve = {
  look: () => [{ providerId, verb: 'readVolumes' as const, input: { items: [] } }],
  discard: () => [{ providerId, verb: 'ensureVolumesAbsent' as const, input: { items: [] } }],
  settle: (_: unknown, how: string) => (how === 'accept' ? twoStepHandlers.commit(_ as never) : { refusal: 'it cannot be released' }),
};
const runners = { 'test-workflow': stepRunner({ workflow: twoSteps, steps: { ...twoStepHandlers, resolve } }) };

const step = (world: ControlWorld, input: Partial<StepInput>) =>
  runStep(runners, world, { workflow: 'test-workflow', operationId, execution: operationId, phase: 'run', ...input });

const done = () => answered({ items: [{ ref: 'v1', status: 'done', outcome: 'made' }] });
const rejected = () =>
  answered({
    items: [{ ref: 'v1', status: 'rejected', error: { name: 'DriverRejected', code: 'object.inUse', message: 'it is mapped' } }],
  });

const installation = (world: ControlWorld, change: Record<string, string | number>) =>
  world.rows.seed('Inventory', [
    {
      pk: 'INSTALLATION',
      sk: 'INSTALLATION',
      mark: 'abc123',
      rootTenantId: 'root',
      epoch: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
      ...change,
    },
  ]);

const undoing = (resolution?: 'accept' | 'release' | 'discard') => ({
  operation: { state: 'undoing' as const, failure: { code: 'x', message: 'why' }, ...(resolution ? { resolution } : {}) },
});

describe('the brake of the installation', () => {
  it('lets what reads go on, makes what changes wait as for a busy array, and what is taken back need repair at once', async () => {
    const world = await controlWorld(new ScriptedDrivers(done));
    installation(world, { operations: 'frozen', brakeReason: 'power' });
    await step(world, { step: 'ReadExports' });
    const message = expect.stringContaining('the installation is set to frozen (power)');
    await expect(step(world, { step: 'EnsureVolumes' })).rejects.toMatchObject({ name: 'DriverBusy', message });
    await step(world, { phase: 'recordFailure' });
    await expect(step(world, { phase: 'undo', step: 'EnsureVolumes' })).rejects.toMatchObject({ name: 'UndoIncomplete', message });
    expect(world.drivers.verbs).toEqual(['readExports']);
  });

  it('is on by itself in a restored or copied store, before anybody has noticed', async () => {
    const world = await controlWorld(new ScriptedDrivers(done));
    installation(world, { storeName: 'other tables' });
    const message = 'the store was restored or copied';
    await expect(step(world, { step: 'EnsureVolumes' })).rejects.toMatchObject({ name: 'DriverBusy', message });
    expect(world.drivers.verbs).toEqual([]);
    installation(world, { storeName: 'tables' });
    await step(world, { step: 'EnsureVolumes' });
    expect((await findOperation(world.rows, operationId))?.state).toBe('committed');
  });

  it('lets go on what was accepted before it was set to drain', async () => {
    const world = await controlWorld(new ScriptedDrivers(done), { provider: { operations: 'drain' } });
    installation(world, { operations: 'drain' });
    await step(world, { step: 'EnsureVolumes' });
    expect((await findOperation(world.rows, operationId))?.state).toBe('committed');
  });

  it('holds a slot of the array for no longer than it looks', async () => {
    const world = await controlWorld(new ScriptedDrivers(done), { provider: { operations: 'frozen' } });
    await expect(step(world, { step: 'EnsureVolumes' })).rejects.toThrow('north is set to frozen');
    expect((await world.rows.query({ table: 'Coordination', pk: 'SLOTS#array-1' })).rows).toEqual([]);
  });

  it('is the reason that the task gets, with its own code, when patience ends', async () => {
    const world = await controlWorld(new ScriptedDrivers(done), { provider: { operations: 'frozen' } });
    const error = await step(world, { step: 'EnsureVolumes' }).catch((caught: unknown) => caught);
    const { name, message } = thrownToMachine(error);
    expect(name).toBe('DriverBusy');
    expect(JSON.parse(message)).toMatchObject({ code: 'operations.frozen' });
  });

  it.each([
    { what: 'the provider', provider: { operations: 'frozen' as const }, own: {}, heldBy: [providerId] },
    { what: 'the installation', provider: {}, own: { operations: 'frozen' }, heldBy: ['INSTALLATION'] },
    { what: 'nothing', provider: {}, own: {}, heldBy: undefined },
  ])('is kept with an operation that needs repair while $what is frozen', async ({ provider, own, heldBy }) => {
    const world = await controlWorld(new ScriptedDrivers(done), { ...undoing(), provider });
    installation(world, own);
    await step(world, { phase: 'markNeedsRepair' });
    expect((await findOperation(world.rows, operationId))?.heldBy).toEqual(heldBy);
  });
});

describe('an operation of another epoch', () => {
  it.each<Partial<StepInput>>([{ step: 'EnsureVolumes' }, { phase: 'recordFailure' }, { phase: 'undo', step: 'EnsureVolumes' }])(
    'is fenced: %o',
    async (input) => {
      const world = await controlWorld(new ScriptedDrivers(done));
      installation(world, { epoch: 2 });
      await expect(step(world, input)).rejects.toMatchObject({ name: 'FenceLost', message: expect.stringContaining('epoch 1') });
      expect(world.drivers.verbs).toEqual([]);
    },
  );

  it('goes on when it belongs to this one', async () => {
    const world = await controlWorld(new ScriptedDrivers(done), { operation: { epoch: 2 } });
    installation(world, { epoch: 2 });
    await step(world, { step: 'EnsureVolumes' });
    expect(world.drivers.verbs).toEqual(['ensureVolumes']);
  });
});

describe('an operation that an operator resolves', () => {
  const lane = async (world: ControlWorld) => {
    await step(world, { phase: 'undo', step: 'EnsureVolumes', patience: 'brief' });
    await step(world, { phase: 'undo', step: 'EnsureVolumes', patience: 'patient' });
    await step(world, { phase: 'rollBack' });
  };

  it('is accepted after a look that comes after the grace, and takes nothing back', async () => {
    const world = await controlWorld(new ScriptedDrivers(done), undoing('accept'));
    await step(world, { phase: 'undo', step: 'EnsureVolumes', patience: 'brief' });
    expect(world.drivers.verbs).toEqual([]);
    await lane(world);
    expect(world.drivers.verbs).toEqual(['readVolumes']);
    expect(await findTask(world.rows, taskId)).toMatchObject({ state: 'ready' });
    expect((await findOperation(world.rows, operationId))?.openPk).toBeUndefined();
  });

  it('is accepted while the array is frozen: it is only read', async () => {
    const world = await controlWorld(new ScriptedDrivers(done), { ...undoing('accept'), provider: { operations: 'frozen' } });
    await lane(world);
    expect(await findTask(world.rows, taskId)).toMatchObject({ state: 'ready' });
  });

  it('needs repair again, undecided and with the reason, when the decision cannot be carried out', async () => {
    const world = await controlWorld(new ScriptedDrivers(done), undoing('release'));
    const error = await lane(world).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'UndoIncomplete', message: 'it cannot be released' });
    const { name, message } = thrownToMachine(error);
    await step(world, { phase: 'markNeedsRepair', failure: { Error: name, Cause: JSON.stringify({ errorMessage: message }) } });
    const operation = await findOperation(world.rows, operationId);
    expect(operation).toMatchObject({ state: 'needs-repair' });
    expect(operation).not.toHaveProperty('resolution');
    expect((await findTask(world.rows, taskId))?.serviceError?.details).toContain('it cannot be released');
  });

  it('is discarded by its undo, and of what goes forward by removing again before the look', async () => {
    const world = await controlWorld(new ScriptedDrivers(done), undoing('discard'));
    await step(world, { phase: 'undo', step: 'EnsureVolumes', patience: 'patient' });
    await step(world, { phase: 'look', patience: 'patient' });
    expect(world.drivers.verbs).toEqual(['ensureVolumesAbsent', 'ensureVolumesAbsent', 'readVolumes']);
  });

  it('is not ended when the array refuses to discard', async () => {
    const world = await controlWorld(new ScriptedDrivers(rejected), undoing('discard'));
    await expect(step(world, { phase: 'look' })).rejects.toMatchObject({ name: 'UndoIncomplete', message: 'it is mapped' });
  });

  it('of a workflow without resolutions is refused', async () => {
    const plain = { 'test-workflow': stepRunner({ workflow: twoSteps, steps: twoStepHandlers }) };
    const world = await controlWorld(new ScriptedDrivers(done), undoing('accept'));
    const input = { workflow: 'test-workflow', operationId, execution: operationId, phase: 'look' } as const;
    await expect(runStep(plain, world, input)).rejects.toMatchObject({ name: 'Refused' });
  });
});
