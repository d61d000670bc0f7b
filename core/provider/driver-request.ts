import { contractVersion, type DriverRequest } from '../../drivers/sdk/driver.ts';
import type { StorageProvider } from '../inventory/schemas.ts';

export type DriverCall = Pick<DriverRequest, 'verb' | 'input' | 'correlationId' | 'deadline'>;

/** What a driver is asked of a registered array. */
export const driverRequest = (provider: StorageProvider, call: DriverCall): DriverRequest => ({
  contractVersion,
  arrayId: provider.arrayId,
  connection: { endpoints: provider.endpoints, tls: provider.tls },
  options: provider.options,
  secretId: provider.secretName,
  ...call,
});
