import * as z from 'zod';
import { redriveExecution } from '../../../../core/operation/redrive.ts';
import { orderRepair } from '../../../../core/operation/repair.ts';
import { resolutions } from '../../../../core/operation/resolve.ts';
import { defineRoute, type Route } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';
import { taskShape } from './task-shape.ts';

const again = (how: 'resume' | 'rollback', summary: string): Route =>
  defineRoute({
    method: 'POST',
    path: `/vdc/tasks/{id}/${how}`,
    function: 'api',
    permission: systemAdmins,
    summary,
    response: taskShape,
    status: 202,
    handler: (request, ports) => orderRepair(ports, request, { taskId: request.params['id'] ?? '', how }),
  });

const resolve = defineRoute({
  method: 'POST',
  path: '/vdc/tasks/{id}/resolve',
  function: 'api',
  permission: systemAdmins,
  summary: 'Decide what becomes of an operation that needs repair, after a fresh look at the array',
  body: z.strictObject({
    how: z
      .enum(resolutions)
      .describe('accept: the record becomes what the array has; release: forget the record, leave the array; discard: remove what is left'),
  }),
  response: taskShape,
  status: 202,
  handler: (request, ports) => orderRepair(ports, request, { taskId: request.params['id'] ?? '', how: request.body.how }),
});

const redrive = defineRoute({
  method: 'POST',
  path: '/vdc/tasks/{id}/redrive',
  function: 'api',
  permission: systemAdmins,
  summary: 'Let an execution that failed without a verdict go on where it failed',
  response: taskShape,
  status: 202,
  handler: (request, ports) => redriveExecution(ports, request, request.params['id'] ?? ''),
});

/** For operators, of tasks that need repair or whose execution failed. */
export const repairRoutes: readonly Route[] = [
  again('resume', 'Repair now what needs repair, instead of at its next try'),
  again('rollback', 'Take back now what an operation that needs repair has left'),
  resolve,
  redrive,
];
