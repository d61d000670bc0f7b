import { functionOrMachineOf } from './access-keys.ts';
import type { Meter, Usage } from './ports.ts';

const nothing: Usage = { readUnits: 0, writeUnits: 0, transactionConflicts: 0, lambdaRuns: 0, lambdaMs: 0, transitions: 0 };
const counters = Object.keys(nothing) as (keyof Usage)[];

/** Counts for each function and state machine, whether its name or its access key is given. */
export function createMeter(): Meter {
  const totals = new Map<string, Usage>();
  return {
    add(caller, used) {
      const name = functionOrMachineOf(caller);
      const before = totals.get(name) ?? nothing;
      const after = counters.map((counter) => [counter, before[counter] + (used[counter] ?? 0)] as const);
      totals.set(name, { ...nothing, ...Object.fromEntries(after) });
    },
    snapshot: () => Object.fromEntries(totals),
  };
}
