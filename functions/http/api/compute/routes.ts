import * as z from 'zod';
import { listStubs } from '../../../../core/inventory/read.ts';
import { defineRoute, type Route } from '../../route.ts';
import { bulkRoute } from '../bulk-route.ts';
import { listBody, listShape } from '../common-body.ts';
import { idField } from '../fields.ts';
import { childListRoute, getRoute } from '../get-route.ts';
import { historyRoute } from '../history/history-route.ts';
import { resourceRoutes } from '../resource-routes.ts';
import { tagRoutes } from '../tag-routes.ts';
import { resourceTaskRoutes } from '../tasks/resource-task-routes.ts';
import { getTenant } from '../tenancy/tenants.ts';
import { hostKind } from './host-kind.ts';
import { initiatorKind } from './initiator-kind.ts';

const listHosts = defineRoute({
  method: 'GET',
  path: '/compute/hosts',
  function: 'api',
  permission: 'authenticated',
  summary: "List the hosts of a tenant, by default of the caller's",
  query: z.strictObject({ tenant: idField.optional() }),
  response: listShape('host'),
  status: 200,
  async handler({ principal, query, page }, { rows }) {
    const { id } = await getTenant(rows, principal, query.tenant ?? principal.tenantId);
    return listBody('host', await listStubs(rows, { type: 'Host', scope: id }, page));
  },
});

export const computeRoutes: readonly Route[] = [
  listHosts,
  ...resourceRoutes(hostKind),
  ...resourceTaskRoutes(hostKind),
  childListRoute(hostKind, initiatorKind, 'initiators'),
  getRoute(initiatorKind),
  historyRoute(initiatorKind),
  bulkRoute(initiatorKind),
  ...tagRoutes(initiatorKind),
];
