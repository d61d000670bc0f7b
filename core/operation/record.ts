import { ControlPlaneError } from '../errors.ts';
import { type ApiPorts, type Conclusion, conclude, type RequestContext } from '../request.ts';
import { taskIdOf } from '../urn.ts';
import type { OperationIntent } from './accept.ts';
import { taskBody, taskListBody } from './represent.ts';
import type { Operation, Task } from './schema.ts';
import { operationWrites } from './store.ts';

const doneTask = (operation: Operation, intent: OperationIntent['tasks'][number], message = `${intent.name} is done`): Task => ({
  id: taskIdOf(operation.id, intent.resourceId),
  operationId: operation.id,
  resourceId: intent.resourceId,
  resourceName: intent.resourceName,
  tenantId: operation.tenantId,
  name: intent.name,
  state: 'ready',
  message,
  progress: 100,
  startedAt: operation.acceptedAt,
  endedAt: operation.acceptedAt,
  associatedIds: [...(intent.associatedIds ?? [])],
});

/**
 * Stores an operation that no workflow carries out: it changes records alone, is committed by the transaction that stores it, and its
 * tasks are ready at once.
 */
export const recordOperation = async (
  ports: Pick<ApiPorts, 'rows' | 'clock'>,
  request: RequestContext,
  intent: Omit<OperationIntent, 'work' | 'changes'> & { readonly message?: string },
): Promise<Conclusion['answer']> => {
  const operation: Operation = {
    id: intent.operationId,
    workflow: intent.workflow,
    state: 'committed',
    owner: intent.operationId,
    repairs: 0,
    tenantId: intent.tenantId,
    requestedBy: request.principal.user,
    correlationId: request.correlationId,
    acceptedAt: new Date(ports.clock.now()).toISOString(),
    taskIds: intent.tasks.map(({ resourceId }) => taskIdOf(intent.operationId, resourceId)),
  };
  const tasks = intent.tasks.map((task) => doneTask(operation, task, intent.message));
  const [first] = tasks;
  if (!first) throw new ControlPlaneError('the request changes nothing', { code: 'request.invalid' });
  const stored = operationWrites(operation, intent.plan, tasks).map((write) =>
    write.do === 'put' && write.row.sk === 'OPERATION' ? { ...write, row: { ...write.row, openPk: undefined, openSk: undefined } } : write,
  );
  return conclude(ports, request, {
    writes: [...stored, ...intent.writes],
    answer: intent.answer === 'task' ? taskBody(first) : taskListBody(tasks),
    plan: intent.preview,
  });
};
