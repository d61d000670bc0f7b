import * as z from 'zod';
import { updateExport } from '../../../../core/export/update.ts';
import { defineRoute } from '../../route.ts';
import { tenantAdmins } from '../resource-kind.ts';
import { taskShape } from '../tasks/task-shape.ts';
import { idChanges, volumeChanges } from './export-fields.ts';

export const route = defineRoute({
  method: 'PUT',
  path: '/block/exports/{id}',
  function: 'api',
  permission: tenantAdmins,
  summary: 'Add volumes, hosts and initiators to an export group, or remove some',
  body: z.strictObject({
    volume_changes: volumeChanges,
    host_changes: idChanges,
    initiator_changes: idChanges,
    cluster_changes: idChanges,
  }),
  response: taskShape,
  status: 202,
  handler: (request, ports) => {
    const { volume_changes: volumes, host_changes: hosts, initiator_changes: initiators, cluster_changes: clusters } = request.body;
    return updateExport(ports, request, { groupId: request.params['id'] ?? '', volumes, hosts, initiators, clusters });
  },
});
