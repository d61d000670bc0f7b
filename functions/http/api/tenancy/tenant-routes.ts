import { resourceHistory } from '../../../../core/history/read.ts';
import { readerOf } from '../../../../core/identity/access.ts';
import { stubBody } from '../../../../core/inventory/links.ts';
import { listStubs } from '../../../../core/inventory/read.ts';
import type { ResourceType } from '../../../../core/inventory/schemas.ts';
import { defineRoute, type Route } from '../../route.ts';
import { listBody, listShape, stubShape } from '../common-body.ts';
import { asOfQuery, showAsOf } from '../history/as-of.ts';
import { eventListBody, eventListShape } from '../history/event-body.ts';
import { getTenant, tenantBody, tenantShape } from './tenants.ts';

const tenantKind = { type: 'TenantOrg', represent: tenantBody } as const;

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
  query: asOfQuery,
  response: tenantShape,
  status: 200,
  async handler({ principal, params, query }, ports) {
    const tenant = await getTenant(ports.rows, principal, params['id'] ?? '');
    if (query.as_of === undefined) return tenantBody(tenant);
    return showAsOf(tenantKind, ports, { reader: readerOf(principal), id: tenant.id, asOf: query.as_of });
  },
});

const tenantHistory = defineRoute({
  method: 'GET',
  path: '/tenants/{id}/history',
  function: 'api',
  permission: 'authenticated',
  summary: 'What happened to a tenant, newest first',
  response: eventListShape,
  status: 200,
  async handler({ principal, params, page }, { rows }) {
    const { id } = await getTenant(rows, principal, params['id'] ?? '');
    return eventListBody(await resourceHistory(rows, readerOf(principal), { type: 'TenantOrg', id, page }));
  },
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
  tenantHistory,
  subtenants,
  listInTenant('Project', 'projects', 'project'),
  listInTenant('Host', 'hosts', 'host'),
];
