import { ControlPlaneError } from '../../../core/errors.ts';
import { readInstallation } from '../../../core/identity/installation.ts';
import { changed } from '../../../core/inventory/changes.ts';
import { getActive } from '../../../core/inventory/read.ts';
import type { StorageProvider } from '../../../core/inventory/schemas.ts';
import { recordOperation } from '../../../core/operation/record.ts';
import { knownArray } from '../../../core/provider/array-claim.ts';
import { type Address, hasEndpoint, withEndpoint } from '../../../core/provider/endpoints.ts';
import { authorOf, type Conclusion, type RequestContext } from '../../../core/request.ts';
import type { TlsTrust } from '../../../drivers/sdk/driver.ts';
import { checkConnection } from './check-connection.ts';
import type { ProviderPorts } from './ports.ts';

export interface AddedEndpoint {
  readonly providerId: string;
  readonly driverType: string;
  readonly address: Address;
  readonly tls: TlsTrust;
}

const requireNew = (provider: StorageProvider, { address, driverType }: AddedEndpoint): void => {
  if (hasEndpoint(provider, address) || provider.driverType !== driverType)
    throw new ControlPlaneError(knownArray(provider.arrayId, `${provider.name} (${provider.id})`), { code: 'provider.known' });
};

/**
 * Another gateway of an array that is registered: one more way to it, never a second array. The credentials that are kept must be good there
 * too; those of the request were tried, and are not kept.
 */
export const addEndpoint = async (ports: ProviderPorts, request: RequestContext, added: AddedEndpoint): Promise<Conclusion['answer']> => {
  const provider = await getActive(ports.rows, 'system', { type: 'StorageProvider', id: added.providerId });
  requireNew(provider, added);
  const patch = withEndpoint(provider, added.address, added.tls);
  await checkConnection(ports, request, {
    driverType: provider.driverType,
    options: provider.options,
    connection: { endpoints: [added.address], tls: added.tls },
    as: { secretId: provider.secretName, arrayId: provider.arrayId },
  });
  const operationId = ports.ids.uuid();
  const at = `${added.address.host}:${added.address.port}`;
  const message = `the array ${provider.arrayId} is registered already, as ${provider.name}; ${at} was added to it as gateway ${patch.endpoints.length}`;
  return recordOperation(ports, request, {
    operationId,
    workflow: 'provider-add-endpoint',
    tenantId: (await readInstallation(ports.rows))?.rootTenantId ?? request.principal.tenantId,
    plan: { providerId: provider.id },
    preview: {
      add_endpoint: { storage_provider: provider.id, name: provider.name, ip_address: added.address.host, port_number: added.address.port },
    },
    tasks: [{ resourceId: provider.id, resourceName: provider.name, name: 'ADD STORAGE PROVIDER ENDPOINT' }],
    message,
    writes: changed(provider, patch, { author: authorOf(ports, request, operationId) }),
    answer: 'task',
  });
};
