import type { Row, Write } from '../../core/change.ts';
import { age } from '../../core/discovery/ageing.ts';
import { type Comparison, candidatesOf } from '../../core/discovery/compare.ts';
import type { Finding } from '../../core/discovery/found.ts';
import { discoveryPlanSchema } from '../../core/discovery/plan.ts';
import { readInstallation } from '../../core/identity/installation.ts';
import type { Author } from '../../core/inventory/changes.ts';
import { resourceKey } from '../../core/inventory/resource.ts';
import type { StorageProvider } from '../../core/inventory/schemas.ts';
import type { InventoryPage } from '../../drivers/sdk/verbs.ts';
import { callDriver, getProvider } from './call-arrays.ts';
import { ControlError } from './control-error.ts';
import { knownRows } from './known-rows.ts';
import type { Loaded } from './load.ts';
import type { ControlPorts } from './ports.ts';
import { workflowAuthor } from './settle-operation.ts';

const pageLimit = 1000;
const writesPerTransaction = 90;

/** Groups that must stay together, packed into as few transactions as fit. */
const packed = (groups: readonly (readonly Write[])[]): Write[][] => {
  const transactions: Write[][] = [];
  for (const group of groups) {
    const last = transactions.at(-1);
    if (last && last.length + group.length <= writesPerTransaction) last.push(...group);
    else if (group.length > 0) transactions.push([...group]);
  }
  return transactions;
};

const transactAll = async (ports: ControlPorts, groups: readonly (readonly Write[])[]): Promise<void> => {
  for (const writes of packed(groups)) await ports.rows.transact(writes);
};

interface Discovery {
  readonly provider: StorageProvider;
  readonly comparison: Comparison;
  readonly author: Author;
  readonly known: readonly Row[];
}

const begin = async (ports: ControlPorts, loaded: Loaded): Promise<Discovery> => {
  const provider = await getProvider(ports, discoveryPlanSchema.parse(loaded.plan).providerId);
  const installation = await readInstallation(ports.rows);
  if (!installation) throw new ControlError('Refused', 'the installation has no root tenant; nobody has logged in yet');
  const declaration = ports.declarationOf(provider.driverType);
  const known = await knownRows(ports.rows, provider.id);
  const author = { ...workflowAuthor(ports, loaded.operation), actor: 'discovery' };
  const finding: Finding = {
    provider,
    systemType: declaration.systemType,
    rootTenantId: installation.rootTenantId,
    at: author.at,
    observation: provider.observation + 1,
  };
  const before = new Map(known.map((row) => [row.pk, row]));
  return { provider, author, known, comparison: { finding, protocols: declaration.protocols, before } };
};

/** Stores a page; answers the ids on it. */
const storePage = async (ports: ControlPorts, discovery: Discovery, page: InventoryPage): Promise<string[]> => {
  const candidates = candidatesOf(page, discovery.comparison);
  const stored = await ports.rows.getMany(
    'Inventory',
    candidates.map(({ id }) => resourceKey(id)),
  );
  await transactAll(
    ports,
    candidates.map((candidate, n) => candidate.writes(stored[n], discovery.author)),
  );
  return candidates.map(({ id }) => id);
};

/**
 * Reads the array's inventory page by page through the driver and stores what changed. Nothing is removed; only a complete discovery
 * ages what it did not find. Repeating it is harmless.
 */
export const discover = async (ports: ControlPorts, loaded: Loaded): Promise<void> => {
  const discovery = await begin(ports, loaded);
  const found = new Set<string>();
  let cursor: string | undefined;
  for (;;) {
    const input = { scope: 'physical', limit: pageLimit, ...(cursor ? { cursor } : {}) };
    const output = await callDriver(ports, discovery.provider, { verb: 'readInventory', input, operation: loaded.operation });
    const page = output as InventoryPage;
    for (const id of await storePage(ports, discovery, page)) found.add(id);
    cursor = page.nextCursor;
    if (cursor) continue;
    if (page.complete) await ageMissing(ports, discovery, found);
    return;
  }
};

const ageMissing = async (ports: ControlPorts, discovery: Discovery, found: ReadonlySet<string>): Promise<void> => {
  const { changes, refusal } = age(discovery.known, found, discovery.author);
  if (refusal) {
    ports.count('AgeingStopped');
    ports.log.error('discovered objects are not aged', { providerId: discovery.provider.id, refusal });
  }
  await transactAll(ports, changes);
};
