import type { Catcher, TaskState } from './asl.ts';
import type { StepInput, Workflow } from './define.ts';
import { type RetryClass, retries } from './retry.ts';

export interface TaskOptions {
  readonly payload: Pick<StepInput, 'phase' | 'step' | 'patience'> & { readonly 'failure.$'?: string };
  readonly timeoutSeconds: number;
  readonly retry: RetryClass;
  readonly catches: readonly Catcher[];
  /** Absent: the machine ends here. */
  readonly next?: string;
}

/** RunStep, the one kind of Task. Its answer is dropped. */
export const task = (workflow: Workflow, options: TaskOptions): TaskState => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  TimeoutSeconds: options.timeoutSeconds,
  Parameters: {
    FunctionName: '${control}',
    Payload: {
      workflow: workflow.name,
      ...options.payload,
      'operationId.$': '$.operationId',
      'execution.$': '$$.Execution.Name',
    },
  },
  ResultPath: null,
  Retry: retries[options.retry],
  Catch: options.catches,
  ...(options.next === undefined ? { End: true } : { Next: options.next }),
});
