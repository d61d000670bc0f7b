import { randomUUID } from 'node:crypto';
import type { Execution } from './execution.ts';

/** EventBridge's `Step Functions Execution Status Change`. */
export interface ExecutionStatusEvent {
  version: '0';
  id: string;
  'detail-type': 'Step Functions Execution Status Change';
  source: 'aws.states';
  account: string;
  region: string;
  /** ISO 8601. */
  time: string;
  resources: string[];
  detail: {
    executionArn: string;
    stateMachineArn: string;
    name: string;
    status: Execution['status'];
    /** Epoch milliseconds. */
    startDate: number;
    stopDate: number | null;
    input: string;
    output: string | null;
    error: string | null;
    cause: string | null;
    redriveCount: number;
  };
}

export interface Place {
  region: string;
  accountId: string;
}

export const statusEvent = (execution: Execution, stateMachineArn: string, place: Place): ExecutionStatusEvent => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Step Functions Execution Status Change',
  source: 'aws.states',
  account: place.accountId,
  region: place.region,
  time: new Date(execution.stoppedAt ?? execution.startedAt).toISOString().replace(/\.\d+Z$/, 'Z'),
  resources: [execution.arn],
  detail: {
    executionArn: execution.arn,
    stateMachineArn,
    name: execution.name,
    status: execution.status,
    startDate: execution.startedAt,
    stopDate: execution.stoppedAt ?? null,
    input: execution.input,
    output: execution.output ?? null,
    error: execution.error ?? null,
    cause: execution.cause ?? null,
    redriveCount: execution.redrives,
  },
});
