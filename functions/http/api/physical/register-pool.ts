import type { Write } from '../../../../core/change.ts';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { changed } from '../../../../core/inventory/changes.ts';
import { findResource, getActive } from '../../../../core/inventory/read.ts';
import type { StoragePool } from '../../../../core/inventory/schemas.ts';
import { notRemoving, refuseRemoval } from '../../../../core/provider/removing.ts';
import { type ApiPorts, authorOf, conclude } from '../../../../core/request.ts';
import { defineRoute, type Route } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';
import { poolBody, poolKind } from './pool-kind.ts';

const refuseOtherSystem = (pool: StoragePool, systemId: string | undefined): void => {
  if (systemId !== undefined && pool.systemId !== systemId)
    throw new ControlPlaneError(`the storage system ${systemId} has no storage pool ${pool.id}`, { code: 'resource.notFound' });
};

/** Pools of a provider that is being removed are not opened again. */
const staying = async (
  { rows }: Pick<ApiPorts, 'rows'>,
  { providerId }: StoragePool,
  state: StoragePool['registration'],
): Promise<Write[]> => {
  if (state === 'unregistered') return [];
  const provider = await findResource(rows, 'system', { type: 'StorageProvider', id: providerId });
  if (!provider) return [];
  refuseRemoval(provider);
  return [notRemoving(provider)];
};

const registration = (path: string, state: StoragePool['registration'], summary: string): Route =>
  defineRoute({
    method: 'POST',
    path,
    function: 'api',
    permission: systemAdmins,
    summary,
    response: poolKind.body,
    status: 200,
    async handler(request, ports) {
      const { id, poolId = id ?? '' } = request.params;
      const pool = await getActive(ports.rows, 'system', { type: 'StoragePool', id: poolId });
      refuseOtherSystem(pool, 'poolId' in request.params ? id : undefined);
      const answer = poolBody({ ...pool, registration: state });
      const author = authorOf(ports, request);
      const writes = [...changed(pool, { registration: state, reopens: undefined }, { author }), ...(await staying(ports, pool, state))];
      return conclude(ports, request, { writes, answer, plan: { change: answer } });
    },
  });

export const registerPoolRoutes: readonly Route[] = [
  registration('/vdc/storage-pools/{id}/register', 'registered', 'Let new volumes be placed on a storage pool'),
  registration('/vdc/storage-systems/{id}/storage-pools/{poolId}/register', 'registered', 'Let new volumes be placed on a storage pool'),
  registration('/vdc/storage-pools/{id}/deregister', 'unregistered', 'Place no more volumes on a storage pool'),
];
