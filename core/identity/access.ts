import type { Reader } from '../inventory/read.ts';

export const systemRoles = ['SYSTEM_ADMIN', 'SYSTEM_MONITOR', 'SYSTEM_AUDITOR', 'SECURITY_ADMIN'] as const;
export type SystemRole = (typeof systemRoles)[number];
export const tenantRoles = ['TENANT_ADMIN', 'PROJECT_ADMIN', 'TENANT_APPROVER'] as const;
export type TenantRole = (typeof tenantRoles)[number];

/** Who calls. Tenant roles hold in the home tenant. */
export interface Principal {
  readonly user: string;
  readonly tenantId: string;
  readonly systemRoles: readonly SystemRole[];
  readonly tenantRoles: readonly TenantRole[];
}

/** Who may call a route: anybody, everybody who logged in, or holders of one of the roles. */
export type Permission = 'public' | 'authenticated' | { readonly system?: readonly SystemRole[]; readonly tenant?: readonly TenantRole[] };

export const mayCall = (principal: Principal | undefined, permission: Permission): boolean => {
  if (permission === 'public') return true;
  if (!principal) return false;
  if (permission === 'authenticated') return true;
  const bySystem = (permission.system ?? []).some((role) => principal.systemRoles.includes(role));
  return bySystem || (permission.tenant ?? []).some((role) => principal.tenantRoles.includes(role));
};

/** Administrators and monitors of the system read everything; others what belongs to their tenant or to none. */
export const readerOf = (principal: Principal): Reader =>
  principal.systemRoles.some((role) => role === 'SYSTEM_ADMIN' || role === 'SYSTEM_MONITOR') ? 'system' : { tenantId: principal.tenantId };

/** What a tenant's member orders and changes lies in the home tenant, whatever system roles come on top. */
export const ownTenant = (principal: Principal): Reader => ({ tenantId: principal.tenantId });
