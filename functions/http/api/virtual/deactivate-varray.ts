import * as z from 'zod';
import { getActive } from '../../../../core/inventory/read.ts';
import { removeUnused } from '../../../../core/inventory/withdraw.ts';
import { defineRoute } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/vdc/varrays/{id}/deactivate',
  function: 'api',
  permission: systemAdmins,
  summary: 'Remove a virtual array that nothing uses',
  response: z.object({}),
  status: 200,
  async handler(request, ports) {
    const varray = await getActive(ports.rows, 'system', { type: 'VirtualArray', id: request.params['id'] ?? '' });
    return removeUnused(ports, request, varray);
  },
});
