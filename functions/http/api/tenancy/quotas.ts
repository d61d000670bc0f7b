import { ownTenant, readerOf } from '../../../../core/identity/access.ts';
import { getActive } from '../../../../core/inventory/read.ts';
import { type QuotaKind, quotaRoutes } from '../quota-routes.ts';
import { getTenant } from './tenants.ts';

const projectQuota: QuotaKind = {
  path: '/projects',
  noun: 'project',
  read: { system: ['SYSTEM_MONITOR'], tenant: ['TENANT_ADMIN'] },
  write: { tenant: ['TENANT_ADMIN'] },
  find: (rows, { principal, id, to }) =>
    getActive(rows, to === 'read' ? readerOf(principal) : ownTenant(principal), { type: 'Project', id }),
};

const tenantQuota: QuotaKind = {
  path: '/tenants',
  noun: 'tenant',
  read: { system: ['SYSTEM_ADMIN', 'SYSTEM_MONITOR', 'SECURITY_ADMIN'], tenant: ['TENANT_ADMIN'] },
  write: { system: ['SYSTEM_ADMIN', 'SECURITY_ADMIN'] },
  find: (rows, { principal, id }) => getTenant(rows, principal, id),
};

export const tenancyQuotaRoutes = [...quotaRoutes(projectQuota), ...quotaRoutes(tenantQuota)];
