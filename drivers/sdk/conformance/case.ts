import type { Capability } from '../verbs.ts';
import type { Bench } from './bench.ts';
import type { Need } from './target.ts';

/** One promise of the contract, tried on a driver. It throws when the promise is broken. */
export interface ConformanceCase {
  /** A sentence about behaviour. */
  name: string;
  capability: Capability | 'identity';
  needs?: readonly Need[];
  run(bench: Bench): Promise<void>;
}
