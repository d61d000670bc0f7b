import type { Value, Write } from '../change.ts';
import { estimate, estimateBody, type Work } from '../cost/estimate.ts';
import { ControlPlaneError } from '../errors.ts';
import { readInstallation } from '../identity/installation.ts';
import type { ApiPorts, Conclusion, RequestContext } from '../request.ts';
import { conclude } from '../request.ts';
import { taskIdOf } from '../urn.ts';
import { type Brake, brakeRefusal } from './brake.ts';
import { taskBody, taskListBody } from './represent.ts';
import type { Operation, Task } from './schema.ts';
import { operationWrites } from './store.ts';

export interface TaskIntent {
  readonly resourceId: string;
  readonly resourceName: string;
  /** As CoprHD names it, such as `CREATE VOLUME`. */
  readonly name: string;
  readonly associatedIds?: readonly string[];
  /** Of its placement, at most 200 characters. */
  readonly why?: string;
}

export interface OperationIntent {
  readonly operationId: string;
  readonly workflow: string;
  readonly tenantId: string;
  /** What the workflow is carried out by; never shown. */
  readonly plan: { readonly [field: string]: Value | undefined };
  /** What a dry run shows, beside the cost. */
  readonly preview: Conclusion['plan'];
  /** What a dry run tells the cost by; without it no cost is shown. */
  readonly work?: Work;
  readonly tasks: readonly TaskIntent[];
  /** Resources, capacity, locks: every one conditional. */
  readonly writes: readonly Write[];
  /** The storage providers whose arrays are changed; none for what only reads or only changes records. */
  readonly changes: readonly Brake[];
  /** Whether the answer is one task or a list. */
  readonly answer: 'task' | 'tasks';
}

const newTask = (operation: Operation, intent: TaskIntent): Task => ({
  id: taskIdOf(operation.id, intent.resourceId),
  operationId: operation.id,
  resourceId: intent.resourceId,
  resourceName: intent.resourceName,
  tenantId: operation.tenantId,
  name: intent.name,
  state: 'pending',
  message: `${intent.name} was accepted`,
  progress: 0,
  startedAt: operation.acceptedAt,
  associatedIds: [...(intent.associatedIds ?? [])],
  ...(intent.why ? { why: intent.why } : {}),
});

const newOperation = (intent: OperationIntent, by: { user: string; correlationId: string; at: string; epoch: number }): Operation => ({
  id: intent.operationId,
  workflow: intent.workflow,
  state: 'accepted',
  owner: intent.operationId,
  repairs: 0,
  tenantId: intent.tenantId,
  requestedBy: by.user,
  correlationId: by.correlationId,
  epoch: by.epoch,
  acceptedAt: by.at,
  taskIds: intent.tasks.map(({ resourceId }) => taskIdOf(intent.operationId, resourceId)),
});

const transactionLimit = 100;

/**
 * Refuses while a brake is on that concerns it; a dry run answers the plan all the same, and says so in it.
 *
 * Stores the intent in one transaction, then starts the workflow under the operation's own id. A start that fails is not an error of
 * the request: what was accepted is started by the reconciler.
 */
export const acceptOperation = async (ports: ApiPorts, request: RequestContext, intent: OperationIntent): Promise<Conclusion['answer']> => {
  const at = new Date(ports.clock.now()).toISOString();
  const installation = await readInstallation(ports.rows);
  const braked = intent.changes.length > 0 ? brakeRefusal([installation, ...intent.changes]) : undefined;
  if (braked && !request.dryRun) throw braked;
  const { user } = request.principal;
  const operation = newOperation(intent, { user, correlationId: request.correlationId, at, epoch: installation?.epoch ?? 1 });
  const tasks = intent.tasks.map((task) => newTask(operation, task));
  const [first] = tasks;
  if (!first) throw new ControlPlaneError('the request changes nothing', { code: 'request.invalid' });
  const writes = [...operationWrites(operation, intent.plan, tasks), ...intent.writes];
  if (writes.length >= transactionLimit)
    throw new ControlPlaneError(
      `the request needs ${writes.length} writes, more than one transaction takes; ask for fewer resources at once`,
      { code: 'request.limit' },
    );
  const answer = await conclude(ports, request, {
    writes,
    answer: intent.answer === 'task' ? taskBody(first) : taskListBody(tasks),
    plan: {
      ...intent.preview,
      ...(intent.work ? { cost: estimateBody(estimate(intent.work, writes)) } : {}),
      ...(braked ? { refused_now: braked.message } : {}),
    },
  });
  if (!request.dryRun) await start(ports, operation);
  return answer;
};

const start = async (ports: ApiPorts, operation: Operation): Promise<void> => {
  try {
    await ports.workflows.start({ workflow: operation.workflow, execution: operation.id, input: { operationId: operation.id } });
  } catch (error) {
    ports.log.warn('the workflow was not started; the reconciler starts it', { operationId: operation.id, error });
  }
};
