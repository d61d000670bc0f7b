import { prices } from '../../core/cost/estimate.ts';
import type { Usage } from '../../local/ports.ts';

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

/** Memory of a function as deployed. */
const gigabytes = 0.5;

export const costOf = (used: Usage): number =>
  used.transitions * prices.transition +
  used.lambdaRuns * prices.lambdaRequest +
  (used.lambdaMs / 1000) * gigabytes * prices.lambdaGbSecond +
  used.writeUnits * prices.writeUnit +
  used.readUnits * prices.readUnit +
  prices.apiRequest;

export const taskFigures = (task: string, taken: { milliseconds: number; gatewayCalls: number; used: Usage }): TaskFigures => ({
  task,
  milliseconds: Math.round(taken.milliseconds),
  gatewayCalls: taken.gatewayCalls,
  transitions: taken.used.transitions,
  lambdaRuns: taken.used.lambdaRuns,
  writeUnits: taken.used.writeUnits,
  costUsd: Number(costOf(taken.used).toPrecision(6)),
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
