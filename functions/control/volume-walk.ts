import type { Seen } from '../../core/discovery/seen.ts';
import type { Known, Sighting } from '../../core/discovery/sighting.ts';

/** What a walk through an array's volumes has come upon; added to page by page. */
export interface VolumeWalk {
  readonly known: Known;
  /** Epoch milliseconds; what the array tells may be as old as this. */
  readonly begunAt: number;
  /** Native ids of everything that is there. */
  readonly found: Set<string>;
  /** Native ids of everything that something was taken from. */
  readonly ancestors: Set<string>;
  /** What is to be compared with next time. */
  readonly next: Map<string, Seen>;
  /** Native ids of what need not be remembered any more. */
  readonly gone: Set<string>;
  /** Bearing our mark without a record, changed or not. */
  readonly orphans: Sighting[];
  /** What is there and not ours: by native id, the pool's. */
  readonly foreign: Map<string, string>;
  /** Native ids of objects that bear the name of a volume with another id, by that volume's id. */
  readonly namesakes: Map<string, string>;
}
