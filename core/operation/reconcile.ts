import type { ExecutionState } from '../ports.ts';
import type { Operation } from './schema.ts';

export type Verdict = 'leave' | 'start' | 'repair';

export const epochOf = ({ epoch }: Pick<Operation, 'epoch'>): number => epoch ?? 1;

const graceMs = 30_000;
/** Longer than any request lives. */
const acceptingMs = 60_000;
const firstRetryMs = 60_000;
const longestRetryMs = 3_600_000;

/** When a repair that did not succeed is tried again: after a minute, then twice as long each time, at most hourly. */
export const nextRepairAt = (repairs: number, nowMs: number): string =>
  new Date(nowMs + Math.min(firstRetryMs * 2 ** Math.max(0, repairs - 1), longestRetryMs)).toISOString();

/**
 * What is to be done about an operation that is open. `execution` is what its owner's execution is doing. Accepted without an execution
 * for 30 s: start it. Not accepted
 * completely for 60 s: take it back, which is a repair. Execution gone without a verdict: repair. Needing repair: try again when it is due.
 */
export const reconcile = (operation: Operation, execution: ExecutionState, nowMs: number): Verdict => {
  if (execution === 'running') return 'leave';
  if (operation.state === 'accepting') return Date.parse(operation.acceptedAt) + acceptingMs <= nowMs ? 'repair' : 'leave';
  if (operation.state === 'needs-repair') return Date.parse(operation.nextTryAt ?? operation.acceptedAt) <= nowMs ? 'repair' : 'leave';
  if (execution === 'unknown') return Date.parse(operation.acceptedAt) + graceMs <= nowMs ? 'start' : 'leave';
  return 'repair';
};

/** When an operation that nobody has started may be, in epoch milliseconds; undefined if it is no such operation. */
export const startableAt = (operation: Operation, execution: ExecutionState): number | undefined =>
  operation.state === 'accepted' && execution === 'unknown' ? Date.parse(operation.acceptedAt) + graceMs : undefined;

/** The name of the n-th repairing execution. */
export const repairName = (operationId: string, repairs: number): string => `${operationId}-r${repairs}`;

/** The operation that an execution belongs to: its name is the operation's uuid, with `-r<n>` for a repair. */
export const operationOfExecution = (execution: string): string => execution.slice(0, 36);
