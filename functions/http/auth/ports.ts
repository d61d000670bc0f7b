import type { ApiPorts } from '../../../core/request.ts';

/** What logging in works with: the only function that writes users and tokens. */
export interface AuthPorts extends Omit<ApiPorts, 'workflows'> {
  rootPassword(): Promise<string>;
}
