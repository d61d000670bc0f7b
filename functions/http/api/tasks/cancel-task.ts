import { readerOf } from '../../../../core/identity/access.ts';
import { cancelOperation } from '../../../../core/operation/repair.ts';
import { defineRoute } from '../../route.ts';
import { taskShape } from './task-shape.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/vdc/tasks/{id}/cancel',
  function: 'api',
  permission: { system: ['SYSTEM_ADMIN'], tenant: ['TENANT_ADMIN'] },
  summary: 'Cancel the operation of a task before its next step; what was done is taken back',
  response: taskShape,
  status: 202,
  handler: (request, ports) => cancelOperation(ports, request, { reader: readerOf(request.principal), taskId: request.params['id'] ?? '' }),
});
