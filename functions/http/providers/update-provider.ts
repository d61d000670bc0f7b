import { ControlPlaneError } from '../../../core/errors.ts';
import { changed } from '../../../core/inventory/changes.ts';
import { getActive } from '../../../core/inventory/read.ts';
import type { StorageProvider } from '../../../core/inventory/schemas.ts';
import { brakePatch } from '../../../core/operation/brake.ts';
import { renameClaim } from '../../../core/provider/array-claim.ts';
import { withFirstEndpoint } from '../../../core/provider/endpoints.ts';
import { authorOf, conclude, type RequestContext } from '../../../core/request.ts';
import { providerKind, showProvider } from '../api/physical/provider-kind.ts';
import { systemAdmins } from '../api/resource-kind.ts';
import { defineRoute } from '../route.ts';
import { type CheckedArray, checkConnection } from './check-connection.ts';
import { checkAddress, trustGiven } from './connection.ts';
import type { ProviderPorts } from './ports.ts';
import { type ProviderUpdate, providerUpdateBody } from './provider-fields.ts';

/** How the provider is reached and logged in to from now on. Address and certificate are those of its first gateway. */
const wanted = (provider: StorageProvider, body: ProviderUpdate) => {
  const address = {
    ...(body.ip_address === undefined ? {} : { host: body.ip_address }),
    ...(body.port_number === undefined ? {} : { port: body.port_number }),
  };
  return { ...withFirstEndpoint(provider, address, trustGiven(body)), userName: body.user_name ?? provider.userName };
};

type Wanted = ReturnType<typeof wanted>;

/** A gateway that is reached or trusted anew must answer itself; all of them when they are trusted in another way. */
const toCheck = (
  provider: StorageProvider,
  { endpoints, tls }: Wanted,
  body: ProviderUpdate,
): (readonly StorageProvider['endpoints'][number][])[] => {
  if (tls.mode !== provider.tls.mode) return endpoints.map((endpoint) => [endpoint]);
  const isMoved = body.ip_address !== undefined || body.port_number !== undefined || trustGiven(body) !== undefined;
  return [isMoved ? endpoints.slice(0, 1) : endpoints];
};

const refuseHalfCredentials = (body: ProviderUpdate): void => {
  if (body.user_name !== undefined && body.password === undefined)
    throw new ControlPlaneError('password is missing; user_name is changed together with it', { code: 'request.parameterMissing' });
};

interface Recheck {
  readonly provider: StorageProvider;
  readonly wanted: Wanted;
}

/** With a new password that one is tried, otherwise the stored one. */
const recheckAt = async (
  ports: ProviderPorts,
  request: RequestContext & { body: ProviderUpdate },
  { provider, wanted: next, endpoints }: Recheck & { readonly endpoints: StorageProvider['endpoints'] },
): Promise<CheckedArray> => {
  const { password } = request.body;
  const array = await checkConnection(ports, request, {
    driverType: provider.driverType,
    options: provider.options,
    connection: { endpoints, tls: next.tls },
    as:
      password === undefined
        ? { secretId: provider.secretName, arrayId: provider.arrayId }
        : { credentials: { username: next.userName, password } },
  });
  if (array.arrayId !== provider.arrayId)
    throw new ControlPlaneError(
      `the array ${array.arrayId} answers there, and ${provider.name} is pinned to the array ${provider.arrayId}; register the other one by itself`,
      { code: 'provider.otherArray' },
    );
  return array;
};

const recheck = async (
  ports: ProviderPorts,
  request: RequestContext & { body: ProviderUpdate },
  next: Recheck,
): Promise<Partial<StorageProvider>> => {
  const [first = [], ...others] = toCheck(next.provider, next.wanted, request.body);
  const array = await recheckAt(ports, request, { ...next, endpoints: [...first] });
  for (const endpoints of others) await recheckAt(ports, request, { ...next, endpoints: [...endpoints] });
  return { ...next.wanted, versionText: array.version, model: array.model, connection: 'connected' };
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
  return { ...record, ...(await recheck(ports, request, { provider, wanted: wanted(provider, body) })) };
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
    const answer = await showProvider(next, ports);
    const { password } = request.body;
    if (password !== undefined && !request.dryRun)
      await ports.secrets.write(provider.secretName, JSON.stringify({ username: next.userName, password }));
    const renamed = next.name === provider.name ? [] : [renameClaim(provider, next.name)];
    const writes = [...changed(provider, patch, { author: authorOf(ports, request) }), ...renamed];
    return conclude(ports, request, { writes, answer, plan: { change: answer } });
  },
});
