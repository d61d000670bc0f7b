import { describe, expect, it } from 'vitest';
import type { Retrier, TaskState } from '../../../../statemachines/dsl/asl.ts';
import { graceSeconds, machineTimeoutSeconds, taskBoundSeconds, timeouts } from '../../../../statemachines/dsl/timeouts.ts';

const task = (Retry: readonly Retrier[]): TaskState => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  TimeoutSeconds: 100,
  Parameters: { FunctionName: '${control}', Payload: {} },
  ResultPath: null,
  Catch: [],
  Retry,
});

describe('timeouts', () => {
  it('are ordered: who waits waits longer', () => {
    expect(timeouts.driverFunctionSeconds).toBeLessThan(timeouts.controlFunctionSeconds);
    expect(timeouts.controlFunctionSeconds).toBeLessThan(timeouts.storeTaskSeconds);
    expect(timeouts.controlFunctionSeconds).toBeLessThanOrEqual(900);
  });

  it('of a Task cover each attempt and the longest pauses between', () => {
    const retrier = { ErrorEquals: ['States.ALL'], MaxAttempts: 3, IntervalSeconds: 5, BackoffRate: 2, MaxDelaySeconds: 12 };
    expect(taskBoundSeconds(task([{ ErrorEquals: ['DriverRejected'], MaxAttempts: 0 }, retrier]))).toBe(100 + 300 + 5 + 10 + 12);
  });

  it("count with Step Functions' own defaults where a retrier says nothing", () => {
    expect(taskBoundSeconds(task([{ ErrorEquals: ['States.ALL'], MaxAttempts: 3 }]))).toBe(100 + 300 + 1 + 2 + 4);
  });

  it('of a machine cover all its Tasks and the grace time, in whole hours', () => {
    const once = task([]);
    expect(machineTimeoutSeconds({ One: once })).toBe(3600);
    const states = Object.fromEntries(Array.from({ length: 36 }, (_, index) => [`Task${index}`, once]));
    expect(machineTimeoutSeconds({ ...states, Done: { Type: 'Succeed' } })).toBe(2 * 3600);
    expect(graceSeconds.min).toBeGreaterThanOrEqual(1);
  });
});
