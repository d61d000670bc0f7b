import type { Row } from '../../core/change.ts';
import type { Comparison } from '../../core/discovery/compare.ts';
import type { Finding } from '../../core/discovery/found.ts';
import { type DiscoveryPlan, discoveryPlanSchema } from '../../core/discovery/plan.ts';
import { type Installation, readInstallation } from '../../core/identity/installation.ts';
import type { Author } from '../../core/inventory/changes.ts';
import type { StorageProvider } from '../../core/inventory/schemas.ts';
import type { Operation } from '../../core/operation/schema.ts';
import { DriverError } from '../../drivers/sdk/errors.ts';
import type { InventoryPage, InventoryRequest } from '../../drivers/sdk/verbs.ts';
import { callDriver, getProvider } from './call-arrays.ts';
import { ControlError } from './control-error.ts';
import { knownRows } from './known-rows.ts';
import type { Loaded } from './load.ts';
import type { ControlPorts } from './ports.ts';
import { workflowAuthor } from './settle-operation.ts';

export interface Discovery {
  readonly operation: Operation;
  readonly plan: DiscoveryPlan;
  readonly installation: Installation;
  readonly provider: StorageProvider;
  /** First characters of every name that the driver gives. */
  readonly namePrefix: string;
  readonly comparison: Comparison;
  readonly author: Author;
  /** Everything physical, as it was before the array was read. */
  readonly known: readonly Row[];
}

export const beginDiscovery = async (ports: ControlPorts, loaded: Loaded): Promise<Discovery> => {
  const plan = discoveryPlanSchema.parse(loaded.plan);
  const provider = await getProvider(ports, plan.providerId);
  const installation = await readInstallation(ports.rows);
  if (!installation) throw new ControlError('Refused', 'the installation has no root tenant; nobody has logged in yet');
  const { systemType, protocols, namePrefix } = ports.declarationOf(provider.driverType);
  const known = await knownRows(ports.rows, provider.id);
  const author = { ...workflowAuthor(ports, loaded.operation), actor: 'discovery' };
  const finding: Finding = {
    provider,
    systemType,
    rootTenantId: installation.rootTenantId,
    at: author.at,
    observation: provider.observation + 1,
  };
  const before = new Map(known.map((row) => [row.pk, row]));
  const { operation } = loaded;
  return { operation, plan, installation, provider, namePrefix, author, known, comparison: { finding, protocols, before } };
};

/** What storing a page and all that follows may take. */
const reserveMs = 60_000;

/** Hands page after page to `store`; whether the array's own counts prove that nothing was missed. */
export const readPages = async (
  ports: ControlPorts,
  { operation, provider }: Discovery,
  walk: { readonly scope: InventoryRequest['scope']; readonly limit: number; store(page: InventoryPage): Promise<void> },
): Promise<boolean> => {
  let cursor: string | undefined;
  for (;;) {
    const input = { scope: walk.scope, limit: walk.limit, ...(cursor ? { cursor } : {}) };
    const page = (await callDriver(ports, provider, { verb: 'readInventory', input, operation })) as InventoryPage;
    await walk.store(page);
    cursor = page.nextCursor;
    if (!cursor) return page.complete;
    if (ports.clock.now() > ports.deadline() - reserveMs)
      throw new DriverError('there is more to be read', { outcome: 'DriverUnfinished', code: 'time.exhausted' });
  }
};
