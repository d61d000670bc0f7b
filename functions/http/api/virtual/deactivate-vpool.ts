import * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { changed } from '../../../../core/inventory/changes.ts';
import { getActive } from '../../../../core/inventory/read.ts';
import { authorOf, conclude } from '../../../../core/request.ts';
import { defineRoute } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';
import { findVolume } from './find-volume.ts';

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
    const volume = await findVolume(ports.rows, ({ vpoolId }) => vpoolId === vpool.id);
    if (volume)
      throw new ControlPlaneError(`the virtual pool ${vpool.name} is in use by the volume ${volume.name} (${volume.id})`, {
        code: 'resource.inUse',
      });
    const writes = changed(vpool, { inactive: true }, { author: authorOf(ports, request) });
    return conclude(ports, request, { writes, answer: {}, plan: { remove: vpool.id } });
  },
});
