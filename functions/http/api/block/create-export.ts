import * as z from 'zod';
import { createExport } from '../../../../core/export/create.ts';
import { defineRoute } from '../../route.ts';
import { idField, nameField } from '../fields.ts';
import { tenantAdmins } from '../resource-kind.ts';
import { taskShape } from '../tasks/task-shape.ts';
import { exportedVolumes, ids } from './export-fields.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/block/exports',
  function: 'api',
  permission: tenantAdmins,
  summary: 'Make an export group, empty or with volumes, hosts and initiators',
  body: z.strictObject({
    name: nameField,
    project: idField,
    varray: idField,
    type: z.enum(['Initiator', 'Host', 'Cluster', 'Exclusive']),
    volumes: exportedVolumes,
    hosts: ids,
    initiators: ids,
    clusters: ids,
  }),
  response: taskShape,
  status: 202,
  handler: (request, ports) => createExport(ports, request, request.body),
});
