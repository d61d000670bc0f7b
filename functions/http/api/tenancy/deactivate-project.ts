import * as z from 'zod';
import { removeUnused } from '../../../../core/inventory/withdraw.ts';
import { defineRoute } from '../../route.ts';
import { tenantUsers } from '../resource-kind.ts';
import { getOwnProject } from './own-project.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/projects/{id}/deactivate',
  function: 'api',
  permission: tenantUsers,
  summary: 'Remove a project that holds nothing',
  response: z.object({}),
  status: 200,
  async handler(request, ports) {
    const project = await getOwnProject(ports.rows, request.principal, request.params['id'] ?? '');
    return removeUnused(ports, request, project);
  },
});
