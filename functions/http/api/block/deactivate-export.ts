import { deleteExport } from '../../../../core/export/update.ts';
import { defineRoute } from '../../route.ts';
import { tenantAdmins } from '../resource-kind.ts';
import { taskShape } from '../tasks/task-shape.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/block/exports/{id}/deactivate',
  function: 'api',
  permission: tenantAdmins,
  summary: 'Remove an export group and the mappings that no other one wants',
  response: taskShape,
  status: 202,
  handler: (request, ports) => deleteExport(ports, request, request.params['id'] ?? ''),
});
