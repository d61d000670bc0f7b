import * as z from 'zod';
import { deleteVolumes } from '../../../../core/volume/delete.ts';
import { defineRoute } from '../../route.ts';
import { idField } from '../fields.ts';
import { tenantAdmins } from '../resource-kind.ts';
import { taskListShape } from '../tasks/task-shape.ts';
import { deletionQuery, modeOf } from './deletion.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/block/volumes/deactivate',
  function: 'api',
  permission: tenantAdmins,
  summary: 'Delete up to 100 volumes; each has its task and ends by itself',
  body: z.strictObject({ id: z.array(idField).min(1).max(4000) }),
  query: deletionQuery,
  response: taskListShape,
  status: 202,
  handler: (request, ports) => deleteVolumes(ports, request, { ids: request.body.id, from: 'body', mode: modeOf(request.query) }),
});
