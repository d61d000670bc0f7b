import { finishTasks } from '../../core/operation/finish-tasks.ts';
import { rememberWrites } from '../../core/operation/progress.ts';
import type { WorkflowSteps } from '../../core/operation/steps.ts';
import type { Step, StepInput, Workflow } from '../../statemachines/dsl/define.ts';
import { callArrays } from './call-arrays.ts';
import { ControlError } from './control-error.ts';
import { type Loaded, planOf } from './load.ts';
import type { ControlPorts } from './ports.ts';
import { requireOffered } from './require-offered.ts';
import { commit, goOnCommitting } from './settle-operation.ts';

export interface Defined<Plan> {
  readonly workflow: Workflow;
  readonly steps: WorkflowSteps<Plan>;
}

const requireRunning = ({ operation }: Loaded): void => {
  if (operation.state !== 'accepted') throw new ControlError('FenceLost', `the operation is ${operation.state}`);
  if (operation.cancelRequested) throw new ControlError('Cancelled', 'the operation was cancelled');
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
  if (operation.state === 'committing') return goOnCommitting(ports, steps, loaded);
  if (operation.state === 'committed') return finishTasks(ports, operation);
  requireRunning(loaded);
  const step = stepOf(workflow, input.step);
  const isLast = workflow.steps.at(-1) === step;
  if (!isLast && learned[step.name] !== undefined) return;
  const calls = steps.steps[step.name];
  if (!calls) throw new ControlError('Refused', `the step ${step.name} has no handler`);
  if (workflow.steps[0] === step) await requireOffered(ports.rows, steps.ordered?.(planOf(steps, loaded)));
  const answers = await callArrays(ports, calls.run(planOf(steps, loaded), learned), { operation, some: step.some });
  if (!isLast) {
    const value = calls.learn?.(answers, planOf(steps, loaded)) ?? {};
    await ports.rows.transact(rememberWrites(operation, { step: step.name, value, at: new Date(ports.clock.now()).toISOString() }));
    return;
  }
  await commit(ports, steps, { ...loaded, answers });
};
