import { acceptMissing } from '../../../../core/discovery/accept.ts';
import { unmanagedInPool, unmanagedInSystem } from '../../../../core/discovery/listed.ts';
import { readInstallation } from '../../../../core/identity/installation.ts';
import { getActive, getResource } from '../../../../core/inventory/read.ts';
import { defineRoute, type Route } from '../../route.ts';
import { bulkRoute } from '../bulk-route.ts';
import { listBody, listShape } from '../common-body.ts';
import { systemAdmins, systemReaders } from '../resource-kind.ts';
import { taskShape } from '../tasks/task-shape.ts';
import { differencesRoute } from './differences.ts';
import { unmanagedKind } from './unmanaged-kind.ts';

const show = defineRoute({
  method: 'GET',
  path: '/vdc/unmanaged/volumes/{id}',
  function: 'api',
  permission: systemReaders,
  summary: 'Show a volume or snapshot on an array that is not ours to change',
  response: unmanagedKind.body,
  status: 200,
  handler: async ({ params }, ports) =>
    unmanagedKind.represent(await getResource(ports.rows, 'system', { type: 'UnManagedVolume', id: params['id'] ?? '' }), ports),
});

const response = listShape('unmanaged_volume');

const ofSystem = defineRoute({
  method: 'GET',
  path: '/vdc/storage-systems/{id}/unmanaged/volumes',
  function: 'api',
  permission: systemReaders,
  summary: 'List what is in a storage system and is not ours',
  response,
  status: 200,
  async handler({ params, page }, { rows }) {
    const system = await getActive(rows, 'system', { type: 'StorageSystem', id: params['id'] ?? '' });
    return listBody('unmanaged_volume', await unmanagedInSystem(rows, system, page));
  },
});

const ofPool = defineRoute({
  method: 'GET',
  path: '/vdc/storage-pools/{id}/unmanaged/volumes',
  function: 'api',
  permission: systemReaders,
  summary: 'List what is in a storage pool and is not ours',
  response,
  status: 200,
  async handler({ params, page }, { rows }) {
    const pool = await getActive(rows, 'system', { type: 'StoragePool', id: params['id'] ?? '' });
    return listBody('unmanaged_volume', await unmanagedInPool(rows, pool, page));
  },
});

const accept = defineRoute({
  method: 'POST',
  path: '/vdc/storage-providers/{id}/accept-missing',
  function: 'api',
  permission: systemAdmins,
  summary: 'Take for true that so much is gone as a discovery has missed, and discover again',
  response: taskShape,
  status: 202,
  async handler(request, ports) {
    const provider = await getActive(ports.rows, 'system', { type: 'StorageProvider', id: request.params['id'] ?? '' });
    const rootTenantId = (await readInstallation(ports.rows))?.rootTenantId ?? request.principal.tenantId;
    return acceptMissing(ports, request, { provider, rootTenantId });
  },
});

export const unmanagedRoutes: readonly Route[] = [show, bulkRoute(unmanagedKind), ofSystem, ofPool, differencesRoute, accept];
