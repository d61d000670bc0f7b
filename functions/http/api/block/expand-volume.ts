import * as z from 'zod';
import { expandVolume } from '../../../../core/volume/expand.ts';
import { defineRoute } from '../../route.ts';
import { tenantAdmins } from '../resource-kind.ts';
import { taskShape } from '../tasks/task-shape.ts';
import { sizeField } from './create-volumes.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/block/volumes/{id}/expand',
  function: 'api',
  permission: tenantAdmins,
  summary: 'Make a volume larger',
  body: z.strictObject({ new_size: sizeField }),
  response: taskShape,
  status: 202,
  handler: (request, ports) => expandVolume(ports, request, { volumeId: request.params['id'] ?? '', newSize: request.body.new_size }),
});
