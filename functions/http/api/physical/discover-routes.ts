import * as z from 'zod';
import { getActive } from '../../../../core/inventory/read.ts';
import { defineRoute, type Route } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';
import { taskListShape, taskShape } from '../tasks/task-shape.ts';
import { discoverAll, discoverOne } from './discover.ts';

const everyProvider = (path: string, summary: string): Route =>
  defineRoute({
    method: 'POST',
    path,
    function: 'api',
    permission: systemAdmins,
    summary,
    response: taskListShape,
    status: 202,
    handler: (request, ports) => discoverAll(ports, request),
  });

const discoverSystem = defineRoute({
  method: 'POST',
  path: '/vdc/storage-systems/{id}/discover',
  function: 'api',
  permission: systemAdmins,
  summary: 'Discover the array that a storage system is part of; while a discovery runs, its task is the answer',
  query: z.strictObject({ namespace: z.enum(['ALL']).optional() }),
  response: taskShape,
  status: 202,
  async handler(request, ports) {
    const system = await getActive(ports.rows, 'system', { type: 'StorageSystem', id: request.params['id'] ?? '' });
    const provider = await getActive(ports.rows, 'system', { type: 'StorageProvider', id: system.providerId });
    return discoverOne(ports, request, provider);
  },
});

export const discoverRoutes: readonly Route[] = [
  everyProvider('/vdc/storage-providers/scan', 'Discover every storage provider'),
  everyProvider('/vdc/storage-systems/discover', 'Discover every storage system, by way of its storage provider'),
  discoverSystem,
];
