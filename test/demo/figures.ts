import type { Usage } from './host.ts';

/** What one task took. */
export interface TaskFigures {
  readonly task: string;
  readonly milliseconds: number;
  readonly gatewayCalls: number;
  readonly transitions: number;
  readonly lambdaRuns: number;
  readonly writeUnits: number;
  readonly costUsd: number;
}

/** On-demand prices in us-east-1, per piece; Lambda on arm64 with 512 MB. */
const prices = {
  transition: 25e-6,
  lambdaRun: 0.2e-6,
  lambdaGigabyteSecond: 13.3334e-6,
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  apiRequest: 3.5e-6,
} as const;

const costOf = (used: Usage): number =>
  used.transitions * prices.transition +
  used.lambdaRuns * prices.lambdaRun +
  (used.lambdaMs / 1000) * 0.5 * prices.lambdaGigabyteSecond +
  used.writeUnits * prices.writeUnit +
  used.readUnits * prices.readUnit +
  prices.apiRequest;

export const difference = (after: Usage, before: Usage): Usage => ({
  transitions: after.transitions - before.transitions,
  lambdaRuns: after.lambdaRuns - before.lambdaRuns,
  lambdaMs: after.lambdaMs - before.lambdaMs,
  writeUnits: after.writeUnits - before.writeUnits,
  readUnits: after.readUnits - before.readUnits,
  transactionConflicts: after.transactionConflicts - before.transactionConflicts,
});

export const taskFigures = (task: string, taken: { milliseconds: number; gatewayCalls: number; used: Usage }): TaskFigures => ({
  task,
  milliseconds: Math.round(taken.milliseconds),
  gatewayCalls: taken.gatewayCalls,
  transitions: taken.used.transitions,
  lambdaRuns: taken.used.lambdaRuns,
  writeUnits: taken.used.writeUnits,
  costUsd: costOf(taken.used),
});

/** Columns a person reads. */
export const figuresTable = (figures: readonly TaskFigures[]): string[][] => [
  ['task', 'time', 'gateway calls', 'transitions', 'Lambda runs', 'write units', 'AWS cost'],
  ...figures.map((row) => [
    row.task,
    `${row.milliseconds} ms`,
    String(row.gatewayCalls),
    String(row.transitions),
    String(row.lambdaRuns),
    String(row.writeUnits),
    `$${row.costUsd.toFixed(6)}`,
  ]),
];
