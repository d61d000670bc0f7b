import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Log, Secrets } from '../../core/ports.ts';
import { readEnvironment } from './env.ts';
import { powertoolsLog } from './log.ts';
import { secretsManager } from './secrets.ts';

export interface DriverPorts {
  secrets: Pick<Secrets, 'read'>;
  now: () => number;
  /** Networks that arrays may be in. */
  allowedCidrs: readonly string[];
  log: Pick<Log, 'info' | 'error'>;
}

/** Composed apart from the rest: a driver's bundle holds no other AWS client. */
export const awsDriverPorts = (driverType: string): DriverPorts => ({
  secrets: secretsManager(new SecretsManagerClient({})),
  now: Date.now,
  allowedCidrs: readEnvironment().ARRAY_CIDRS,
  log: powertoolsLog(`driver-${driverType}`),
});
