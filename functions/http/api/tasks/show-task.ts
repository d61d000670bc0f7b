import { ControlPlaneError } from '../../../../core/errors.ts';
import { readerOf } from '../../../../core/identity/access.ts';
import { requireIdOf } from '../../../../core/inventory/require-id.ts';
import { taskBody } from '../../../../core/operation/represent.ts';
import { defineRoute } from '../../route.ts';
import { heldTask } from './held-task.ts';
import { taskShape } from './task-shape.ts';

export const route = defineRoute({
  method: 'GET',
  path: '/vdc/tasks/{id}',
  function: 'api',
  permission: 'authenticated',
  summary: 'Show a task; the answer of an unfinished one is held for up to a second',
  response: taskShape,
  status: 200,
  async handler({ principal, params }, ports) {
    const { id = '' } = params;
    requireIdOf('Task', id);
    const task = await heldTask(ports, readerOf(principal), id);
    if (!task) throw new ControlPlaneError(`there is no Task ${id}`, { code: 'resource.notFound' });
    return taskBody(task);
  },
});
