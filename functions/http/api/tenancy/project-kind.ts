import * as z from 'zod';
import { referenceBody } from '../../../../core/inventory/links.ts';
import type { Project } from '../../../../core/inventory/schemas.ts';
import { commonBody, commonShape, referenceShape } from '../common-body.ts';
import { type ResourceKind, tenantUsers } from '../resource-kind.ts';

const projectShape = z.object({ ...commonShape, tenant: referenceShape, owner: z.string() });

export const projectBody = (project: Project): z.infer<typeof projectShape> => ({
  ...commonBody(project),
  tenant: referenceBody(project.tenantId),
  owner: project.owner,
});

export const projectKind: ResourceKind<'Project'> = {
  type: 'Project',
  path: '/projects',
  noun: 'project',
  listKey: 'project',
  body: projectShape,
  read: 'authenticated',
  write: tenantUsers,
  scope: 'tenant',
  represent: projectBody,
};
