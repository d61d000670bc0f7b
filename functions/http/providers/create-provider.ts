import { discoveryIntent } from '../../../core/discovery/accept.ts';
import { ControlPlaneError } from '../../../core/errors.ts';
import { readInstallation } from '../../../core/identity/installation.ts';
import { created } from '../../../core/inventory/changes.ts';
import { listPk, nameSortKey } from '../../../core/inventory/listings.ts';
import { newResource, resourceKey } from '../../../core/inventory/resource.ts';
import type { StorageProvider } from '../../../core/inventory/schemas.ts';
import { acceptOperation } from '../../../core/operation/accept.ts';
import { claimArray, ownerOfArray } from '../../../core/provider/array-claim.ts';
import { endpointOf, storedTrust } from '../../../core/provider/endpoints.ts';
import { authorOf, type RequestContext } from '../../../core/request.ts';
import { makeUrn, taskIdOf } from '../../../core/urn.ts';
import { systemAdmins } from '../api/resource-kind.ts';
import { taskShape } from '../api/tasks/task-shape.ts';
import { defineRoute } from '../route.ts';
import { addEndpoint } from './add-endpoint.ts';
import { type CheckedArray, checkConnection } from './check-connection.ts';
import { checkAddress, requireDriver, trustOf } from './connection.ts';
import type { ProviderPorts } from './ports.ts';
import { type ProviderCreate, providerCreateBody } from './provider-fields.ts';

/** Found out before the array is asked anything; the transaction has the last word. */
const refuseTakenName = async ({ rows }: ProviderPorts, name: string): Promise<void> => {
  if (await rows.get('Inventory', { pk: listPk('all', 'StorageProvider'), sk: nameSortKey(name) }))
    throw new ControlPlaneError(`name: there is a storage provider named ${JSON.stringify(name)}`, { code: 'resource.nameTaken' });
};

/** The provider but for what only the array can tell. */
const intended = (body: ProviderCreate, ports: ProviderPorts) => {
  const driver = requireDriver(body.interface_type);
  checkAddress(body.ip_address, ports.config.arrayCidrs);
  return {
    driverType: driver.type,
    interfaceType: driver.interfaceType,
    endpoints: [{ host: body.ip_address, port: body.port_number }],
    tls: trustOf(driver, body.use_ssl, body),
    options: driver.options.parse({}) as Record<string, unknown>,
    userName: body.user_name,
    secretName: `${ports.config.secretPrefix}/${driver.type}/${ports.ids.uuid()}`,
  };
};

type Intended = ReturnType<typeof intended>;

const checked = (
  ports: ProviderPorts,
  request: RequestContext & { readonly body: ProviderCreate },
  facts: Intended,
): Promise<CheckedArray> =>
  checkConnection(ports, request, {
    driverType: facts.driverType,
    options: facts.options,
    connection: { endpoints: facts.endpoints, tls: facts.tls },
    as: { credentials: { username: request.body.user_name, password: request.body.password } },
  });

interface Registration {
  readonly provider: StorageProvider;
  readonly operationId: string;
  readonly array: CheckedArray;
}

const registrationOf = (name: string, ports: ProviderPorts, { facts, array }: { facts: Intended; array: CheckedArray }): Registration => {
  const operationId = ports.ids.uuid();
  const id = makeUrn('StorageProvider', ports.ids.uuid());
  const provider: StorageProvider = {
    ...newResource(id, name, new Date(ports.clock.now()).toISOString()),
    ...facts,
    endpoints: facts.endpoints.map((endpoint) => endpointOf(endpoint, facts.tls)),
    tls: storedTrust(facts.tls),
    arrayId: array.arrayId,
    versionText: array.version,
    model: array.model,
    connection: 'connected',
    operations: 'normal',
    discovery: { status: 'in-progress' },
    observation: 0,
    activeTaskId: taskIdOf(operationId, id),
  };
  return { provider, operationId, array };
};

const preview = ({ provider, array }: Registration) => ({
  register: { name: provider.name, provider_id: array.arrayId, model: array.model, version: array.version },
  warnings: array.warnings,
});

const accept = async (ports: ProviderPorts, request: RequestContext, registered: Registration) => {
  const { provider, operationId } = registered;
  const rootTenantId = (await readInstallation(ports.rows))?.rootTenantId ?? request.principal.tenantId;
  return acceptOperation(ports, request, {
    ...discoveryIntent(operationId, { provider, requestedBy: 'operator', rootTenantId }),
    preview: preview(registered),
    writes: [...created(provider, authorOf(ports, request, operationId)), claimArray(provider)],
  });
};

/** The secret stays only if the provider does; when an outcome is not known, the store is asked. */
const withSecret = async <T>(
  ports: ProviderPorts,
  provider: StorageProvider,
  secret: { value: string; work: () => Promise<T> },
): Promise<T> => {
  await ports.secrets.write(provider.secretName, secret.value);
  try {
    return await secret.work();
  } catch (error) {
    if (!(await ports.rows.get('Inventory', resourceKey(provider.id)))) await ports.secrets.remove(provider.secretName);
    throw error;
  }
};

export const route = defineRoute({
  method: 'POST',
  path: '/vdc/storage-providers',
  function: 'providers',
  permission: systemAdmins,
  summary:
    'Register an array: check the connection, pin the array, keep the credentials, discover; or one more gateway of a registered one',
  body: providerCreateBody,
  response: taskShape,
  status: 202,
  async handler(request, ports: ProviderPorts) {
    const facts = intended(request.body, ports);
    await refuseTakenName(ports, request.body.name);
    const array = await checked(ports, request, facts);
    const providerId = await ownerOfArray(ports.rows, array.arrayId);
    const { driverType, tls } = facts;
    const address = { host: request.body.ip_address, port: request.body.port_number };
    if (providerId !== undefined) return addEndpoint(ports, request, { providerId, driverType, address, tls });
    const registered = registrationOf(request.body.name, ports, { facts, array });
    const work = () => accept(ports, request, registered);
    if (request.dryRun) return work();
    const value = JSON.stringify({ username: request.body.user_name, password: request.body.password });
    return withSecret(ports, registered.provider, { value, work });
  },
});
