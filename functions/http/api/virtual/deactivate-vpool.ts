import * as z from 'zod';
import { getActive } from '../../../../core/inventory/read.ts';
import { removeUnused } from '../../../../core/inventory/withdraw.ts';
import { defineRoute } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/block/vpools/{id}/deactivate',
  function: 'api',
  permission: systemAdmins,
  summary: 'Remove a virtual pool that no volume uses',
  response: z.object({}),
  status: 200,
  async handler(request, ports) {
    const vpool = await getActive(ports.rows, 'system', { type: 'VirtualPool', id: request.params['id'] ?? '' });
    return removeUnused(ports, request, vpool);
  },
});
