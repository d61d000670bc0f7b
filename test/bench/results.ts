import type { BundleFigures } from './bundles.ts';
import type { Counted } from './counted.ts';
import type { DriverFigures } from './driver.ts';
import type { LoadResult } from './load.ts';
import type { RecoveryFigures } from './recovery.ts';
import type { RediscoveryFigures } from './rediscovery.ts';
import type { StartFigures } from './starts.ts';

/** All that was measured. */
export interface Results {
  /** Cores and Node.js, as a sentence. */
  readonly machine: string;
  readonly loadBefore: number;
  readonly loadAfter: number;
  readonly operations: readonly {
    readonly name: string;
    readonly counted: Counted;
    readonly costUsd: number;
    readonly milliseconds: number;
  }[];
  readonly loads: readonly LoadResult[];
  readonly page: { readonly p50Ms: number; readonly p99Ms: number };
  readonly rediscovery: RediscoveryFigures;
  readonly recovery: RecoveryFigures;
  readonly driver: DriverFigures;
  readonly placementMs: number;
  readonly bundles: readonly BundleFigures[];
  readonly starts: StartFigures;
}
