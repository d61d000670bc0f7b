import * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { getActive, listStubs } from '../../../../core/inventory/read.ts';
import type { VirtualArray } from '../../../../core/inventory/schemas.ts';
import { removeUnused } from '../../../../core/inventory/withdraw.ts';
import type { Rows } from '../../../../core/ports.ts';
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

const refuseUsed = async (rows: Rows, varray: VirtualArray): Promise<void> => {
  const user = await userOf(rows, varray);
  if (user) throw new ControlPlaneError(`the virtual array ${varray.name} is in use: ${user}`, { code: 'resource.inUse' });
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
    return removeUnused(ports, request, { resource: varray, refuseUsed: () => refuseUsed(ports.rows, varray) });
  },
});
