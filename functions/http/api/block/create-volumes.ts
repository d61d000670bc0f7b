import * as z from 'zod';
import { createVolumes } from '../../../../core/volume/create.ts';
import { driverOf } from '../../../../drivers/registry.ts';
import { defineRoute } from '../../route.ts';
import { idField, nameField, numberField } from '../fields.ts';
import { tenantAdmins } from '../resource-kind.ts';
import { taskListShape } from '../tasks/task-shape.ts';

export const sizeField = z.union([z.string().max(40), z.number()]).describe('Bytes, or a number with TB, GB, MB or B');

export const route = defineRoute({
  method: 'POST',
  path: '/block/volumes',
  function: 'api',
  permission: tenantAdmins,
  summary: 'Order 1 to 100 volumes, all or none; each has its task',
  body: z.strictObject({
    name: nameField,
    size: sizeField,
    project: idField,
    varray: idField,
    vpool: idField,
    count: numberField(1, 100).default(1),
  }),
  response: taskListShape,
  status: 202,
  handler: (request, ports) => createVolumes({ ...ports, driverOf }, request, request.body),
});
