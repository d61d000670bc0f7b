import type { Write } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import { readInstallation } from '../identity/installation.ts';
import { historyWrite } from '../inventory/changes.ts';
import type { Reader } from '../inventory/read.ts';
import { type ApiPorts, authorOf, type Conclusion, conclude, type RequestContext } from '../request.ts';
import { brakeRefusal } from './brake.ts';
import { frozenAmong } from './frozen.ts';
import { takeOverWrite } from './progress.ts';
import { epochOf, repairName } from './reconcile.ts';
import { taskBody } from './represent.ts';
import { type Resolution, resolutionRefusal, resolutionTexts } from './resolve.ts';
import type { Operation, Task } from './schema.ts';
import { findOperation, findTask, operationKey, taskKey, taskOf } from './store.ts';

export interface RepairOrder {
  readonly taskId: string;
  readonly how: 'resume' | 'rollback' | Resolution;
}

export interface Subject {
  readonly task: Task;
  readonly operation: Operation;
}

export const subjectOf = async ({ rows }: Pick<ApiPorts, 'rows'>, reader: Reader, taskId: string): Promise<Subject> => {
  const task = await findTask(rows, taskId);
  const operation =
    task && (reader === 'system' || task.tenantId === reader.tenantId) ? await findOperation(rows, task.operationId) : undefined;
  if (!task || !operation) throw new ControlPlaneError(`there is no Task ${taskId}`, { code: 'resource.notFound' });
  return { task, operation };
};

const requireRepairable = (operation: Operation, epoch: number): void => {
  const isStale = operation.openPk !== undefined && epochOf(operation) !== epoch;
  if (operation.state === 'needs-repair' || isStale) return;
  throw new ControlPlaneError(`the operation is ${operation.state}; only one that needs repair, or is of an older epoch, can be repaired`, {
    code: 'operation.state',
  });
};

const isResolution = (how: RepairOrder['how']): how is Resolution => how !== 'resume' && how !== 'rollback';

const requireSense = ({ workflow }: Operation, how: RepairOrder['how']): void => {
  const refusal = isResolution(how) ? resolutionRefusal(workflow, how) : undefined;
  if (refusal) throw new ControlPlaneError(`how: ${how} makes no sense here: ${refusal}`, { code: 'operation.state' });
};

/** Looking is allowed while the brake is on, taking back is not. */
const requireMoving = async (ports: ApiPorts, { heldBy }: Operation, how: RepairOrder['how']): Promise<void> => {
  if (how === 'accept' || how === 'release') return;
  const refusal = brakeRefusal([await readInstallation(ports.rows)].filter((brake) => brake?.operations === 'frozen'));
  if (refusal) throw refusal;
  const [frozen] = await frozenAmong(ports.rows, heldBy ?? []);
  if (frozen) throw new ControlPlaneError(`${frozen} is frozen; set its operations to normal first`, { code: 'operations.frozen' });
};

export const tasksOf = async ({ rows }: ApiPorts, { taskIds }: Operation): Promise<Task[]> =>
  (await rows.getMany('Tasks', taskIds.map(taskKey))).flatMap((row) => (row ? [taskOf(row)] : []));

const message = (how: RepairOrder['how']): string => `is being repaired (${how})`;

/** Not of a task that the repair has ended meanwhile. */
const pendingWrite = ({ id, repair }: Task, how: RepairOrder['how']): Write => ({
  do: 'update',
  table: 'Tasks',
  key: taskKey(id),
  set: { state: 'pending', message: message(how), progress: 0 },
  remove: ['serviceError', 'repair', 'endedAt'],
  when: [{ attribute: repair ? 'repair' : 'pk', is: 'present' }],
});

export const audited = (
  ports: ApiPorts,
  request: RequestContext,
  order: { readonly tasks: readonly Task[]; readonly what: string },
): Write[] =>
  order.tasks.map(({ operationId, resourceId }) =>
    historyWrite(authorOf(ports, request, operationId), {
      resource: { id: resourceId },
      kind: 'changed',
      before: {},
      after: { ordered: order.what },
    }),
  );

const pendingBody = ({ serviceError, repair, endedAt, ...task }: Task, how: RepairOrder['how']): Conclusion['answer'] =>
  taskBody({ ...task, state: 'pending', message: message(how), progress: 0 });

const texts: Readonly<Record<'resume' | 'rollback', string>> = {
  resume: 'takes back now what the operation left, as the repair does that comes by itself',
  rollback: 'takes back now what the operation left, as the repair does that comes by itself',
};

const planOf = ({ task, operation }: Subject, how: RepairOrder['how']): Conclusion['plan'] => ({
  operation: operation.id,
  workflow: operation.workflow,
  how,
  does: isResolution(how) ? resolutionTexts[how] : texts[how],
  believed_left: task.repair?.believedLeft ?? [],
  epoch: epochOf(operation),
});

/** A start that fails is made up for by the reconciler. */
const start = async (ports: ApiPorts, { id, workflow }: Operation, execution: string): Promise<void> => {
  try {
    await ports.workflows.start({ workflow, execution, input: { operationId: id, repair: true } });
  } catch (error) {
    ports.log.warn('the workflow was not started; the reconciler starts it', { operationId: id, error });
  }
};

/**
 * Repairs now, as an operator has decided. The operation gets a new owner and joins the epoch of the installation; its workflow looks at
 * the array and carries the decision out. What cannot be carried out leaves it in need of repair, with the reason.
 */
export const orderRepair = async (
  ports: ApiPorts,
  request: RequestContext,
  { taskId, how }: RepairOrder,
): Promise<Conclusion['answer']> => {
  const subject = await subjectOf(ports, 'system', taskId);
  const { operation, task } = subject;
  const epoch = (await readInstallation(ports.rows))?.epoch ?? 1;
  requireRepairable(operation, epoch);
  requireSense(operation, how);
  await requireMoving(ports, operation, how);
  const owner = repairName(operation.id, operation.repairs + 1);
  const tasks = await tasksOf(ports, operation);
  const answer = await conclude(ports, request, {
    writes: [takeOverWrite(operation, owner, { epoch, resolution: isResolution(how) ? how : undefined })],
    later: [...tasks.map((each) => pendingWrite(each, how)), ...audited(ports, request, { tasks, what: how })],
    answer: pendingBody(task, how),
    plan: planOf(subject, how),
  });
  if (!request.dryRun) await start(ports, operation, owner);
  return answer;
};

/** Asks that an operation be cancelled: it is, and taken back, if its next step has not begun. Asked again it does the same. */
export const cancelOperation = async (
  ports: ApiPorts,
  request: RequestContext,
  { reader, taskId }: { readonly reader: Reader; readonly taskId: string },
): Promise<Conclusion['answer']> => {
  const { operation, task } = await subjectOf(ports, reader, taskId);
  const tooLate = { code: 'operation.state', message: `it is too late to cancel: the operation is ${operation.state}` } as const;
  if (operation.state !== 'accepted') throw new ControlPlaneError(tooLate.message, tooLate);
  const cancelled = { ...task, message: 'is being cancelled' };
  const writes: Write[] = [
    {
      do: 'update',
      table: 'Tasks',
      key: operationKey(operation.id),
      set: { cancelRequested: true },
      when: [{ attribute: 'state', is: '=', value: 'accepted' }],
      otherwise: { ...tooLate, message: 'it is too late to cancel: the operation has just ended or is being taken back' },
    },
  ];
  return conclude(ports, request, {
    writes,
    later: audited(ports, request, { tasks: await tasksOf(ports, operation), what: 'cancel' }),
    answer: taskBody(cancelled),
    plan: {
      operation: operation.id,
      workflow: operation.workflow,
      does: 'ends the operation before its next step, and takes back what was done',
    },
  });
};
