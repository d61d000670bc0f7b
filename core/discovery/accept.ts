import { ControlPlaneError } from '../errors.ts';
import { changed } from '../inventory/changes.ts';
import type { StorageProvider } from '../inventory/schemas.ts';
import { acceptOperation } from '../operation/accept.ts';
import { taskBody } from '../operation/represent.ts';
import { findTask } from '../operation/store.ts';
import { refuseRemoval } from '../provider/removing.ts';
import type { ApiPorts, Conclusion, RequestContext } from '../request.ts';
import { authorOf } from '../request.ts';
import { taskIdOf } from '../urn.ts';
import type { DiscoveryPlan } from './plan.ts';

export interface DiscoveryRequest {
  readonly provider: StorageProvider;
  readonly requestedBy: DiscoveryPlan['requestedBy'];
  readonly rootTenantId: string;
  /** So many missing at once are to be taken for true. */
  readonly acceptMissing?: number;
}

/** The operation and task of a discovery; `writes` of the caller go into the same transaction. */
export const discoveryIntent = (operationId: string, { provider, requestedBy, rootTenantId, acceptMissing }: DiscoveryRequest) => ({
  operationId,
  workflow: 'discover-provider',
  tenantId: rootTenantId,
  plan: { providerId: provider.id, requestedBy, ...(acceptMissing === undefined ? {} : { acceptMissing }) } satisfies DiscoveryPlan,
  preview: {
    workflow: 'discover-provider',
    provider: provider.id,
    ...(acceptMissing === undefined ? {} : { accept_missing: acceptMissing }),
  },
  tasks: [{ resourceId: provider.id, resourceName: provider.name, name: 'DISCOVER STORAGE PROVIDER' }],
  changes: [],
  answer: 'task' as const,
});

/** Who took it for true is told by the provider's history. */
const acceptedBy = ({ provider, acceptMissing: count }: DiscoveryRequest, { principal }: RequestContext): Partial<StorageProvider> =>
  count !== undefined && provider.ageingStopped ? { ageingStopped: { ...provider.ageingStopped, acceptedBy: principal.user } } : {};

/** Discovers a provider; while one discovery runs, its task is the answer. */
export const acceptDiscovery = async (
  ports: ApiPorts,
  request: RequestContext,
  discovery: DiscoveryRequest,
): Promise<Conclusion['answer']> => {
  const { provider } = discovery;
  const running = provider.activeTaskId ? await findTask(ports.rows, provider.activeTaskId) : undefined;
  if (running) return taskBody(running);
  refuseRemoval(provider);
  const operationId = ports.ids.uuid();
  const author = authorOf(ports, request, operationId);
  const started = {
    activeTaskId: taskIdOf(operationId, provider.id),
    discovery: { ...provider.discovery, status: 'in-progress' as const },
    ...acceptedBy(discovery, request),
  };
  const writes = changed(provider, started, { author });
  return acceptOperation(ports, request, { ...discoveryIntent(operationId, discovery), writes });
};

/**
 * Discovers a provider and believes what an earlier discovery did not: that so many objects are gone. No more than it told of; if more are
 * missing by now, ageing stops again.
 */
export const acceptMissing = async (
  ports: ApiPorts,
  request: RequestContext,
  { provider, rootTenantId }: Pick<DiscoveryRequest, 'provider' | 'rootTenantId'>,
): Promise<Conclusion['answer']> => {
  const stopped = provider.ageingStopped;
  if (!stopped)
    throw new ControlPlaneError(`no discovery of ${provider.name} has stopped because too much was missing`, { code: 'operation.state' });
  if (provider.activeTaskId)
    throw new ControlPlaneError(`${provider.name} is being discovered (${provider.activeTaskId}); try again when that task has ended`, {
      code: 'resource.busy',
    });
  return acceptDiscovery(ports, request, { provider, requestedBy: 'operator', rootTenantId, acceptMissing: stopped.missing });
};
