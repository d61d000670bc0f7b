import type { Results } from './results.ts';

/** One line of the comparison with a budget. */
export interface Judged {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly budget: number;
  /** Whether more is better. */
  readonly atLeast?: boolean;
  /** What is known of why it is missed. */
  readonly why?: string;
}

const round = (value: number): string => {
  if (value >= 100) return String(Math.round(value));
  return String(value >= 1 ? Math.round(value * 10) / 10 : Math.round(value * 1000) / 1000);
};

const isMet = ({ value, budget, atLeast }: Judged): boolean => (atLeast ? value >= budget : value <= budget);

const verdict = (judged: Judged): string => {
  if (isMet(judged)) return 'met';
  const by = `missed by ${round(Math.abs(judged.value - judged.budget))}${judged.unit ? ` ${judged.unit}` : ''}`;
  return judged.why ? `${by}: ${judged.why}` : by;
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const budgetTable = (judged: readonly Judged[]): string =>
  table(
    ['What', 'Measured', 'Budget', ''],
    judged.map((one) => [
      one.what,
      `${round(one.value)} ${one.unit}`.trim(),
      `${one.atLeast ? '≥' : '≤'} ${one.budget} ${one.unit}`.trim(),
      verdict(one),
    ]),
  );

const operationTable = ({ operations }: Results): string =>
  table(
    ['Operation', 'Gateway calls', 'Transitions', 'Lambda runs', 'Read units', 'Write units', 'Conflicts', 'AWS cost of 1,000', 'Time'],
    operations.map(({ name, counted, costUsd, milliseconds }) => [
      name,
      String(counted.gatewayCalls),
      String(counted.transitions),
      String(counted.lambdaRuns),
      String(counted.readUnits),
      String(counted.writeUnits),
      String(counted.transactionConflicts),
      `$${(costUsd * 1000).toFixed(3)}`,
      `${round(milliseconds)} ms`,
    ]),
  );

const rediscoveryTable = ({ rediscovery: { first, unchanged, onePercent } }: Results): string =>
  table(
    ['Discovery', 'Resource rows written', 'Gateway calls', 'Transitions', 'Lambda runs', 'Read units', 'Write units', 'AWS cost', 'Time'],
    [['first', first] as const, ['unchanged', unchanged] as const, ['1 % changed', onePercent] as const].map(
      ([name, { rowsWritten, counted, costUsd, milliseconds }]) => [
        name,
        String(rowsWritten),
        String(counted.gatewayCalls),
        String(counted.transitions),
        String(counted.lambdaRuns),
        String(counted.readUnits),
        String(counted.writeUnits),
        `$${costUsd.toFixed(4)}`,
        `${round(milliseconds)} ms`,
      ],
    ),
  );

const loadTable = ({ loads }: Results): string =>
  table(
    ['Clients', 'Volumes/s', 'p50', 'p99', 'Longest', 'Failures', 'Conflicts tried again', "Host's processor time per volume"],
    loads.map((load) => [
      String(load.clients),
      round(load.volumesPerSecond),
      `${round(load.p50Ms)} ms`,
      `${round(load.p99Ms)} ms`,
      `${round(load.longestMs)} ms`,
      String(load.failures.length),
      String(load.transactionConflicts),
      `${round(load.hostCpuMs)} ms`,
    ]),
  );

const bundleTable = ({ bundles }: Results): string =>
  table(
    ['Function', 'KB, minified', 'Load'],
    bundles.map(({ name, bytes, loadMs }) => [name, round(bytes / 1024), `${round(loadMs)} ms`]),
  );

const driverTable = ({ driver }: Results): string =>
  table(
    ['What', 'Time', 'Gateway calls', 'Requests to the driver', 'Largest page'],
    driver.walks.map(({ what, seconds, calls, pages, largestPageBytes }) => [
      what,
      `${round(seconds)} s`,
      String(calls),
      String(pages),
      largestPageBytes === 0 ? '' : `${round(largestPageBytes / 1024)} KB`,
    ]),
  );

/** `docs/benchmarks.md`. */
export const report = (results: Results, judged: readonly Judged[]): string => `# Benchmarks

Written by \`npm run bench\`; do not edit. ${results.machine}. Others may have used the machine meanwhile: its load was ${round(results.loadBefore)} before and ${round(results.loadAfter)} after (1 is one busy core).

Host, gateway simulators and client are processes of their own. Times are those of this machine; counts are the same everywhere and are
asserted by \`test/e2e/figures.test.ts\` and \`test/contract/bundles.test.ts\`.

## Budgets

${budgetTable(judged)}

## What operations use

Counted by the host as AWS bills them, with the API's own reads and those of one client's polls. Lambda runs are those beside the API's. Gateway calls are
those beside logins; each driver run spends one of them to make sure of the array's id. The cost is of everything at list prices, without free tiers; a dry run
predicts the write units exactly.

${operationTable(results)}

## Discovery of ${results.rediscovery.volumes} volumes

Half of them on record as ours, half of others. Rows of what discovery has seen and of the provider are not counted as resources. Memory: the control function and the driver together in one process reach
${round(results.rediscovery.peakBytes / 1024 ** 2)} MB while nothing has changed; each has 512 MB of its own.

${rediscoveryTable(results)}

## Volumes made, from the order until the task is ready

One array with two pools. The best of two or three tries by volumes a second; failures are those of all tries.

${loadTable(results)}

## A host that is killed

Killed with -9 right after it has accepted an order for three volumes, and started again: ready after ${round(results.recovery.bootSeconds)} s, the order ${results.recovery.state} after ${round(results.recovery.endedSeconds)} s. What was accepted
runs again within 35 s and is repaired within 95 s of the product's clock, whatever died and wherever: \`test/workflow/faults/recovery.test.ts\` and \`killed.test.ts\` assert it.

## The ScaleIO driver by itself

Before a simulated array with ${results.driver.counts}, in a process of its own, which reached ${round(results.driver.peakBytes / 1024 ** 2)} MB. Conformance over the wire, without a program that writes to volumes: ${results.driver.conformance.passed} cases passed, ${results.driver.conformance.failed} failed, ${results.driver.conformance.notTried} not tried, ${round(results.driver.conformance.seconds)} s.

${driverTable(results)}

## Bundles

${bundleTable(results)}
`;
