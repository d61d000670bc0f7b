import type { Retrier, State, TaskState } from './asl.ts';

/**
 * Each waits for the one before it, so each is longer: a gateway's answer < the driver's function < the control function < a Task < its machine.
 * A Task shorter than the control function would be retried while the first attempt still runs.
 */
export const timeouts = { driverFunctionSeconds: 240, controlFunctionSeconds: 270, storeTaskSeconds: 300 } as const;

/** What `recordFailure` may answer as `graceSeconds`: how late a request that was given up may still land on the array. */
export const graceSeconds = { min: 1, max: 900 } as const;

const hourSeconds = 3600;

const longestPauseSeconds = (retrier: Retrier, attempt: number): number =>
  Math.min((retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** attempt, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);

const retriesBoundSeconds = (retrier: Retrier, timeoutSeconds: number): number =>
  Array.from({ length: retrier.MaxAttempts }, (_, attempt) => timeoutSeconds + longestPauseSeconds(retrier, attempt)).reduce(
    (sum, seconds) => sum + seconds,
    0,
  );

/** The longest a Task can take: every attempt times out, every pause is as long as it can be. */
export const taskBoundSeconds = (task: TaskState): number =>
  task.Retry.reduce((sum, retrier) => sum + retriesBoundSeconds(retrier, task.TimeoutSeconds), task.TimeoutSeconds);

/** No state is entered twice, so the sum over all is a bound; in whole hours. A machine that timed out would end in the middle of an undo. */
export const machineTimeoutSeconds = (states: Readonly<Record<string, State>>): number => {
  const bounds = Object.values(states).map((state) => (state.Type === 'Task' ? taskBoundSeconds(state) : 0));
  const seconds = bounds.reduce((sum, bound) => sum + bound, graceSeconds.max);
  return Math.ceil(seconds / hourSeconds) * hourSeconds;
};
