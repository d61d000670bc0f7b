import type { Work } from '../cost/estimate.ts';
import { ControlPlaneError } from '../errors.ts';
import { ownTenant } from '../identity/access.ts';
import { referenceBody } from '../inventory/links.ts';
import { getActive, getMany, getReferred } from '../inventory/read.ts';
import type { StoragePool, Volume } from '../inventory/schemas.ts';
import { acceptOperation } from '../operation/accept.ts';
import { byProvider } from '../operation/by-provider.ts';
import { mostOrdered } from '../operation/chunks.ts';
import { replanning } from '../operation/replan.ts';
import { type ApiPorts, authorOf, type Conclusion, type RequestContext } from '../request.ts';
import { committedRows, type Deletion, deletePlanOf, lockedParts, volumeBodies } from './deletion.ts';
import { storedDeletePlan, type VolumeDeletePlan } from './plan.ts';
import { releaseVolumes } from './release.ts';
import { requireNotExported, requireReady, requireUnprotected } from './require.ts';

export interface VolumeDeletion {
  readonly ids: readonly string[];
  /** `path`: the one id stands in the path, and one task is answered. `body`: the ids stand in the body. */
  readonly from: 'path' | 'body';
  /** `destroy` removes the volume from its array; `release` forgets the record and leaves the array untouched. */
  readonly mode: 'destroy' | 'release';
}

const checkedIds = ({ ids, mode }: VolumeDeletion): string[] => {
  const distinct = [...new Set(ids)];
  if (distinct.length > mostOrdered)
    throw new ControlPlaneError(
      `id: ${distinct.length} volumes are more than the ${mostOrdered} that one request may ${mode === 'destroy' ? 'delete' : 'release'}`,
      { code: 'request.limit' },
    );
  return distinct;
};

const read = (ports: ApiPorts, request: RequestContext, deletion: VolumeDeletion): Promise<Volume[]> => {
  const reader = ownTenant(request.principal);
  return Promise.all(
    checkedIds(deletion).map((id) =>
      deletion.from === 'path'
        ? getActive(ports.rows, reader, { type: 'Volume', id })
        : getReferred(ports.rows, reader, { type: 'Volume', id, field: 'id' }),
    ),
  );
};

const findPools = (ports: ApiPorts, volumes: readonly Volume[]): Promise<StoragePool[]> =>
  getMany(ports.rows, 'system', { type: 'StoragePool', ids: [...new Set(volumes.map(({ poolId }) => poolId))] });

const deletePreview = (plan: VolumeDeletePlan, volumes: readonly Volume[]): Conclusion['plan'] => {
  const calls = byProvider(plan.volumes).map(([providerId, items]) => ({
    step: 'EnsureVolumesAbsent',
    verb: 'ensureVolumesAbsent',
    undo: null,
    storage_provider: referenceBody(providerId),
    items: items.length,
  }));
  return { volumes: volumeBodies(volumes), calls };
};

const deleteWork = (plan: VolumeDeletePlan, volumes: readonly Volume[], pools: number): Work => ({
  steps: 1,
  driverCalls: byProvider(plan.volumes).length,
  committedRows: committedRows(volumes, pools),
  committedEvents: volumes.length,
});

const contextOf = (ports: ApiPorts, deletion: VolumeDeletion, volumes: readonly Volume[]): Deletion['context'] => ({
  operationId: ports.ids.uuid(),
  tenantId: volumes[0]?.tenantId ?? '',
  tasks: volumes.map(({ id, name }) => ({ resourceId: id, resourceName: name, name: 'DELETE VOLUME' })),
  answer: deletion.from === 'path' ? 'task' : 'tasks',
});

const destroy = async (ports: ApiPorts, request: RequestContext, found: Deletion): Promise<Conclusion['answer']> => {
  const { volumes, pools, context } = found;
  const providers = await getMany(ports.rows, 'system', {
    type: 'StorageProvider',
    ids: [...new Set(volumes.map(({ providerId }) => providerId))],
  });
  const plan = deletePlanOf(found);
  return acceptOperation(ports, request, {
    ...context,
    workflow: 'volume-delete',
    plan: storedDeletePlan(plan),
    preview: deletePreview(plan, volumes),
    work: deleteWork(plan, volumes, pools.length),
    writes: [],
    parted: lockedParts(plan, found, authorOf(ports, request, context.operationId)),
    changes: providers,
  });
};

/**
 * Deletes or releases 1 to 100 volumes; each has its task and ends by itself. Exported volumes and those that a task works on are refused, and
 * with them the whole request.
 */
export const deleteVolumes = (ports: ApiPorts, request: RequestContext, deletion: VolumeDeletion): Promise<Conclusion['answer']> =>
  replanning(async () => {
    const volumes = await read(ports, request, deletion);
    for (const volume of volumes) requireUnprotected(volume);
    for (const volume of volumes) requireReady(volume);
    await Promise.all(volumes.map((volume) => requireNotExported(ports.rows, volume)));
    const found = { volumes, pools: await findPools(ports, volumes), context: contextOf(ports, deletion, volumes) };
    return deletion.mode === 'destroy' ? destroy(ports, request, found) : releaseVolumes(ports, request, found);
  });
