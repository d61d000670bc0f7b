import { ControlPlaneError } from '../../../core/errors.ts';
import { changed } from '../../../core/inventory/changes.ts';
import { getActive } from '../../../core/inventory/read.ts';
import type { StorageProvider } from '../../../core/inventory/schemas.ts';
import { brakePatch } from '../../../core/operation/brake.ts';
import { renameClaim } from '../../../core/provider/array-claim.ts';
import { authorOf, conclude, type RequestContext } from '../../../core/request.ts';
import type { TlsTrust } from '../../../drivers/sdk/driver.ts';
import { providerBody, providerKind } from '../api/physical/provider-kind.ts';
import { systemAdmins } from '../api/resource-kind.ts';
import { defineRoute } from '../route.ts';
import { type CheckedArray, checkConnection } from './check-connection.ts';
import { checkAddress, trustGiven } from './connection.ts';
import type { ProviderPorts } from './ports.ts';
import { type ProviderUpdate, providerUpdateBody } from './provider-fields.ts';

const storedTrust = (tls: TlsTrust): StorageProvider['tls'] => (tls.mode === 'pinned' ? { mode: 'pinned', sha256: [...tls.sha256] } : tls);

/** How the provider is reached and logged in to from now on. */
const wanted = (provider: StorageProvider, body: ProviderUpdate) => {
  const [first = { host: '', port: 0 }, ...others] = provider.endpoints;
  return {
    endpoints: [{ host: body.ip_address ?? first.host, port: body.port_number ?? first.port }, ...others],
    tls: storedTrust(trustGiven(body) ?? provider.tls),
    userName: body.user_name ?? provider.userName,
  };
};

const refuseHalfCredentials = (body: ProviderUpdate): void => {
  if (body.user_name !== undefined && body.password === undefined)
    throw new ControlPlaneError('password is missing; user_name is changed together with it', { code: 'request.parameterMissing' });
};

type Wanted = ReturnType<typeof wanted>;

/** With a new password that one is tried, otherwise the stored one. */
const recheck = async (
  ports: ProviderPorts,
  request: RequestContext & { body: ProviderUpdate },
  next: { provider: StorageProvider; wanted: Wanted },
): Promise<CheckedArray> => {
  const { provider } = next;
  const { password } = request.body;
  const array = await checkConnection(ports, request, {
    driverType: provider.driverType,
    options: provider.options,
    connection: { endpoints: next.wanted.endpoints, tls: next.wanted.tls },
    as:
      password === undefined
        ? { secretId: provider.secretName, arrayId: provider.arrayId }
        : { credentials: { username: next.wanted.userName, password } },
  });
  if (array.arrayId !== provider.arrayId)
    throw new ControlPlaneError(
      `the array ${array.arrayId} answers there, and ${provider.name} is pinned to the array ${provider.arrayId}; register the other one by itself`,
      { code: 'provider.otherArray' },
    );
  return array;
};

const changesConnection = ({ name, operations, operations_reason, ...connection }: ProviderUpdate): boolean =>
  Object.values(connection).some((value) => value !== undefined);

const patchOf = async (
  ports: ProviderPorts,
  request: RequestContext & { body: ProviderUpdate },
  provider: StorageProvider,
): Promise<Partial<StorageProvider>> => {
  const { body } = request;
  const at = new Date(ports.clock.now()).toISOString();
  const record = { name: body.name ?? provider.name, ...brakePatch(provider, body, at) };
  if (!changesConnection(body)) return record;
  refuseHalfCredentials(body);
  if (body.ip_address !== undefined) checkAddress(body.ip_address, ports.config.arrayCidrs);
  const next = wanted(provider, body);
  const array = await recheck(ports, request, { provider, wanted: next });
  return { ...record, ...next, versionText: array.version, model: array.model, connection: 'connected' };
};

export const route = defineRoute({
  method: 'PUT',
  path: '/vdc/storage-providers/{id}',
  function: 'providers',
  permission: systemAdmins,
  summary: 'Change the name, brake, address, credentials or certificate of a storage provider; the array stays the same',
  body: providerUpdateBody,
  response: providerKind.body,
  status: 200,
  async handler(request, ports: ProviderPorts) {
    const provider = await getActive(ports.rows, 'system', { type: 'StorageProvider', id: request.params['id'] ?? '' });
    const patch = await patchOf(ports, request, provider);
    const next = { ...provider, ...patch };
    const answer = providerBody(next);
    const { password } = request.body;
    if (password !== undefined && !request.dryRun)
      await ports.secrets.write(provider.secretName, JSON.stringify({ username: next.userName, password }));
    const renamed = next.name === provider.name ? [] : [renameClaim(provider, next.name)];
    const writes = [...changed(provider, patch, { author: authorOf(ports, request) }), ...renamed];
    return conclude(ports, request, { writes, answer, plan: { change: answer } });
  },
});
