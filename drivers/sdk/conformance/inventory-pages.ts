import type { InventoryPage, InventoryRequest } from '../verbs.ts';

interface Asker {
  output<T>(verb: string, input: unknown): Promise<T>;
}

/** Page after page, to the last. */
export const inventoryPages = async ({ output }: Asker, request: Omit<InventoryRequest, 'cursor'>): Promise<readonly InventoryPage[]> => {
  const pages: InventoryPage[] = [];
  let cursor: string | undefined;
  do {
    const page: InventoryPage = await output('readInventory', { ...request, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(page);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return pages;
};

export type PhysicalInventory = Required<Pick<InventoryPage, 'systems' | 'pools' | 'ports' | 'hosts' | 'capabilities' | 'complete'>>;

/** Systems, pools, ports and hosts of all pages, and whether the last one says that nothing was missed. */
export const allPhysical = async (client: Asker, limit = 1000): Promise<PhysicalInventory> => {
  const pages = await inventoryPages(client, { scope: 'physical', limit });
  return {
    systems: pages.flatMap(({ systems }) => systems),
    pools: pages.flatMap(({ pools }) => pools),
    ports: pages.flatMap(({ ports }) => ports),
    hosts: pages.flatMap(({ hosts }) => hosts),
    capabilities: pages.flatMap(({ capabilities = [] }) => capabilities),
    complete: pages.at(-1)?.complete === true,
  };
};
