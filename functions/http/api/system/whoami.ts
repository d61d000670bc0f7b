import * as z from 'zod';
import { defineRoute } from '../../route.ts';

export const route = defineRoute({
  method: 'GET',
  path: '/user/whoami',
  function: 'api',
  permission: 'authenticated',
  summary: 'Who calls, with which roles',
  response: z.object({
    common_name: z.string(),
    distinguished_name: z.string(),
    tenant: z.string(),
    vdc_roles: z.array(z.string()),
    home_tenant_roles: z.array(z.string()),
    subtenant_roles: z.array(z.string()),
  }),
  status: 200,
  handler: ({ principal }) =>
    Promise.resolve({
      common_name: principal.user,
      distinguished_name: '',
      tenant: principal.tenantId,
      vdc_roles: principal.systemRoles,
      home_tenant_roles: principal.tenantRoles,
      subtenant_roles: [],
    }),
});
