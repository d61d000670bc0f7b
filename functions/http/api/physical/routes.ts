import type { Route } from '../../route.ts';
import { childListRoute } from '../get-route.ts';
import { resourceRoutes } from '../resource-routes.ts';
import { resourceTaskRoutes } from '../tasks/resource-task-routes.ts';
import { discoverRoutes } from './discover-routes.ts';
import { poolKind } from './pool-kind.ts';
import { portKind } from './port-kind.ts';
import { providerKind } from './provider-kind.ts';
import { registerPoolRoutes } from './register-pool.ts';
import { systemKind } from './system-kind.ts';
import { route as updatePool } from './update-pool.ts';

export const physicalRoutes: readonly Route[] = [
  ...resourceRoutes(providerKind),
  ...resourceTaskRoutes(providerKind),
  childListRoute(providerKind, systemKind, 'storage-systems'),
  ...resourceRoutes(systemKind),
  ...resourceTaskRoutes(systemKind),
  childListRoute(systemKind, poolKind, 'storage-pools'),
  childListRoute(systemKind, portKind, 'storage-ports'),
  ...resourceRoutes(poolKind),
  ...resourceRoutes(portKind),
  ...discoverRoutes,
  ...registerPoolRoutes,
  updatePool,
];
