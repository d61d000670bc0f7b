import type { Row, Write } from '../change.ts';
import { mostTogether } from '../operation/chunks.ts';
import { rowBytes } from './row-size.ts';

/** On-demand prices in US dollars, us-east-1, from AWS's public price lists of 2026. */
export const prices = {
  /** Step Functions, Standard workflows: $25 per million transitions. */
  transition: 25 / 1e6,
  /** Lambda: $0.20 per million requests, and on arm64 $0.0000133334 per GB-second. */
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecond: 0.0000133334,
  /** DynamoDB on demand: $0.625 per million write request units. */
  writeUnit: 0.625 / 1e6,
  /** DynamoDB on demand: $0.125 per million read request units. */
  readUnit: 0.125 / 1e6,
  /** API Gateway, REST: $3.50 per million requests. */
  apiRequest: 3.5 / 1e6,
} as const;

/** What one run of each function usually takes; memory as deployed. */
const usualRun = { seconds: 0.1, gigabytes: 0.5 } as const;

/** Client polls until a task is done are not counted. */
const apiRequests = 1;

/** What is known of an operation before it is carried out. */
export interface Work {
  /** Steps of the workflow. */
  readonly steps: number;
  /** Calls of drivers: one for each step and array. */
  readonly driverCalls: number;
  /** Rows written when it is committed, each at most 1 KB, and how many of them are history. */
  readonly committedRows: number;
  readonly committedEvents: number;
}

export interface Estimate {
  readonly transitions: number;
  readonly lambdaRuns: number;
  readonly writeUnits: number;
  readonly costUsd: number;
}

/** A row of at most 1 KB in a transaction. */
const unitsOfRow = 2;
/** A slot at the array is taken and given back. */
const unitsOfCall = 2;
/** The operation leaves the index of open ones. */
const unitsOfLeavingOpen = 1;

/** Partition attributes of the indexes; an index has an entry of each row with its attribute, which is no part of the transaction. */
const indexAttributes = ['openPk', 'tenantPk', 'dayPk', 'duePk'];

const unitsOfWhole = (row: Row): number => Math.ceil(rowBytes(row) / 1024) * unitsOfRow;

const unitsOf = (write: Write): number => {
  if (write.do !== 'put') return unitsOfRow;
  const entries = indexAttributes.filter((name) => write.row[name] !== undefined).length;
  return unitsOfWhole(write.row) + entries;
};

/** The row of an operation with many tasks is larger than a kilobyte, also when it is committed. */
const moreForOperation = (accepted: readonly Write[]): number => {
  const operation = accepted.find((write) => write.do === 'put' && write.row['openPk'] !== undefined);
  return operation?.do === 'put' ? unitsOfWhole(operation.row) - unitsOfRow : 0;
};

/** Tasks of one transaction's worth are ended outside of it, which costs one unit less each. */
const savedOnTasks = (accepted: readonly Write[]): number => {
  const tasks = accepted.filter((write) => write.do === 'put' && write.row.sk === 'TASK').length;
  return tasks > mostTogether ? 0 : tasks;
};

/** What carrying out an operation costs on AWS when nothing goes wrong. The request's own run of the API is counted, its polls are not. */
export const estimate = (work: Work, accepted: readonly Write[]): Estimate => {
  const transitions = work.steps === 0 ? 0 : work.steps + 1;
  const lambdaRuns = 1 + work.steps + work.driverCalls;
  const rememberedSteps = Math.max(0, work.steps - 1);
  const writeUnits =
    accepted.reduce((units, write) => units + unitsOf(write), 0) +
    work.committedRows * unitsOfRow -
    savedOnTasks(accepted) +
    moreForOperation(accepted) +
    work.committedEvents +
    rememberedSteps +
    work.driverCalls * unitsOfCall +
    unitsOfLeavingOpen;
  const costUsd =
    transitions * prices.transition +
    lambdaRuns * (prices.lambdaRequest + usualRun.seconds * usualRun.gigabytes * prices.lambdaGbSecond) +
    writeUnits * prices.writeUnit +
    apiRequests * prices.apiRequest;
  return { transitions, lambdaRuns, writeUnits, costUsd };
};

/** As a dry run shows it. */
export const estimateBody = ({ transitions, lambdaRuns, writeUnits, costUsd }: Estimate) => ({
  state_machine_transitions: transitions,
  lambda_runs: lambdaRuns,
  write_units: writeUnits,
  aws_cost_usd: costUsd.toFixed(7),
});
