import * as z from 'zod';
import { acceptDiscovery } from '../../core/discovery/accept.ts';
import { rediscoverySeconds } from '../../core/discovery/plan.ts';
import { readInstallation } from '../../core/identity/installation.ts';
import { findResource } from '../../core/inventory/read.ts';
import type { StorageProvider } from '../../core/inventory/schemas.ts';
import type { RequestContext } from '../../core/request.ts';
import type { EventPorts } from './ports.ts';
import { sumCapacity } from './sum-capacity.ts';
import { sumEveryQuota } from './sum-quotas.ts';

const jobSchema = z.object({ kind: z.enum(['discovery', 'capacity-sum', 'quota-sum']), targetId: z.string() });

const toleranceMs = 60_000;

const isStillDue = (lastRunAt: string | undefined, nowMs: number): boolean =>
  lastRunAt === undefined || Date.parse(lastRunAt) + rediscoverySeconds * 1000 - toleranceMs <= nowMs;

const discover = async (ports: EventPorts, provider: StorageProvider): Promise<void> => {
  const installation = await readInstallation(ports.rows);
  if (!installation || provider.activeTaskId || provider.removal || !isStillDue(provider.discovery.lastRunAt, ports.clock.now())) return;
  const request: RequestContext = {
    principal: { user: 'schedule', tenantId: installation.rootTenantId, systemRoles: ['SYSTEM_ADMIN'], tenantRoles: [] },
    correlationId: ports.ids.uuid(),
    dryRun: false,
  };
  await acceptDiscovery(ports, request, { provider, requestedBy: 'schedule', rootTenantId: installation.rootTenantId });
};

/** Scheduled work. A job may be old: whether it is still wanted is looked at again. */
export const runJob = async (ports: EventPorts, body: string): Promise<void> => {
  const { kind, targetId } = jobSchema.parse(JSON.parse(body));
  if (kind === 'quota-sum') return sumEveryQuota(ports);
  const provider = await findResource(ports.rows, 'system', { type: 'StorageProvider', id: targetId });
  if (!provider || provider.inactive) return;
  await (kind === 'discovery' ? discover(ports, provider) : sumCapacity(ports, provider));
};
