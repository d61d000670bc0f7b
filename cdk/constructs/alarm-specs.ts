import { constructId } from './construct-id.ts';
import type { FunctionName } from './function-specs.ts';
import type { TableName } from './table-specs.ts';

/** What is measured. Each alarm watches one metric, since every metric of an alarm is paid for. */
export type Watched =
  | { readonly of: 'function'; readonly name: FunctionName; readonly metric: 'Errors' | 'Throttles' | 'Duration' }
  | { readonly of: 'driver'; readonly type: string; readonly metric: 'Errors' }
  | { readonly of: 'rule'; readonly name: 'failed' | 'lost' }
  | {
      readonly of: 'queue';
      readonly name: 'jobs' | 'deadJobs';
      readonly metric: 'ApproximateAgeOfOldestMessage' | 'ApproximateNumberOfMessagesVisible';
    }
  | { readonly of: 'table'; readonly name: TableName; readonly metric: 'WriteThrottleEvents' | 'ReadThrottleEvents' }
  | { readonly of: 'api'; readonly metric: '5XXError' }
  /** Counted by our own functions; `service` is the function that counts. */
  | { readonly of: 'product'; readonly service: FunctionName; readonly metric: ProductMetric };

export type ProductMetric = 'Tick' | 'NeedsRepair' | 'AgeingStopped' | 'ArrayIdentityChanged' | 'CapacityDifference';

export interface AlarmSpec {
  /** Also the construct's id. */
  readonly name: string;
  /** A sentence for whoever is woken. */
  readonly says: string;
  /** Section of `docs/operations.md`. */
  readonly runbook: string;
  readonly watched: Watched;
  readonly statistic: 'Sum' | 'Maximum' | 'p99';
  readonly periodMinutes: number;
  readonly periods: number;
  /** Alarms above this; with `below`, below it. */
  readonly threshold: number;
  readonly below?: true;
  /** No data is as bad as bad data. */
  readonly missingIsBreaching?: true;
}

const anyInFiveMinutes = { statistic: 'Sum', periodMinutes: 5, periods: 1, threshold: 0 } as const;

const functionErrors = (name: FunctionName): AlarmSpec => ({
  name: `${name.charAt(0).toUpperCase()}${name.slice(1)}Errors`,
  says: `The ${name} function ended with an error that it did not answer`,
  runbook: 'function-errors',
  watched: { of: 'function', name, metric: 'Errors' },
  ...anyInFiveMinutes,
});

const tableThrottles = (name: TableName): AlarmSpec => ({
  name: `${name}Throttles`,
  says: `Writes to ${name} are throttled`,
  runbook: 'table-throttles',
  watched: { of: 'table', name, metric: 'WriteThrottleEvents' },
  statistic: 'Sum',
  periodMinutes: 5,
  periods: 3,
  threshold: 10,
});

/** A driver answers whatever goes wrong at the array; its function ends with an error only when it crashed or ran out of time. */
export const driverErrors = (type: string): AlarmSpec => ({
  name: `${constructId(`driver-${type}`)}Errors`,
  says: `The driver ${type} crashed or ran out of time`,
  runbook: 'driver-errors',
  watched: { of: 'driver', type, metric: 'Errors' },
  ...anyInFiveMinutes,
});

/**
 * The control function throws as a way of speaking to Step Functions, and a machine that took everything back ends as failed: none of
 * that is an alarm. What matters of them is counted by the rules, and as `NeedsRepair`.
 */
export const alarmSpecs: readonly AlarmSpec[] = [
  functionErrors('api'),
  functionErrors('auth'),
  functionErrors('providers'),
  functionErrors('events'),
  {
    name: 'ControlThrottles',
    says: 'Steps of workflows are throttled: the account has too few concurrent executions',
    runbook: 'function-throttles',
    watched: { of: 'function', name: 'control', metric: 'Throttles' },
    ...anyInFiveMinutes,
  },
  {
    name: 'ApiThrottles',
    says: 'Requests are refused: the account has too few concurrent executions',
    runbook: 'function-throttles',
    watched: { of: 'function', name: 'api', metric: 'Throttles' },
    ...anyInFiveMinutes,
  },
  {
    name: 'ApiSlow',
    says: 'The slowest requests come near the time at which they are cut off',
    runbook: 'api-slow',
    watched: { of: 'function', name: 'api', metric: 'Duration' },
    statistic: 'p99',
    periodMinutes: 5,
    periods: 3,
    threshold: 20_000,
  },
  {
    name: 'ApiFailures',
    says: 'The API answers with server errors',
    runbook: 'api-failures',
    watched: { of: 'api', metric: '5XXError' },
    statistic: 'Sum',
    periodMinutes: 5,
    periods: 1,
    threshold: 5,
  },
  {
    name: 'ExecutionsFailed',
    says: 'Many operations fail at once: an array, or the way to it, is probably down',
    runbook: 'executions-failed',
    watched: { of: 'rule', name: 'failed' },
    statistic: 'Sum',
    periodMinutes: 15,
    periods: 1,
    threshold: 20,
  },
  {
    name: 'ExecutionsLost',
    says: 'A workflow timed out or was stopped from outside; the reconciler repairs it',
    runbook: 'executions-lost',
    watched: { of: 'rule', name: 'lost' },
    ...anyInFiveMinutes,
  },
  {
    name: 'DeadJobs',
    says: 'A scheduled job failed five times and was put aside',
    runbook: 'dead-jobs',
    watched: { of: 'queue', name: 'deadJobs', metric: 'ApproximateNumberOfMessagesVisible' },
    statistic: 'Maximum',
    periodMinutes: 5,
    periods: 1,
    threshold: 0,
  },
  {
    name: 'JobsLate',
    says: 'Scheduled jobs wait for more than half an hour',
    runbook: 'jobs-late',
    watched: { of: 'queue', name: 'jobs', metric: 'ApproximateAgeOfOldestMessage' },
    statistic: 'Maximum',
    periodMinutes: 5,
    periods: 3,
    threshold: 1800,
  },
  tableThrottles('Inventory'),
  tableThrottles('Tasks'),
  {
    name: 'TickMissing',
    says: 'The tick of every minute does not come: nothing is repaired and nothing scheduled is started',
    runbook: 'tick-missing',
    watched: { of: 'product', service: 'events', metric: 'Tick' },
    statistic: 'Sum',
    periodMinutes: 5,
    periods: 2,
    threshold: 1,
    below: true,
    missingIsBreaching: true,
  },
  {
    name: 'NeedsRepair',
    says: 'An operation could not be taken back; an operator decides',
    runbook: 'needs-repair',
    watched: { of: 'product', service: 'control', metric: 'NeedsRepair' },
    statistic: 'Maximum',
    periodMinutes: 5,
    periods: 1,
    threshold: 0,
  },
  {
    name: 'AgeingStopped',
    says: 'Discovery misses too many objects at once to believe it',
    runbook: 'ageing-stopped',
    watched: { of: 'product', service: 'control', metric: 'AgeingStopped' },
    ...anyInFiveMinutes,
  },
  {
    name: 'ArrayIdentityChanged',
    says: 'Another array answers at a registered address; its provider is frozen',
    runbook: 'array-identity-changed',
    watched: { of: 'product', service: 'control', metric: 'ArrayIdentityChanged' },
    ...anyInFiveMinutes,
  },
  {
    name: 'CapacityDifference',
    says: 'The books of a storage pool differ from the sum of its volumes',
    runbook: 'capacity-difference',
    watched: { of: 'product', service: 'events', metric: 'CapacityDifference' },
    statistic: 'Maximum',
    periodMinutes: 1440,
    periods: 1,
    threshold: 0,
  },
];
