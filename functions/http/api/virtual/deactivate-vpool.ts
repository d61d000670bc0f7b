import * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { getActive } from '../../../../core/inventory/read.ts';
import type { VirtualPool } from '../../../../core/inventory/schemas.ts';
import { removeUnused } from '../../../../core/inventory/withdraw.ts';
import type { Rows } from '../../../../core/ports.ts';
import { defineRoute } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';
import { findVolume } from './find-volume.ts';

const refuseUsed = async (rows: Rows, vpool: VirtualPool): Promise<void> => {
  const volume = await findVolume(rows, ({ vpoolId }) => vpoolId === vpool.id);
  if (volume)
    throw new ControlPlaneError(`the virtual pool ${vpool.name} is in use by the volume ${volume.name} (${volume.id})`, {
      code: 'resource.inUse',
    });
};

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
    return removeUnused(ports, request, { resource: vpool, refuseUsed: () => refuseUsed(ports.rows, vpool) });
  },
});
