import * as z from 'zod';

export const executionStatuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;

/** Where an execution stands: the top-level state it entered last, and with what. An interrupted execution goes on from here. */
const positionSchema = z.object({ state: z.string(), input: z.json() });

export const executionSchema = z.object({
  arn: z.string(),
  machine: z.string(),
  name: z.string(),
  /** JSON text. */
  input: z.string(),
  /** Epoch milliseconds of the host's clock, as all times here. */
  startedAt: z.number(),
  redrivenAt: z.number().optional(),
  stoppedAt: z.number().optional(),
  status: z.enum(executionStatuses),
  /** JSON text. */
  output: z.string().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
  position: positionSchema.optional(),
  /** States entered and retries, as AWS bills them. */
  transitions: z.number(),
  redrives: z.number(),
});

/** One event as GetExecutionHistory returns it. */
export const historyEventSchema = z.looseObject({ id: z.number(), previousEventId: z.number(), timestamp: z.number(), type: z.string() });

export type Position = z.infer<typeof positionSchema>;
export type Execution = z.infer<typeof executionSchema>;
export type HistoryEvent = z.infer<typeof historyEventSchema>;

export interface Outcome {
  status: Exclude<Execution['status'], 'RUNNING'>;
  output?: string;
  error?: string;
  cause?: string;
}
