import type { IdentityPorts } from '../../core/identity/authenticate.ts';
import type { Ids } from '../../core/ports.ts';

/** What the endpoint itself works with; a function's handlers may need more. */
export interface EndpointPorts extends IdentityPorts {
  readonly ids: Ids;
}
