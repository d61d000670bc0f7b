import type { ResourceType } from '../../../core/inventory/schemas.ts';
import type { Route } from '../route.ts';
import { bulkIdsRoute, bulkRoute } from './bulk-route.ts';
import { getRoute, listRoute } from './get-route.ts';
import { historyRoute } from './history/history-route.ts';
import type { ResourceKind } from './resource-kind.ts';
import { searchRoute } from './search-route.ts';
import { tagRoutes } from './tag-routes.ts';

/** What every type of resource answers: show, history, bulk, search and tags; types in one list also that list and its ids. */
export const resourceRoutes = <T extends ResourceType>(kind: ResourceKind<T>): Route[] => [
  getRoute(kind),
  historyRoute(kind),
  bulkRoute(kind),
  searchRoute(kind),
  ...tagRoutes(kind),
  ...(kind.scope === 'all' ? [listRoute(kind), bulkIdsRoute(kind)] : []),
];
