import type { Log, Secrets } from '../../core/ports.ts';
import { readEnvironment } from './env.ts';
import { powertoolsLog } from './log.ts';
import { signedSecretReader } from './secret-reader.ts';

export interface DriverPorts {
  secrets: Pick<Secrets, 'read'>;
  now: () => number;
  /** Networks that arrays may be in. */
  allowedCidrs: readonly string[];
  log: Pick<Log, 'info' | 'error'>;
}

/** Composed apart from the rest: a driver's bundle holds no other AWS client. */
export const awsDriverPorts = (driverType: string): DriverPorts => ({
  secrets: signedSecretReader(),
  now: Date.now,
  allowedCidrs: readEnvironment().ARRAY_CIDRS,
  log: powertoolsLog(`driver-${driverType}`),
});
