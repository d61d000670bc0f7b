import { describe, expect, it } from 'vitest';
import type { ArrayCall, StepAnswers } from '../../../../core/operation/steps.ts';
import { findTask } from '../../../../core/operation/store.ts';
import type { DriverFailure } from '../../../../drivers/sdk/errors.ts';
import type { VolumeItem } from '../../../../drivers/sdk/verbs.ts';
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

const planned = (name: string): VolumeItem => ({
  ref: name,
  volume: {
    kind: 'planned',
    name,
    poolNativeId: 'sp-1',
    sizeBytes: 8,
    provisioningType: 'thin',
    notBefore: '2026-01-01T00:00:00.000Z',
  },
});

const items = ['p-one', 'p-two'].map(planned);
const call = (verb: 'ensureVolumesAbsent' | 'readVolumes'): ArrayCall => ({ providerId, verb, input: { items } });
const { ReadExports, EnsureVolumes } = twoStepHandlers.steps;

const undoing = {
  ...twoStepHandlers,
  steps: {
    ...(ReadExports ? { ReadExports } : {}),
    ...(EnsureVolumes ? { EnsureVolumes: { ...EnsureVolumes, undo: () => [call('ensureVolumesAbsent')] } } : {}),
  },
  look: () => [call('readVolumes')],
};
const forward = {
  ...undoing,
  steps: {
    ...(ReadExports ? { ReadExports } : {}),
    EnsureVolumes: { run: () => [call('ensureVolumesAbsent')] },
  },
};
const runners = {
  undoing: stepRunner({ workflow: twoSteps, steps: undoing }),
  forward: stepRunner({ workflow: twoSteps, steps: forward }),
};

const inUse: DriverFailure = { name: 'DriverRejected', code: 'object.inUse', message: 'it is mapped' };
const told = (...answers: StepAnswers) => answered({ items: answers });
const gone = (ref: string) => ({ ref, status: 'done' }) as const;
const refused = (ref: string) => ({ ref, status: 'rejected', error: inUse }) as const;
const place = 'at storage provider north, pool sp-1';

const step = (world: ControlWorld, input: Partial<StepInput>, workflow: keyof typeof runners = 'undoing') =>
  runStep(runners, world, { workflow, operationId, execution: operationId, phase: 'run', ...input });

/** What the task says is left after these steps of the failure lane, of an operation whose second step failed. */
const leftAfter = async (world: ControlWorld, lane: readonly Partial<StepInput>[], workflow: keyof typeof runners = 'undoing') => {
  await step(world, { step: 'ReadExports' }, workflow);
  await step(world, { phase: 'recordFailure' }, workflow);
  for (const input of lane) await step(world, input, workflow).catch(() => undefined);
  await step(world, { phase: 'markNeedsRepair' }, workflow);
  return (await findTask(world.rows, taskId))?.repair?.believedLeft;
};

const read = () => told(gone('v1'));
const undoAgain = { phase: 'undo', step: 'EnsureVolumes', patience: 'patient' } as const;
const silent = () => {
  throw new Error('the array is away');
};

describe('what is believed left', () => {
  it('is every object of a step that may have begun, by name and place, when nothing is known of its undo', async () => {
    const world = await controlWorld(new ScriptedDrivers(read, silent));
    expect(await leftAfter(world, [undoAgain])).toEqual([`volume p-one ${place}`, `volume p-two ${place}`]);
  });

  it('is nothing of a step that did not begin', async () => {
    const world = await controlWorld(new ScriptedDrivers(read), { operation: { state: 'undoing' } });
    await step(world, { phase: 'markNeedsRepair' });
    expect((await findTask(world.rows, taskId))?.repair?.believedLeft).toEqual([]);
  });

  it('is only what the array refused to give back, also while it cannot be reached later', async () => {
    const world = await controlWorld(new ScriptedDrivers(read, () => told(gone('p-one'), refused('p-two')), silent));
    expect(await leftAfter(world, [undoAgain, undoAgain])).toEqual([`volume p-two ${place}`]);
  });

  it('is not shortened by an undo during which a late request may still land', async () => {
    const world = await controlWorld(new ScriptedDrivers(read, () => told(gone('p-one'), refused('p-two'))));
    expect(await leftAfter(world, [{ ...undoAgain, patience: 'brief' }])).toHaveLength(2);
  });

  it('is nothing of an undo that succeeded, when only the look after it failed', async () => {
    const world = await controlWorld(new ScriptedDrivers(read, () => told(gone('p-one'), gone('p-two')), silent));
    expect(await leftAfter(world, [undoAgain, { phase: 'look', patience: 'patient' }])).toEqual([]);
  });

  it('is, of a step that is not undone, what a look has found, with its native id', async () => {
    const found = () => told(gone('p-one'), { ref: 'p-two', status: 'done', nativeId: '0f3a', observed: { name: 'p-two' } });
    const world = await controlWorld(new ScriptedDrivers(read, found));
    const left = await leftAfter(world, [{ phase: 'look', patience: 'patient' }], 'forward');
    expect(left).toEqual([`volume p-two (native id 0f3a) ${place}`]);
  });
});
