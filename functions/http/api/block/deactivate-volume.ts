import { deleteVolumes } from '../../../../core/volume/delete.ts';
import { defineRoute } from '../../route.ts';
import { tenantAdmins } from '../resource-kind.ts';
import { taskShape } from '../tasks/task-shape.ts';
import { deletionQuery, modeOf } from './deletion.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/block/volumes/{id}/deactivate',
  function: 'api',
  permission: tenantAdmins,
  summary: 'Delete a volume, or forget it and leave its array alone',
  query: deletionQuery,
  response: taskShape,
  status: 202,
  handler: (request, ports) =>
    deleteVolumes(ports, request, { ids: [request.params['id'] ?? ''], from: 'path', mode: modeOf(request.query) }),
});
