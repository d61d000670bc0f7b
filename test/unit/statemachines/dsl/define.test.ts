import { describe, expect, it } from 'vitest';
import { defineWorkflow } from '../../../../statemachines/dsl/define.ts';

const step = { name: 'EnsureVolumes', verb: 'ensureVolumes', some: 'all-or-nothing', timeoutSeconds: 300 } as const;
const undoing = { ...step, undo: 'ensureVolumesAbsent' } as const;
const look = { verb: 'readVolumes', timeoutSeconds: 300 } as const;

describe('defineWorkflow', () => {
  it('gives back what it was given', () => {
    expect(defineWorkflow({ name: 'volume-create', recovery: 'undo', steps: [undoing] }).steps).toEqual([undoing]);
  });

  it('lets a step that only reads stand in a workflow that undoes', () => {
    const reading = { ...step, name: 'ReadVolumes', verb: 'readVolumes' } as const;
    expect(defineWorkflow({ name: 'volume-create', recovery: 'undo', steps: [reading, undoing] }).steps).toHaveLength(2);
  });

  it('does not compile with a mistake', () => {
    const mistakes = [
      // @ts-expect-error a step of a workflow that undoes names its undo
      () => defineWorkflow({ name: 'volume-create', recovery: 'undo', steps: [step] }),
      // @ts-expect-error one step of two is without undo
      () => defineWorkflow({ name: 'volume-create', recovery: 'undo', steps: [undoing, step] }),
      // @ts-expect-error there is nothing to look at after an undo
      () => defineWorkflow({ name: 'volume-create', recovery: 'undo', look, steps: [undoing] }),
      // @ts-expect-error no driver has this verb
      () => defineWorkflow({ name: 'volume-create', recovery: 'forward', look, steps: [{ ...step, verb: 'makeVolumes' }] }),
      // @ts-expect-error no driver can look with this verb
      () => defineWorkflow({ name: 'volume-create', recovery: 'forward', look: { verb: 'lookAround', timeoutSeconds: 1 }, steps: [step] }),
      // @ts-expect-error a workflow has steps
      () => defineWorkflow({ name: 'volume-create', recovery: 'forward', look, steps: [] }),
      // @ts-expect-error there are two ways to settle a batch
      () => defineWorkflow({ name: 'volume-create', recovery: 'forward', look, steps: [{ ...step, some: 'most' }] }),
      // @ts-expect-error there are two ways to recover
      () => defineWorkflow({ name: 'volume-create', recovery: 'retry', steps: [undoing] }),
    ];
    expect(mistakes).toHaveLength(8);
  });
});
