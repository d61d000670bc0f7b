import { describe, expect, it } from 'vitest';
import type { Step, Workflow } from '../../../../statemachines/dsl/define.ts';
import { lintWorkflow } from '../../../../statemachines/dsl/lint-workflow.ts';
import { workflows } from '../../../../statemachines/registry.ts';

const step = (changes: Partial<Step> = {}): Step => ({
  name: 'EnsureVolumes',
  verb: 'ensureVolumes',
  undo: 'ensureVolumesAbsent',
  some: 'all-or-nothing',
  timeoutSeconds: 300,
  ...changes,
});
const forwardStep = (name: string): Step => ({ name, verb: 'expandVolumes', some: 'report', timeoutSeconds: 300 });
const workflow = (changes: Partial<Workflow> = {}): Workflow => ({ name: 'volume-create', recovery: 'undo', steps: [step()], ...changes });
const look = { verb: 'readVolumes', timeoutSeconds: 300 } as const;

describe('lintWorkflow', () => {
  it.each(workflows.map((each) => [each.name, each] as const))('finds nothing in %s', (_, each) => {
    expect(lintWorkflow(each)).toEqual([]);
  });

  it.each<[string, Workflow, string]>([
    ['a name of one word', workflow({ name: 'create' }), 'workflow name create is not noun-verb in kebab-case'],
    ['a name of the frame', workflow({ steps: [step({ name: 'Grace' })] }), 'step name Grace is reserved'],
    ['a name that an undo would have', workflow({ steps: [step({ name: 'UndoIt' })] }), 'step name UndoIt is reserved'],
    ['a name in lower case', workflow({ steps: [step({ name: 'ensure' })] }), 'step name ensure is not PascalCase'],
    [
      'a name too long for its undo',
      workflow({ steps: [step({ name: `A${'a'.repeat(72)}` })] }),
      `step name A${'a'.repeat(72)} is longer than 71`,
    ],
    ['a name used twice', workflow({ steps: [step(), step()] }), 'step name EnsureVolumes is used twice'],
    ['a short step', workflow({ steps: [step({ timeoutSeconds: 270 })] }), 'EnsureVolumes: timeoutSeconds is 270, it must exceed 270'],
    [
      'a short look',
      workflow({ recovery: 'forward', look: { ...look, timeoutSeconds: 10 }, steps: [forwardStep('ExpandVolumes')] }),
      'Look: timeoutSeconds is 10, it must exceed 270',
    ],
    [
      'an undo behind what has none',
      workflow({ recovery: 'forward', look, steps: [forwardStep('ExpandVolumes'), step()] }),
      'step EnsureVolumes has an undo, so it comes before the steps that have none',
    ],
    ['no look', workflow({ recovery: 'forward', steps: [forwardStep('ExpandVolumes')] }), 'a verb without undo needs a look'],
  ])('refuses %s', (_, bad, sentence) => {
    expect(lintWorkflow(bad)).toEqual([sentence]);
  });
});
