import type { Route } from '../../route.ts';
import { childListRoute } from '../get-route.ts';
import { poolKind } from '../physical/pool-kind.ts';
import { resourceRoutes } from '../resource-routes.ts';
import { route as assignPools } from './assign-pools.ts';
import { route as createVpool } from './create-vpool.ts';
import { route as deactivateVarray } from './deactivate-varray.ts';
import { route as deactivateVpool } from './deactivate-vpool.ts';
import { matchingRoutes } from './matching.ts';
import { route as updateVpool } from './update-vpool.ts';
import { varrayKind } from './varray-kind.ts';
import { route as varrayVpools } from './varray-vpools.ts';
import { route as vpoolCapacity } from './vpool-capacity.ts';
import { vpoolKind } from './vpool-kind.ts';
import { vpoolQuotaRoutes } from './vpool-quota.ts';
import { createVarray, updateVarray } from './write-varray.ts';

export const virtualRoutes: readonly Route[] = [
  createVarray,
  updateVarray,
  deactivateVarray,
  varrayVpools,
  childListRoute(varrayKind, poolKind, 'storage-pools'),
  ...resourceRoutes(varrayKind),
  createVpool,
  updateVpool,
  deactivateVpool,
  assignPools,
  vpoolCapacity,
  ...vpoolQuotaRoutes,
  ...matchingRoutes,
  ...resourceRoutes(vpoolKind),
];
