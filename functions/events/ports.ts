import type { Jobs, Queues, Sleeper } from '../../core/ports.ts';
import type { ApiPorts } from '../../core/request.ts';

export interface EventPorts extends ApiPorts, Sleeper {
  readonly jobs: Jobs;
  readonly queues: Queues;
  /** Names the tables that the store consists of. */
  readonly storeName: string;
  readonly count: (name: 'Tick' | 'CapacityDifference') => void;
}
