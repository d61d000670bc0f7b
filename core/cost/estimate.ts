/** On-demand prices in US dollars, us-east-1, from AWS's public price lists of 2026. */
export const prices = {
  /** Step Functions, Standard workflows: $25 per million transitions. */
  transition: 25 / 1e6,
  /** Lambda: $0.20 per million requests, and on arm64 $0.0000133334 per GB-second. */
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecond: 0.0000133334,
  /** DynamoDB on demand: $0.625 per million write request units. */
  writeUnit: 0.625 / 1e6,
  /** API Gateway, REST: $3.50 per million requests. */
  apiRequest: 3.5 / 1e6,
} as const;

/** What one run of each function usually takes; memory as deployed. */
const usualRun = { seconds: 0.1, gigabytes: 0.5 } as const;

/** Client polls until a task is done are not counted. */
const apiRequests = 1;

export interface Work {
  /** Steps of the workflow that call a driver. */
  readonly steps: number;
  /** Calls of drivers: one for each step and array. */
  readonly driverCalls: number;
  /** Rows written when the request is accepted, and when it is committed; each at most 1 KB. */
  readonly acceptedRows: number;
  readonly committedRows: number;
  /** Resources with a history event in each of the two, and tasks: both have index entries. */
  readonly resources: number;
}

export interface Estimate {
  readonly transitions: number;
  readonly lambdaRuns: number;
  readonly writeUnits: number;
  readonly costUsd: number;
}

/** A row of at most 1 KB in a transaction. */
const unitsOfRow = 2;
/** Taking a slot at the array and giving it back, each a transaction of one row. */
const unitsOfCall = 4;
/** The operation enters the index of open ones and leaves it. */
const unitsOfOpenIndex = 2;
/** A task's entry in its tenant's index, and the entries by day of the two history events. */
const unitsOfResourceIndexes = 3;

/** What carrying out an operation costs on AWS when nothing goes wrong. The request's own run of the API is counted. */
export const estimate = (work: Work): Estimate => {
  const transitions = work.steps === 0 ? 0 : work.steps + 1;
  const lambdaRuns = 1 + work.steps + work.driverCalls;
  const rememberedSteps = Math.max(0, work.steps - 1);
  const writeUnits =
    (work.acceptedRows + work.committedRows + rememberedSteps) * unitsOfRow +
    work.driverCalls * unitsOfCall +
    unitsOfOpenIndex +
    work.resources * unitsOfResourceIndexes;
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
