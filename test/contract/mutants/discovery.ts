import type { InventoryPage, InventoryRequest } from '../../../drivers/sdk/verbs.ts';
import type { Mutant, Session } from './mutant.ts';

const paged =
  (change: (page: InventoryPage, request: InventoryRequest) => InventoryPage) =>
  (session: Session): Partial<Session> => ({ readInventory: async (request) => change(await session.readInventory(request), request) });

export const discoveryMutants: readonly Mutant[] = [
  {
    name: 'ends after the first page',
    capability: 'discovery',
    caughtBy: 'gives the same volumes page by page',
    session: paged(({ nextCursor: _more, ...page }) => page),
  },
  {
    name: 'takes any cursor for the beginning',
    capability: 'discovery',
    caughtBy: 'refuses a cursor',
    session: (session) => ({ readInventory: ({ cursor: _ignored, ...request }) => session.readInventory(request) }),
  },
  {
    name: 'says that nothing was missed before it has seen all',
    capability: 'discovery',
    caughtBy: 'says only on the last page',
    session: paged((page) => ({ ...page, complete: true })),
  },
  {
    name: 'never says that nothing was missed',
    capability: 'discovery',
    caughtBy: 'lists a volume it made',
    session: paged((page) => ({ ...page, complete: false })),
  },
  {
    name: 'tells more free than there is',
    capability: 'discovery',
    caughtBy: 'tells capacities',
    session: paged((page) => ({ ...page, pools: page.pools.map((pool) => ({ ...pool, freeBytes: pool.totalBytes * 2 })) })),
  },
  {
    name: 'tells every host twice',
    capability: 'discovery',
    caughtBy: 'finds systems, pools, ports and hosts',
    session: paged((page) => ({ ...page, hosts: [...page.hosts, ...page.hosts] })),
  },
  {
    name: 'tells ports of a system that is not there',
    capability: 'discovery',
    caughtBy: 'finds systems, pools, ports and hosts',
    session: paged((page) => ({ ...page, ports: page.ports.map((port) => ({ ...port, systemNativeId: 'nowhere' })) })),
  },
  {
    name: 'gives everything but volumes on one page, whatever was asked for',
    capability: 'discovery',
    caughtBy: 'gives the same systems, pools, ports and hosts in pages',
    session: (session) => ({
      readInventory: (request) => session.readInventory(request.scope === 'physical' ? { ...request, limit: 10_000 } : request),
    }),
  },
  {
    name: 'hides what others made',
    capability: 'discovery',
    caughtBy: 'lists what others made',
    session: paged((page) => ({ ...page, volumes: [] })),
  },
  {
    name: 'asks the array for each volume',
    capability: 'discovery',
    caughtBy: 'calls the array no more often',
    session: (session, context) => ({
      readInventory: async (request) => {
        const page = await session.readInventory(request);
        for (const _ of page.volumes) context.onGatewayCall('read');
        return page;
      },
    }),
  },
];
