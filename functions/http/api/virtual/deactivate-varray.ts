import * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { changed } from '../../../../core/inventory/changes.ts';
import { getActive, listStubs } from '../../../../core/inventory/read.ts';
import type { VirtualArray } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';
import { authorOf, conclude } from '../../../../core/request.ts';
import { defineRoute } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';
import { findVolume } from './find-volume.ts';
import { allVpools } from './vpools.ts';

const userOf = async (rows: Rows, { id }: VirtualArray): Promise<string | undefined> => {
  const { stubs } = await listStubs(rows, { type: 'StoragePool', scope: id }, { limit: 1 });
  const [pool] = stubs;
  if (pool) return `the storage pool ${pool.name} (${pool.id}) is assigned to it`;
  const vpool = (await allVpools(rows)).find(({ varrayIds }) => varrayIds.includes(id));
  if (vpool) return `the virtual pool ${vpool.name} (${vpool.id}) refers to it`;
  const volume = await findVolume(rows, ({ varrayId }) => varrayId === id);
  return volume && `the volume ${volume.name} (${volume.id}) is in it`;
};

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
    const user = await userOf(ports.rows, varray);
    if (user) throw new ControlPlaneError(`the virtual array ${varray.name} is in use: ${user}`, { code: 'resource.inUse' });
    const writes = changed(varray, { inactive: true }, { author: authorOf(ports, request) });
    return conclude(ports, request, { writes, answer: {}, plan: { remove: varray.id } });
  },
});
