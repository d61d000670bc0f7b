import type { Jobs } from '../../core/ports.ts';
import type { ApiPorts } from '../../core/request.ts';

export interface EventPorts extends ApiPorts {
  readonly jobs: Jobs;
  readonly count: (name: 'Tick') => void;
}
