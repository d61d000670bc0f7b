import { rememberWrite } from '../../core/operation/progress.ts';
import type { WorkflowSteps } from '../../core/operation/steps.ts';
import type { Step, StepInput, Workflow } from '../../statemachines/dsl/define.ts';
import { callArrays } from './call-arrays.ts';
import { ControlError } from './control-error.ts';
import { type Loaded, planOf } from './load.ts';
import type { ControlPorts } from './ports.ts';
import { endOperation, settlingOf } from './settle-operation.ts';

export interface Defined<Plan> {
  readonly workflow: Workflow;
  readonly steps: WorkflowSteps<Plan>;
}

/** Whether this run has anything left to do; throws when it must not go on. */
const mayRun = ({ operation }: Loaded): boolean => {
  if (operation.state === 'committed') return false;
  if (operation.state !== 'accepted') throw new ControlError('FenceLost', `the operation is ${operation.state}`);
  if (operation.cancelRequested) throw new ControlError('Cancelled', 'the operation was cancelled');
  return true;
};

const stepOf = (workflow: Workflow, name: string | undefined): Step => {
  const step = workflow.steps.find((candidate) => candidate.name === name);
  if (!step) throw new ControlError('Refused', `the workflow ${workflow.name} has no step ${name}`);
  return step;
};

/** A step on the way forward. What was learned by an earlier attempt is not learned anew; the last step commits. */
export const runForward = async <Plan>(
  ports: ControlPorts,
  defined: Defined<Plan>,
  context: { loaded: Loaded; input: StepInput },
): Promise<void> => {
  const { workflow, steps } = defined;
  const { loaded, input } = context;
  const { operation, learned } = loaded;
  if (!mayRun(loaded)) return;
  const step = stepOf(workflow, input.step);
  const isLast = workflow.steps.at(-1) === step;
  if (!isLast && learned[step.name] !== undefined) return;
  const calls = steps.steps[step.name];
  if (!calls) throw new ControlError('Refused', `the step ${step.name} has no handler`);
  const answers = await callArrays(ports, calls.run(planOf(steps, loaded), learned), { operation, some: step.some });
  if (!isLast) {
    await ports.rows.transact([rememberWrite(operation, step.name, calls.learn?.(answers, planOf(steps, loaded)) ?? {})]);
    return;
  }
  const settling = await settlingOf(ports, steps, { ...loaded, answers });
  await endOperation(ports, operation, { state: 'committed', settlement: steps.commit(settling) });
};
