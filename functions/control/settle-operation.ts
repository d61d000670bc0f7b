import type { Value } from '../../core/change.ts';
import type { Author } from '../../core/inventory/changes.ts';
import { resourceKey } from '../../core/inventory/resource.ts';
import { endWrites } from '../../core/operation/progress.ts';
import type { Operation } from '../../core/operation/schema.ts';
import type { Settlement, Settling, StepAnswers, WorkflowSteps } from '../../core/operation/steps.ts';
import { type Loaded, planOf } from './load.ts';
import type { ControlPorts } from './ports.ts';

export const workflowAuthor = (ports: ControlPorts, operation: Operation): Author => ({
  actor: operation.requestedBy,
  at: new Date(ports.clock.now()).toISOString(),
  operationId: operation.id,
  ulid: () => ports.ids.ulid(),
});

export const settlingOf = async <Plan>(
  ports: ControlPorts,
  steps: WorkflowSteps<Plan>,
  loaded: Loaded & { readonly answers: StepAnswers },
): Promise<Settling<Plan>> => {
  const plan = planOf(steps, loaded);
  const ids = steps.resources(plan);
  const rows = await ports.rows.getMany('Inventory', ids.map(resourceKey));
  const byId = new Map<string, Readonly<Record<string, Value | undefined>>>();
  for (const row of rows) if (row) byId.set(row.pk, { ...row, id: row.pk });
  const { operation, learned, answers } = loaded;
  return {
    plan,
    operation,
    learned,
    answers,
    author: workflowAuthor(ports, operation),
    row: (id) => byId.get(id),
    ...(operation.failure ? { failure: operation.failure } : {}),
  };
};

/** The outcome: resources, tasks and operation in one transaction, which only the owner can make. */
export const endOperation = async (
  ports: ControlPorts,
  operation: Operation,
  end: { readonly state: 'committed' | 'rolled-back'; readonly settlement: Settlement },
): Promise<void> => {
  const at = new Date(ports.clock.now()).toISOString();
  await ports.rows.transact([...endWrites(operation, { state: end.state, at, tasks: end.settlement.tasks }), ...end.settlement.writes]);
};
