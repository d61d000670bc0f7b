import type { DriverOutcome } from '../../drivers/sdk/errors.ts';
import type { Retrier } from './asl.ts';
import { controlErrors } from './define.ts';

const rejected: DriverOutcome = 'DriverRejected';
const busyOutcome: DriverOutcome = 'DriverBusy';
const unfinishedOutcome: DriverOutcome = 'DriverUnfinished';

/** Decided once, by name: trying again cannot help. */
export const neverRetried: readonly string[] = [rejected, ...controlErrors];

const never: Retrier = { ErrorEquals: neverRetried, MaxAttempts: 0 };

const busy: Retrier = {
  ErrorEquals: [busyOutcome],
  MaxAttempts: 12,
  IntervalSeconds: 5,
  BackoffRate: 2,
  MaxDelaySeconds: 120,
  JitterStrategy: 'FULL',
};

const unfinished = (maxAttempts: number): Retrier => ({
  ErrorEquals: [unfinishedOutcome],
  MaxAttempts: maxAttempts,
  IntervalSeconds: 1,
  BackoffRate: 1,
  JitterStrategy: 'FULL',
});

interface Patience {
  readonly maxAttempts: number;
  readonly intervalSeconds: number;
  readonly maxDelaySeconds: number;
}

/** Everything without a name of ours (a crashed or timed-out function, throttling, an uncertain driver) runs the idempotent step again. */
const anythingElse = (patience: Patience): Retrier => ({
  ErrorEquals: ['States.ALL'],
  MaxAttempts: patience.maxAttempts,
  IntervalSeconds: patience.intervalSeconds,
  BackoffRate: 2,
  MaxDelaySeconds: patience.maxDelaySeconds,
  JitterStrategy: 'FULL',
});

/**
 * How long each kind of Task is patient. `array`: one driver verb. `pages`: a step of the control function that goes on page by page.
 * `store`: touches our tables alone. An undo is tried twice: `briefUndo` at once, `patientUndo` (and every look) after the grace time.
 */
export const retries = {
  array: [never, busy, unfinished(60), anythingElse({ maxAttempts: 4, intervalSeconds: 2, maxDelaySeconds: 30 })],
  pages: [never, busy, unfinished(600), anythingElse({ maxAttempts: 4, intervalSeconds: 2, maxDelaySeconds: 30 })],
  store: [never, anythingElse({ maxAttempts: 6, intervalSeconds: 1, maxDelaySeconds: 20 })],
  briefUndo: [never, unfinished(60), anythingElse({ maxAttempts: 3, intervalSeconds: 2, maxDelaySeconds: 30 })],
  patientUndo: [never, unfinished(60), anythingElse({ maxAttempts: 20, intervalSeconds: 5, maxDelaySeconds: 300 })],
} as const satisfies Record<string, readonly Retrier[]>;

export type RetryClass = keyof typeof retries;
