import { stubBody } from '../../../../core/inventory/links.ts';
import { listStubs } from '../../../../core/inventory/read.ts';
import type { ResourceType } from '../../../../core/inventory/schemas.ts';
import { defineRoute, type Route } from '../../route.ts';
import { listBody, listShape, stubShape } from '../common-body.ts';
import { getTenant, tenantBody, tenantShape } from './tenants.ts';

const ownTenantRoute = defineRoute({
  method: 'GET',
  path: '/tenant',
  function: 'api',
  permission: 'authenticated',
  summary: "The caller's tenant",
  response: stubShape,
  status: 200,
  handler: async ({ principal }, { rows }) => stubBody(await getTenant(rows, principal, principal.tenantId)),
});

const showTenant = defineRoute({
  method: 'GET',
  path: '/tenants/{id}',
  function: 'api',
  permission: 'authenticated',
  summary: 'Show a tenant',
  response: tenantShape,
  status: 200,
  handler: async ({ principal, params }, { rows }) => tenantBody(await getTenant(rows, principal, params['id'] ?? '')),
});

const subtenants = defineRoute({
  method: 'GET',
  path: '/tenants/{id}/subtenants',
  function: 'api',
  permission: 'authenticated',
  summary: 'Tenants below a tenant; there is one level, and so far the root alone',
  response: listShape('subtenant'),
  status: 200,
  async handler({ principal, params }, { rows }) {
    await getTenant(rows, principal, params['id'] ?? '');
    return listBody('subtenant', { stubs: [] });
  },
});

/** Lists of what belongs to a tenant. */
const listInTenant = (type: ResourceType, segment: string, key: string): Route =>
  defineRoute({
    method: 'GET',
    path: `/tenants/{id}/${segment}`,
    function: 'api',
    permission: 'authenticated',
    summary: `List the ${segment} of a tenant`,
    response: listShape(key),
    status: 200,
    async handler({ principal, params, page }, { rows }) {
      const { id } = await getTenant(rows, principal, params['id'] ?? '');
      return listBody(key, await listStubs(rows, { type, scope: id }, page));
    },
  });

export const tenantRoutes: readonly Route[] = [
  ownTenantRoute,
  showTenant,
  subtenants,
  listInTenant('Project', 'projects', 'project'),
  listInTenant('Host', 'hosts', 'host'),
];
