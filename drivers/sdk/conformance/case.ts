import type { Capability } from '../capability-verbs.ts';
import type { Bench } from './bench.ts';
import type { Need } from './target.ts';

/** One promise of the contract, tried on a driver. It throws when the promise is broken. */
export interface ConformanceCase {
  /** A sentence about behaviour. */
  name: string;
  capability: Capability | 'identity';
  /** Others that it tries together with its own. */
  also?: readonly Capability[];
  needs?: readonly Need[];
  run(bench: Bench): Promise<void>;
}
