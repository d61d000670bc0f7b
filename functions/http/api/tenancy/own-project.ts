import { ControlPlaneError } from '../../../../core/errors.ts';
import { ownTenant, type Principal } from '../../../../core/identity/access.ts';
import { getActive } from '../../../../core/inventory/read.ts';
import type { Project } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';

/** A project that the caller may change: administrators of the tenant may all, others what they own. */
export const getOwnProject = async (rows: Rows, principal: Principal, id: string): Promise<Project> => {
  const project = await getActive(rows, ownTenant(principal), { type: 'Project', id });
  if (!principal.tenantRoles.includes('TENANT_ADMIN') && project.owner !== principal.user)
    throw new ControlPlaneError(`the project ${project.name} belongs to ${project.owner}; its owner or a TENANT_ADMIN may change it`, {
      code: 'access.denied',
    });
  return project;
};
