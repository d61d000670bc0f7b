import type { Judged } from './report.ts';
import type { Results } from './results.ts';

const megabyte = 1024 ** 2;
const kilobyte = 1024;

const operationBudgets = ({ operations }: Results): Judged[] => {
  const one = operations.find(({ name }) => name === 'create 1 volume');
  if (!one) return [];
  const { counted, costUsd } = one;
  return [
    { what: 'create a volume: Step Functions transitions', value: counted.transitions, unit: '', budget: 4 },
    { what: 'create a volume: Lambda runs beside the API’s', value: counted.lambdaRuns, unit: '', budget: 2 },
    {
      what: 'create a volume: gateway calls beside login and the check of the array’s id',
      value: counted.gatewayCalls - 1,
      unit: '',
      budget: 3,
    },
    { what: 'create a volume: write units', value: counted.writeUnits, unit: '', budget: 28 },
    { what: 'create 1,000 volumes: AWS cost', value: costUsd * 1000, unit: 'US$', budget: 0.17 },
  ];
};

const bundleBudgets = ({ bundles }: Results): Judged[] =>
  bundles
    .filter(({ name }) => name === 'api' || name.startsWith('driver-'))
    .flatMap(({ name, bytes, loadMs }): Judged[] => {
      const isApi = name === 'api';
      return [
        { what: `bundle of ${name}`, value: bytes / kilobyte, unit: 'KB', budget: isApi ? 700 : 250 },
        { what: `load of ${name}`, value: loadMs, unit: 'ms', budget: isApi ? 100 : 40 },
      ];
    });

const startBudgets = ({ starts }: Results): Judged[] => [
  { what: 'boot from a prebuilt assembly (best)', value: starts.bestBootMs, unit: 'ms', budget: 1500 },
  { what: 'boot from a prebuilt assembly (median)', value: starts.medianBootMs, unit: 'ms', budget: 1500 },
  { what: 'memory while idle', value: starts.idleBytes / megabyte, unit: 'MB', budget: 250 },
];

const loadBudgets = ({ loads }: Results): Judged[] =>
  loads.flatMap(({ clients, volumesPerSecond, p50Ms, p99Ms, failures }): Judged[] => {
    const what = `creates by ${clients} client${clients === 1 ? '' : 's'}`;
    if (clients === 1) return [{ what: `${what}: accepted until ready, median`, value: p50Ms, unit: 'ms', budget: 250 }];
    const failed: Judged = { what: `${what}: failures`, value: failures.length, unit: '', budget: 0 };
    if (clients > 10) return [failed];
    return [
      { what: `${what}: volumes a second`, value: volumesPerSecond, unit: '', budget: 20, atLeast: true },
      { what: `${what}: p99`, value: p99Ms, unit: 'ms', budget: 1000 },
      failed,
    ];
  });

const rediscoveryBudgets = ({ rediscovery }: Results): Judged[] => {
  const { volumes, unchanged, peakBytes } = rediscovery;
  const what = `rediscover ${volumes} unchanged volumes`;
  return [
    { what: `${what}: resource rows written`, value: unchanged.rowsWritten, unit: '', budget: 0 },
    { what: `${what}: Step Functions transitions`, value: unchanged.counted.transitions, unit: '', budget: 12 },
    { what: `${what}: AWS cost`, value: unchanged.costUsd, unit: 'US$', budget: 0.002 },
    { what: `${what}: peak memory of control and driver in one process`, value: peakBytes / megabyte, unit: 'MB', budget: 512 },
  ];
};

/** Every budget that one machine can measure. */
export const judgedBy = (results: Results): Judged[] => [
  ...operationBudgets(results),
  ...loadBudgets(results),
  { what: 'a page of 50 among 5,000 volumes (median)', value: results.page.p50Ms, unit: 'ms', budget: 30 },
  ...rediscoveryBudgets(results),
  { what: 'placement over 1,000 pools (best)', value: results.placementMs, unit: 'ms', budget: 5 },
  ...startBudgets(results),
  ...bundleBudgets(results),
];
