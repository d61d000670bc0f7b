import { routes as authRoutes } from '../auth/routes.ts';
import { routes as providerRoutes } from '../providers/routes.ts';
import type { Route } from '../route.ts';
import { blockRoutes } from './block/routes.ts';
import { computeRoutes } from './compute/routes.ts';
import { configRoutes } from './config/routes.ts';
import { historyRoutes } from './history/routes.ts';
import { physicalRoutes } from './physical/routes.ts';
import { openApiRoute } from './system/openapi-route.ts';
import { route as startPage } from './system/start-page.ts';
import { route as vdc } from './system/vdc.ts';
import { route as whoami } from './system/whoami.ts';
import { taskRoutes } from './tasks/routes.ts';
import { tenancyRoutes } from './tenancy/routes.ts';
import { unmanagedRoutes } from './unmanaged/routes.ts';
import { virtualRoutes } from './virtual/routes.ts';

export const routes: readonly Route[] = [
  startPage,
  whoami,
  vdc,
  openApiRoute(() => [...routes, ...authRoutes, ...providerRoutes]),
  ...configRoutes,
  ...tenancyRoutes,
  ...physicalRoutes,
  ...unmanagedRoutes,
  ...virtualRoutes,
  ...computeRoutes,
  ...taskRoutes,
  ...historyRoutes,
  ...blockRoutes,
];
