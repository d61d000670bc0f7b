import * as z from 'zod';
import { changed } from '../../../../core/inventory/changes.ts';
import { authorOf, conclude } from '../../../../core/request.ts';
import { defineRoute } from '../../route.ts';
import { nameField } from '../fields.ts';
import { tenantUsers } from '../resource-kind.ts';
import { getOwnProject } from './own-project.ts';
import { projectBody, projectKind } from './project-kind.ts';

export const route = defineRoute({
  method: 'PUT',
  path: '/projects/{id}',
  function: 'api',
  permission: tenantUsers,
  summary: 'Rename a project',
  body: z.strictObject({ name: nameField }),
  response: projectKind.body,
  status: 200,
  async handler(request, ports) {
    const project = await getOwnProject(ports.rows, request.principal, request.params['id'] ?? '');
    const writes = changed(project, { name: request.body.name }, { author: authorOf(ports, request) });
    const answer = projectBody({ ...project, name: request.body.name });
    return conclude(ports, request, { writes, answer, plan: { change: answer } });
  },
});
