import type { Jobs, Queues } from '../../core/ports.ts';
import type { ApiPorts } from '../../core/request.ts';

export interface EventPorts extends ApiPorts {
  readonly jobs: Jobs;
  readonly queues: Queues;
  readonly count: (name: 'Tick') => void;
}
