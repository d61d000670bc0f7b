import type { ReadVerb, StepVerb, Workflow } from './define.ts';
import { timeouts } from './timeouts.ts';

/** Names of the generated frame; a step may not take them, nor begin with `Undo`. */
export const reservedNames: readonly string[] = [
  'Start',
  'Abandoned',
  'RecordFailure',
  'Grace',
  'Look',
  'RollBack',
  'Failed',
  'Committed',
  'Fenced',
  'MarkNeedsRepair',
  'NeedsRepair',
];

const longestStepName = 80 - 'UndoAgain'.length;

const nameFindings = (workflow: Workflow): string[] => {
  const names = workflow.steps.map((step) => step.name);
  return [
    ...names.filter((name) => reservedNames.includes(name) || name.startsWith('Undo')).map((name) => `step name ${name} is reserved`),
    ...names.filter((name) => !/^[A-Z][A-Za-z]*$/.test(name)).map((name) => `step name ${name} is not PascalCase`),
    ...names.filter((name) => name.length > longestStepName).map((name) => `step name ${name} is longer than ${longestStepName}`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `step name ${name} is used twice`),
  ];
};

const timeoutFindings = (workflow: Workflow): string[] =>
  [...workflow.steps, ...(workflow.look === undefined ? [] : [{ name: 'Look', ...workflow.look }])]
    .filter((step) => step.timeoutSeconds <= timeouts.controlFunctionSeconds)
    .map((step) => `${step.name}: timeoutSeconds is ${step.timeoutSeconds}, it must exceed ${timeouts.controlFunctionSeconds}`);

const readVerbs: readonly StepVerb[] = ['readVolumes', 'readExports'] satisfies ReadVerb[];

const orderFindings = (workflow: Workflow): string[] => {
  const changing = workflow.steps.filter((step) => step.verb !== undefined && !readVerbs.includes(step.verb));
  const firstWithout = changing.findIndex((step) => step.undo === undefined);
  if (firstWithout === -1) return [];
  return [
    ...changing
      .slice(firstWithout)
      .filter((step) => step.undo !== undefined)
      .map((step) => `step ${step.name} has an undo, so it comes before the steps that have none`),
    ...(workflow.look === undefined ? ['a verb without undo needs a look'] : []),
  ];
};

/** What is wrong with a workflow that compiles as TypeScript; empty when nothing is. */
export const lintWorkflow = (workflow: Workflow): readonly string[] => [
  ...(/^[a-z]+(-[a-z]+)+$/.test(workflow.name) ? [] : [`workflow name ${workflow.name} is not noun-verb in kebab-case`]),
  ...nameFindings(workflow),
  ...timeoutFindings(workflow),
  ...orderFindings(workflow),
];
