import { ControlPlaneError } from '../errors.ts';
import { readInstallation } from '../identity/installation.ts';
import { type ApiPorts, type Conclusion, conclude, type RequestContext } from '../request.ts';
import { epochOf } from './reconcile.ts';
import { audited, type Subject, subjectOf, tasksOf } from './repair.ts';
import { taskBody } from './represent.ts';
import type { Operation } from './schema.ts';
import { operationKey } from './store.ts';

const refused = (reason: string): ControlPlaneError =>
  new ControlPlaneError(`the execution cannot be redriven: ${reason}`, { code: 'operation.state' });

const requireInterrupted = async (ports: ApiPorts, { state, workflow, owner, openPk }: Operation): Promise<void> => {
  if (openPk === undefined) throw refused(`the operation is ${state}; it has ended`);
  if (state === 'needs-repair') throw refused('the operation needs repair; POST …/resume repairs it');
  if (state === 'accepting') throw refused('the operation is still being accepted');
  const execution = await ports.workflows.state(workflow, owner);
  if (execution === 'unknown') throw refused('it has not been started; it is within a minute or two');
  if (execution !== 'failed') throw refused(`it is ${execution}`);
};

const requireEpoch = async ({ rows }: ApiPorts, operation: Operation): Promise<void> => {
  const epoch = (await readInstallation(rows))?.epoch ?? 1;
  if (epochOf(operation) !== epoch) throw refused(`the operation is of epoch ${epochOf(operation)}, and now is epoch ${epoch}`);
};

const planOf = ({ operation }: Subject): Conclusion['plan'] => ({
  operation: operation.id,
  workflow: operation.workflow,
  execution: operation.owner,
  does: 'lets the execution go on at the state where it failed; every step looks before it acts',
});

/**
 * Lets an execution that failed without a verdict go on where it failed, instead of waiting for the reconciler, which would take the
 * operation back. An execution that no longer owns the operation meets the fence and changes nothing.
 */
export const redriveExecution = async (ports: ApiPorts, request: RequestContext, taskId: string): Promise<Conclusion['answer']> => {
  const subject = await subjectOf(ports, 'system', taskId);
  const { operation, task } = subject;
  await requireEpoch(ports, operation);
  await requireInterrupted(ports, operation);
  const answer = await conclude(ports, request, {
    writes: [
      {
        do: 'check',
        table: 'Tasks',
        key: operationKey(operation.id),
        when: [{ attribute: 'owner', is: '=', value: operation.owner }],
        otherwise: { code: 'resource.changed', message: 'the reconciler has just taken the operation over' },
      },
    ],
    later: audited(ports, request, { tasks: await tasksOf(ports, operation), what: 'redrive' }),
    answer: taskBody({ ...task, message: 'its execution goes on' }),
    plan: planOf(subject),
  });
  if (!request.dryRun && !(await ports.workflows.redrive(operation.workflow, operation.owner)))
    throw refused('it runs again already, or failed longer ago than the two weeks in which that is possible');
  return answer;
};
