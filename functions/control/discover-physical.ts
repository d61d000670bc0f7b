import { candidatesOf } from '../../core/discovery/compare.ts';
import { resourceKey } from '../../core/inventory/resource.ts';
import type { InventoryPage } from '../../drivers/sdk/verbs.ts';
import { type Discovery, readPages } from './begin-discovery.ts';
import type { ControlPorts } from './ports.ts';
import { transactAll } from './store-writes.ts';

const pageLimit = 1000;

export interface PhysicalWalk {
  readonly isComplete: boolean;
  /** Ids of what was found. */
  readonly found: ReadonlySet<string>;
}

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

/** Systems, pools, ports and hosts. */
export const walkPhysical = async (ports: ControlPorts, discovery: Discovery): Promise<PhysicalWalk> => {
  const found = new Set<string>();
  const store = async (page: InventoryPage): Promise<void> => {
    for (const id of await storePage(ports, discovery, page)) found.add(id);
  };
  return { isComplete: await readPages(ports, discovery, { scope: 'physical', limit: pageLimit, store }), found };
};
