import { epochOf } from '../operation/reconcile.ts';
import type { Operation, Task } from '../operation/schema.ts';
import type { ExecutionState } from '../ports.ts';
import type { Estate } from './estate.ts';
import type { Finding } from './finding.ts';

/** Longer than the reconciler needs: half a minute of grace, its tick, and its work. */
const patienceMs = 180_000;

export interface Moment {
  readonly nowMs: number;
  readonly epoch: number;
  /** What the execution of an open operation is doing, by the operation's id. */
  readonly executions: ReadonlyMap<string, ExecutionState>;
}

export const isOpen = ({ openPk }: Operation): boolean => openPk !== undefined;

const needsRepair = ({ failure, nextTryAt }: Operation): string =>
  `it needs repair: ${failure?.message ?? 'no reason is stored'}; next try ${nextTryAt ?? 'not set'}`;

/** Why an open operation is not as it should be. */
const complaint = (operation: Operation, { nowMs, epoch, executions }: Moment): string | undefined => {
  if (epochOf(operation) !== epoch) return `it is of epoch ${epochOf(operation)}, and now is epoch ${epoch}: an operator must decide it`;
  if (operation.state === 'needs-repair') return needsRepair(operation);
  if (executions.get(operation.id) === 'running' || nowMs - Date.parse(operation.acceptedAt) < patienceMs) return undefined;
  const execution = executions.get(operation.id) ?? 'unknown';
  return `it is ${operation.state} since ${operation.acceptedAt} and its execution is ${execution}: is the minute's tick on?`;
};

const hasEnded = ({ state }: Task): boolean => state === 'ready' || state === 'error';

const taskComplaint = (task: Task, operation: Operation | undefined): string | undefined => {
  if (operation === undefined) return hasEnded(task) ? undefined : `it is ${task.state} and its operation is gone`;
  if (!isOpen(operation) && !hasEnded(task)) return `it is ${task.state} and its operation is ${operation.state}`;
  return undefined;
};

export const operationFindings = ({ operations, tasks }: Estate, moment: Moment): Finding[] => {
  const open = [...operations.values()].filter(isOpen).flatMap((operation): Finding[] => {
    const says = complaint(operation, moment);
    return says === undefined ? [] : [{ check: 'operations', subject: `${operation.workflow} ${operation.id}`, says }];
  });
  const left = [...tasks.values()].flatMap((task): Finding[] => {
    const says = taskComplaint(task, operations.get(task.operationId));
    return says === undefined ? [] : [{ check: 'operations', subject: task.id, says }];
  });
  return [...open, ...left];
};
