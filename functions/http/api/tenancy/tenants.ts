import * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import type { Principal } from '../../../../core/identity/access.ts';
import { readerOf } from '../../../../core/identity/access.ts';
import { referenceBody } from '../../../../core/inventory/links.ts';
import { getActive, getResource } from '../../../../core/inventory/read.ts';
import type { Tenant } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';
import { commonBody, commonShape, referenceShape } from '../common-body.ts';

export const tenantShape = z.object({ ...commonShape, parent_tenant: referenceShape.optional() });

/** Clients take a tenant without `parent_tenant` for the root. */
export const tenantBody = (tenant: Tenant): z.infer<typeof tenantShape> => ({
  ...commonBody(tenant),
  ...(tenant.parentId ? { parent_tenant: referenceBody(tenant.parentId) } : {}),
});

/** For an id in a path: others than one's own do not exist for who is not of the system. */
export const getTenant = async (rows: Rows, principal: Principal, id: string): Promise<Tenant> => {
  const reader = readerOf(principal);
  const tenant = await getResource(rows, reader, { type: 'TenantOrg', id });
  if (reader !== 'system' && id !== principal.tenantId)
    throw new ControlPlaneError(`there is no TenantOrg ${id}`, { code: 'resource.notFound' });
  return tenant;
};

/** What is made in a tenant is made by its own members. */
export const getOwnTenant = async (rows: Rows, principal: Principal, id: string): Promise<Tenant> => {
  await getTenant(rows, principal, id);
  if (id !== principal.tenantId)
    throw new ControlPlaneError(`${principal.user} belongs to another tenant than ${id}`, { code: 'access.denied' });
  return getActive(rows, readerOf(principal), { type: 'TenantOrg', id });
};
