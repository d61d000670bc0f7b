import { acceptDiscovery } from '../../../../core/discovery/accept.ts';
import { readInstallation } from '../../../../core/identity/installation.ts';
import { getMany, listStubs } from '../../../../core/inventory/read.ts';
import type { StorageProvider } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';
import type { ApiPorts, RequestContext } from '../../../../core/request.ts';

const rootTenantOf = async (rows: Rows, request: RequestContext): Promise<string> =>
  (await readInstallation(rows))?.rootTenantId ?? request.principal.tenantId;

/** Discovers one provider; the running task if it is being discovered. */
export const discoverOne = async (ports: ApiPorts, request: RequestContext, provider: StorageProvider) =>
  acceptDiscovery(ports, request, { provider, requestedBy: 'operator', rootTenantId: await rootTenantOf(ports.rows, request) });

/** Discovers every provider. Asked again, it answers the tasks that run: it needs no idempotency key and takes none. */
export const discoverAll = async (ports: ApiPorts, request: RequestContext) => {
  const { stubs } = await listStubs(ports.rows, { type: 'StorageProvider', scope: 'all' });
  const providers = await getMany(ports.rows, 'system', { type: 'StorageProvider', ids: stubs.map(({ id }) => id) });
  const { idempotency, ...repeatable } = request;
  const answers = [];
  for (const provider of providers.filter(({ removal }) => !removal)) answers.push(await discoverOne(ports, repeatable, provider));
  return { task: answers };
};
