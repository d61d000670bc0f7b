import * as z from 'zod';
import { executionStatuses } from './execution.ts';

const arn = z.string().min(1).max(256);
const page = { maxResults: z.int().min(0).max(1000).default(0), nextToken: z.string().optional() };

export const requests = {
  StartExecution: z.object({
    stateMachineArn: arn,
    name: z.string().optional(),
    input: z.string().default('{}'),
    traceHeader: z.string().optional(),
  }),
  DescribeExecution: z.object({ executionArn: arn, includedData: z.string().optional() }),
  ListExecutions: z.object({ stateMachineArn: arn, statusFilter: z.enum(executionStatuses).optional(), ...page }),
  GetExecutionHistory: z.object({
    executionArn: arn,
    reverseOrder: z.boolean().default(false),
    includeExecutionData: z.boolean().default(true),
    ...page,
  }),
  StopExecution: z.object({ executionArn: arn, error: z.string().max(256).optional(), cause: z.string().max(32_768).optional() }),
  DescribeStateMachine: z.object({ stateMachineArn: arn, includedData: z.string().optional() }),
  RedriveExecution: z.object({ executionArn: arn, clientToken: z.string().optional() }),
};

export type StartRequest = z.output<typeof requests.StartExecution>;

/** Step Functions' names: no white space, brackets, wildcards, control or listed special characters. */
export const namePattern = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]+$/u;
