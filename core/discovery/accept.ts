import { changed } from '../inventory/changes.ts';
import type { StorageProvider } from '../inventory/schemas.ts';
import { acceptOperation } from '../operation/accept.ts';
import { taskBody } from '../operation/represent.ts';
import { findTask } from '../operation/store.ts';
import type { ApiPorts, Conclusion, RequestContext } from '../request.ts';
import { authorOf } from '../request.ts';
import { taskIdOf } from '../urn.ts';
import type { DiscoveryPlan } from './plan.ts';

export interface DiscoveryRequest {
  readonly provider: StorageProvider;
  readonly requestedBy: DiscoveryPlan['requestedBy'];
  readonly rootTenantId: string;
}

/** The operation and task of a discovery; `writes` of the caller go into the same transaction. */
export const discoveryIntent = (operationId: string, { provider, requestedBy, rootTenantId }: DiscoveryRequest) => ({
  operationId,
  workflow: 'discover-provider',
  tenantId: rootTenantId,
  plan: { providerId: provider.id, requestedBy } satisfies DiscoveryPlan,
  preview: { workflow: 'discover-provider', provider: provider.id },
  tasks: [{ resourceId: provider.id, resourceName: provider.name, name: 'DISCOVER STORAGE PROVIDER' }],
  changes: [],
  answer: 'task' as const,
});

/** Discovers a provider; while one discovery runs, its task is the answer. */
export const acceptDiscovery = async (
  ports: ApiPorts,
  request: RequestContext,
  discovery: DiscoveryRequest,
): Promise<Conclusion['answer']> => {
  const { provider } = discovery;
  const running = provider.activeTaskId ? await findTask(ports.rows, provider.activeTaskId) : undefined;
  if (running) return taskBody(running);
  const operationId = ports.ids.uuid();
  const author = authorOf(ports, request, operationId);
  const started = {
    activeTaskId: taskIdOf(operationId, provider.id),
    discovery: { ...provider.discovery, status: 'in-progress' as const },
  };
  const writes = changed(provider, started, { author });
  return acceptOperation(ports, request, { ...discoveryIntent(operationId, discovery), writes });
};
