import { readInstallation } from '../../core/identity/installation.ts';
import { epochOf } from '../../core/operation/reconcile.ts';
import type { WorkflowSteps } from '../../core/operation/steps.ts';
import { findOperationWithPlan, type StoredOperation } from '../../core/operation/store.ts';
import type { StepInput } from '../../statemachines/dsl/define.ts';
import { ControlError } from './control-error.ts';
import type { ControlPorts } from './ports.ts';

/** Everything a phase needs: the operation, fenced, with its plan and what was learned. */
export type Loaded = StoredOperation;

/** Reads the operation and turns away executions that do not own it, and all of an operation of another epoch. */
export const load = async (ports: ControlPorts, input: StepInput): Promise<Loaded> => {
  const [found, installation] = await Promise.all([findOperationWithPlan(ports.rows, input.operationId), readInstallation(ports.rows)]);
  if (!found) throw new ControlError('FenceLost', `there is no operation ${input.operationId}`);
  if (found.operation.owner !== input.execution)
    throw new ControlError('FenceLost', `the operation belongs to the execution ${found.operation.owner}`);
  if (installation && installation.epoch !== epochOf(found.operation))
    throw new ControlError('FenceLost', `the operation is of epoch ${epochOf(found.operation)}, and this is epoch ${installation.epoch}`);
  return found;
};

/** The plan as the workflow's own type; a plan it cannot read is refused before anything is done. */
export const planOf = <Plan>(steps: WorkflowSteps<Plan>, loaded: Loaded): Plan => {
  const parsed = steps.plan.safeParse(loaded.plan);
  if (!parsed.success) throw new ControlError('Refused', `the plan of operation ${loaded.operation.id} cannot be read by this release`);
  return parsed.data;
};
