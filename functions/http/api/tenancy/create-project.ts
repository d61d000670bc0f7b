import * as z from 'zod';
import { created } from '../../../../core/inventory/changes.ts';
import { newResource } from '../../../../core/inventory/resource.ts';
import { authorOf, conclude } from '../../../../core/request.ts';
import { makeUrn } from '../../../../core/urn.ts';
import { defineRoute } from '../../route.ts';
import { nameField } from '../fields.ts';
import { tenantUsers } from '../resource-kind.ts';
import { projectBody, projectKind } from './project-kind.ts';
import { getOwnTenant } from './tenants.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/tenants/{id}/projects',
  function: 'api',
  permission: tenantUsers,
  summary: 'Create a project',
  body: z.strictObject({ name: nameField }),
  response: projectKind.body,
  status: 200,
  async handler(request, ports) {
    const tenant = await getOwnTenant(ports.rows, request.principal, request.params['id'] ?? '');
    const author = authorOf(ports, request);
    const project = {
      ...newResource(makeUrn('Project', ports.ids.uuid()), request.body.name, author.at),
      tenantId: tenant.id,
      owner: request.principal.user,
    };
    const answer = projectBody(project);
    return conclude(ports, request, { writes: created(project, author), answer, plan: { create: answer } });
  },
});
