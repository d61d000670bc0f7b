import type { Execution } from './execution.ts';
import type { Machine } from './machine.ts';

const REDRIVABLE_DAYS = 14;

/** Seconds, as AWS's JSON protocols write times. */
export const seconds = (epochMs: number): number => epochMs / 1000;

const present = <Value extends object>(fields: Value): Partial<Value> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Value>;

const summaryOf = (execution: Execution, machine: Machine) => ({
  executionArn: execution.arn,
  stateMachineArn: machine.arn,
  name: execution.name,
  status: execution.status,
  startDate: seconds(execution.startedAt),
  ...(execution.stoppedAt !== undefined && { stopDate: seconds(execution.stoppedAt) }),
  redriveCount: execution.redrives,
  ...(execution.redrivenAt !== undefined && { redriveDate: seconds(execution.redrivenAt) }),
});

export const listedExecution = summaryOf;

export const describedExecution = (execution: Execution, machine: Machine, now: number) => ({
  ...summaryOf(execution, machine),
  input: execution.input,
  inputDetails: { included: true },
  ...present({ output: execution.output, error: execution.error, cause: execution.cause }),
  ...(execution.output !== undefined && { outputDetails: { included: true } }),
  redriveStatus: isRedrivable(execution, now) ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
});

export const isRedrivable = ({ status, stoppedAt = 0 }: Execution, now: number): boolean =>
  !['RUNNING', 'SUCCEEDED'].includes(status) && now - stoppedAt < REDRIVABLE_DAYS * 86_400_000;

export const describedMachine = (machine: Machine) => ({
  stateMachineArn: machine.arn,
  name: machine.name,
  status: 'ACTIVE',
  type: 'STANDARD',
  definition: JSON.stringify(machine.definition),
  roleArn: machine.roleArn,
  creationDate: 0,
});
