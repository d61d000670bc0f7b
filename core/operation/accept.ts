import type { Value, Write } from '../change.ts';
import { estimate, estimateBody, type Work } from '../cost/estimate.ts';
import { ControlPlaneError } from '../errors.ts';
import { readInstallation } from '../identity/installation.ts';
import type { ApiPorts, Conclusion, RequestContext } from '../request.ts';
import { conclude } from '../request.ts';
import { taskIdOf } from '../urn.ts';
import { acceptInChunks, type Parted, transactionsOf } from './accept-chunks.ts';
import { type Brake, brakeRefusal } from './brake.ts';
import { transactionLimit } from './chunks.ts';
import { taskBody, taskListBody } from './represent.ts';
import type { Operation, Task } from './schema.ts';

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
  /** Capacity, quotas, resources, locks: every one conditional. */
  readonly writes: readonly Write[];
  /** What belongs to one resource each, and is stored later than the rest when one transaction does not take all. */
  readonly parted?: Parted;
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

const answerOf = (intent: OperationIntent, tasks: readonly Task[]): Conclusion['answer'] => {
  const [first] = tasks;
  if (!first) throw new ControlPlaneError('the request changes nothing', { code: 'request.invalid' });
  return intent.answer === 'task' ? taskBody(first) : taskListBody(tasks);
};

const planBody = (intent: OperationIntent, writes: readonly Write[], braked: ControlPlaneError | undefined): Conclusion['plan'] => ({
  ...intent.preview,
  ...(intent.work ? { cost: estimateBody(estimate(intent.work, writes)) } : {}),
  ...(braked ? { refused_now: braked.message } : {}),
});

const requireFits = (transactions: readonly (readonly Write[])[]): void => {
  const most = Math.max(...transactions.map((writes) => writes.length));
  if (most < transactionLimit) return;
  throw new ControlPlaneError(`the request needs ${most} writes, more than one transaction takes; ask for fewer resources at once`, {
    code: 'request.limit',
  });
};

/** By whom, for whom, in which epoch; and the brake that would refuse it, which a dry run only tells of. */
const judge = async (ports: ApiPorts, { principal, correlationId, dryRun }: RequestContext, intent: OperationIntent) => {
  const at = new Date(ports.clock.now()).toISOString();
  const installation = await readInstallation(ports.rows);
  const braked = intent.changes.length > 0 ? brakeRefusal([installation, ...intent.changes]) : undefined;
  if (braked && !dryRun) throw braked;
  return { operation: newOperation(intent, { user: principal.user, correlationId, at, epoch: installation?.epoch ?? 1 }), braked };
};

/**
 * Refuses while a brake is on that concerns it; a dry run answers the plan all the same, and says so in it.
 *
 * Stores the intent, in one transaction or, when that does not take it, in several, and only then starts the workflow under the operation's
 * own id. A start that fails is not an error of the request: what was accepted is started by the reconciler.
 */
export const acceptOperation = async (ports: ApiPorts, request: RequestContext, intent: OperationIntent): Promise<Conclusion['answer']> => {
  const { operation, braked } = await judge(ports, request, intent);
  const tasks = intent.tasks.map((task) => newTask(operation, task));
  const answer = answerOf(intent, tasks);
  const accepting = { operation, tasks, intent, answer };
  const [all = [], ...more] = transactionsOf(accepting);
  requireFits([all, ...more]);
  const plan = planBody(intent, [all, ...more].flat(), braked);
  if (request.dryRun || more.length === 0) await conclude(ports, request, { writes: [all, ...more].flat(), answer, plan });
  else await acceptInChunks(ports, request, accepting);
  if (request.dryRun) return { dry_run: true, plan };
  await start(ports, operation);
  return answer;
};

const start = async (ports: ApiPorts, operation: Operation): Promise<void> => {
  try {
    await ports.workflows.start({ workflow: operation.workflow, execution: operation.id, input: { operationId: operation.id } });
  } catch (error) {
    ports.log.warn('the workflow was not started; the reconciler starts it', { operationId: operation.id, error });
  }
};
