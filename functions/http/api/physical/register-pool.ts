import { ControlPlaneError } from '../../../../core/errors.ts';
import { changed } from '../../../../core/inventory/changes.ts';
import { getActive } from '../../../../core/inventory/read.ts';
import type { StoragePool } from '../../../../core/inventory/schemas.ts';
import { authorOf, conclude } from '../../../../core/request.ts';
import { defineRoute, type Route } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';
import { poolBody, poolKind } from './pool-kind.ts';

const refuseOtherSystem = (pool: StoragePool, systemId: string | undefined): void => {
  if (systemId !== undefined && pool.systemId !== systemId)
    throw new ControlPlaneError(`the storage system ${systemId} has no storage pool ${pool.id}`, { code: 'resource.notFound' });
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
      const writes = changed(pool, { registration: state }, { author: authorOf(ports, request) });
      return conclude(ports, request, { writes, answer, plan: { change: answer } });
    },
  });

export const registerPoolRoutes: readonly Route[] = [
  registration('/vdc/storage-pools/{id}/register', 'registered', 'Let new volumes be placed on a storage pool'),
  registration('/vdc/storage-systems/{id}/storage-pools/{poolId}/register', 'registered', 'Let new volumes be placed on a storage pool'),
  registration('/vdc/storage-pools/{id}/deregister', 'unregistered', 'Place no more volumes on a storage pool'),
];
