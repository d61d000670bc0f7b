import type { Authorize, Clock, Meter } from '../ports.ts';
import type { OnStorageFailure } from '../storage-failure.ts';
import type { PlannedFaults } from './faults.ts';
import type { IndexLag } from './index-lag.ts';
import type { ItemLocks } from './locks.ts';
import type { Store } from './store.ts';
import type { TimeToLive } from './time-to-live.ts';
import type { Tokens } from './tokens.ts';

/** All that the operations work with. */
export interface Engine {
  store: Store;
  locks: ItemLocks;
  tokens: Tokens;
  lag: IndexLag;
  timeToLive: TimeToLive;
  faults: PlannedFaults;
  clock: Clock;
  authorize: Authorize;
  meter: Meter;
  arnPrefix: string;
  /** Told of what LevelDB could not write. */
  onStorageFailure: OnStorageFailure;
}

/** One request: who asks, and the JSON it sent. */
export interface Call {
  caller: string;
  operation: string;
  body: Record<string, unknown>;
}
