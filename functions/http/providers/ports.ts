import type { Drivers, Secrets } from '../../../core/ports.ts';
import type { ApiPorts } from '../../../core/request.ts';

/** What registering arrays works with: the only function that writes secrets and calls drivers by itself. */
export interface ProviderPorts extends ApiPorts {
  readonly drivers: Drivers;
  readonly secrets: Omit<Secrets, 'read'>;
  readonly config: { readonly arrayCidrs: readonly string[]; readonly secretPrefix: string };
}
