import { type DiscoveryPlan, discoveryPlanSchema, rediscoverySeconds } from '../../core/discovery/plan.ts';
import { changed } from '../../core/inventory/changes.ts';
import { providerSchema, type StorageProvider } from '../../core/inventory/schemas.ts';
import type { Settlement, Settling, WorkflowSteps } from '../../core/operation/steps.ts';
import { taskIdOf } from '../../core/urn.ts';

type End = Pick<StorageProvider, 'connection' | 'observation' | 'discovery'>;

const nextDue = (at: string, providerId: string): string =>
  `${new Date(Date.parse(at) + rediscoverySeconds * 1000).toISOString()}#${providerId}`;

const endProvider = ({ plan, operation, author, row }: Settling<DiscoveryPlan>, end: (provider: StorageProvider) => End) => {
  const stored = row(plan.providerId);
  if (!stored) return [];
  const provider = providerSchema.parse(stored);
  const lock = { attribute: 'activeTaskId', is: '=', value: taskIdOf(operation.id, provider.id) } as const;
  const due = { duePk: 'discovery', dueSk: nextDue(author.at, provider.id) };
  return changed(provider, { ...end(provider), ...due, activeTaskId: undefined }, { author, guard: { when: [lock] } });
};

const commit = (settling: Settling<DiscoveryPlan>): Settlement => {
  const { at } = settling.author;
  const end = (provider: StorageProvider): End => ({
    connection: 'connected',
    observation: provider.observation + 1,
    discovery: { status: 'complete', lastRunAt: at, successAt: at },
  });
  return {
    writes: endProvider(settling, end),
    tasks: [{ resourceId: settling.plan.providerId, state: 'ready', message: 'the storage provider was discovered' }],
  };
};

const rollBack = (settling: Settling<DiscoveryPlan>): Settlement => {
  const message = settling.failure?.message ?? 'the discovery failed';
  const end = (provider: StorageProvider): End => ({
    connection: 'not-connected',
    observation: provider.observation,
    discovery: { ...provider.discovery, status: 'error', lastRunAt: settling.author.at, message },
  });
  return {
    writes: endProvider(settling, end),
    tasks: [{ resourceId: settling.plan.providerId, state: 'error', message, error: { code: 'operation.failed', details: message } }],
  };
};

/** The reading and storing itself is done page by page by the control function. */
export const discoverProviderSteps: WorkflowSteps<DiscoveryPlan> = {
  plan: discoveryPlanSchema,
  steps: { DiscoverProvider: { run: () => [] } },
  resources: (plan) => [plan.providerId],
  commit,
  rollBack,
};
