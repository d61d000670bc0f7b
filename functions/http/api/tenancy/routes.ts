import type { Route } from '../../route.ts';
import { resourceRoutes } from '../resource-routes.ts';
import { route as createProject } from './create-project.ts';
import { route as deactivateProject } from './deactivate-project.ts';
import { projectKind } from './project-kind.ts';
import { route as projectResources } from './project-resources.ts';
import { tenancyQuotaRoutes } from './quotas.ts';
import { tenantRoutes } from './tenant-routes.ts';
import { route as updateProject } from './update-project.ts';

export const tenancyRoutes: readonly Route[] = [
  ...tenantRoutes,
  createProject,
  updateProject,
  deactivateProject,
  projectResources,
  ...tenancyQuotaRoutes,
  ...resourceRoutes(projectKind),
];
