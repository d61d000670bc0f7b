import { giveBackCapacity } from '../capacity/take.ts';
import type { Write } from '../change.ts';
import type { Work } from '../cost/estimate.ts';
import { ControlPlaneError } from '../errors.ts';
import { ownTenant } from '../identity/access.ts';
import { changed } from '../inventory/changes.ts';
import { referenceBody } from '../inventory/links.ts';
import { getActive, getMany, getReferred } from '../inventory/read.ts';
import type { StoragePool, Volume } from '../inventory/schemas.ts';
import { acceptOperation, type OperationIntent } from '../operation/accept.ts';
import { byProvider } from '../operation/by-provider.ts';
import { mostOrdered, mostTogether } from '../operation/chunks.ts';
import { recordOperation } from '../operation/record.ts';
import { replanning } from '../operation/replan.ts';
import { bindTakingBack } from '../operation/take-back.ts';
import { type ApiPorts, authorOf, type Conclusion, type RequestContext } from '../request.ts';
import { taskIdOf } from '../urn.ts';
import { plannedItem } from './identity.ts';
import { dropNative } from './native-row.ts';
import type { VolumeDeletePlan } from './plan.ts';
import { requireNotExported, requireReady, requireUnprotected, unchangedSince } from './require.ts';
import { takeBackDelete } from './take-back.ts';

export interface VolumeDeletion {
  readonly ids: readonly string[];
  /** `path`: the one id stands in the path, and one task is answered. `body`: the ids stand in the body. */
  readonly from: 'path' | 'body';
  /** `destroy` removes the volume from its array; `release` forgets the record and leaves the array untouched. */
  readonly mode: 'destroy' | 'release';
}

/** Of records that are forgotten, in one transaction. */
const mostReleased = mostTogether;
const mostReleasedRows = 95;

const checkedIds = ({ ids, mode }: VolumeDeletion): string[] => {
  const distinct = [...new Set(ids)];
  const most = mode === 'destroy' ? mostOrdered : mostReleased;
  if (distinct.length > most)
    throw new ControlPlaneError(
      `id: ${distinct.length} volumes are more than the ${most} that one request may ${mode === 'destroy' ? 'delete' : 'release'}`,
      {
        code: 'request.limit',
      },
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

const poolOf = (pools: readonly StoragePool[], volume: Volume): StoragePool => {
  const pool = pools.find(({ id }) => id === volume.poolId);
  if (!pool) throw new ControlPlaneError(`the storage pool of the volume ${volume.name} is gone`, { code: 'resource.cannotDelete' });
  return pool;
};

/** The end of a deletion: task, volume, history, list and its note, native id and tags of each volume, and the pools' counters. */
const committedRows = (volumes: readonly Volume[], pools: number): number =>
  1 + pools + volumes.reduce((rows, volume) => rows + 6 + volume.tags.length, 0);

const requireFewRows = (volumes: readonly Volume[], pools: number): void => {
  if (committedRows(volumes, pools) <= mostReleasedRows) return;
  throw new ControlPlaneError('id: these volumes have too many tags to be released in one request; release fewer at once', {
    code: 'request.limit',
  });
};

const planOf = (volumes: readonly Volume[], pools: readonly StoragePool[]): VolumeDeletePlan => ({
  volumes: volumes.map((volume) => {
    const pool = poolOf(pools, volume);
    return { ...plannedItem(volume, pool), arrayId: pool.arrayId };
  }),
});

const deletePreview = (plan: VolumeDeletePlan, volumes: readonly Volume[]): Conclusion['plan'] => {
  const calls = byProvider(plan.volumes).map(([providerId, items]) => ({
    step: 'EnsureVolumesAbsent',
    verb: 'ensureVolumesAbsent',
    undo: null,
    storage_provider: referenceBody(providerId),
    items: items.length,
  }));
  return {
    volumes: volumes.map(({ id, name, nativeName }) => ({ ...referenceBody(id), name, native_name: nativeName })),
    calls,
  };
};

const deleteWork = (plan: VolumeDeletePlan, volumes: readonly Volume[], pools: number): Work => ({
  steps: 1,
  driverCalls: byProvider(plan.volumes).length,
  committedRows: committedRows(volumes, pools),
  committedEvents: volumes.length,
});

type Context = Pick<OperationIntent, 'operationId' | 'tenantId' | 'tasks' | 'answer'>;

const contextOf = (ports: ApiPorts, deletion: VolumeDeletion, volumes: readonly Volume[]): Context => ({
  operationId: ports.ids.uuid(),
  tenantId: volumes[0]?.tenantId ?? '',
  tasks: volumes.map(({ id, name }) => ({ resourceId: id, resourceName: name, name: 'DELETE VOLUME' })),
  answer: deletion.from === 'path' ? 'task' : 'tasks',
});

const destroy = async (ports: ApiPorts, request: RequestContext, found: Found): Promise<Conclusion['answer']> => {
  const { volumes, pools, context } = found;
  const providers = await getMany(ports.rows, 'system', {
    type: 'StorageProvider',
    ids: [...new Set(volumes.map(({ providerId }) => providerId))],
  });
  const plan = planOf(volumes, pools);
  const author = authorOf(ports, request, context.operationId);
  const lock = (volume: Volume): Write[] =>
    changed(
      volume,
      { state: 'deleting', activeTaskId: taskIdOf(context.operationId, volume.id) },
      { author, guard: unchangedSince(volume.version) },
    );
  return acceptOperation(ports, request, {
    ...context,
    workflow: 'volume-delete',
    plan: { ...plan },
    preview: deletePreview(plan, volumes),
    work: deleteWork(plan, volumes, pools.length),
    writes: [],
    parted: {
      parts: volumes.map((volume) => ({ resourceId: volume.id, writes: lock(volume) })),
      takeBack: bindTakingBack(takeBackDelete, plan),
    },
    changes: providers,
  });
};

/** Nothing is asked of the array: what lies there is no business of ours any more. */
const release = (ports: ApiPorts, request: RequestContext, { volumes, pools, context }: Found): Promise<Conclusion['answer']> => {
  requireFewRows(volumes, pools.length);
  const author = authorOf(ports, request, context.operationId);
  const forget = (volume: Volume): Write[] => [
    ...changed(volume, { state: 'released', inactive: true }, { author, guard: unchangedSince(volume.version) }),
    ...(volume.nativeId ? [dropNative({ arrayId: poolOf(pools, volume).arrayId, nativeId: volume.nativeId, volumeId: volume.id })] : []),
  ];
  const shares = volumes.map(({ poolId, provisionedBytes, provisioningType }) => ({
    poolId,
    bytes: provisionedBytes,
    provisioning: provisioningType,
  }));
  return recordOperation(ports, request, {
    ...context,
    workflow: 'volume-release',
    plan: { volumes: volumes.map(({ id }) => id) },
    preview: { volumes: volumes.map(({ id, name, nativeName }) => ({ ...referenceBody(id), name, native_name: nativeName })), calls: [] },
    writes: [...volumes.flatMap(forget), ...giveBackCapacity(shares)],
  });
};

interface Found {
  readonly volumes: readonly Volume[];
  readonly pools: readonly StoragePool[];
  readonly context: Context;
}

/**
 * Deletes 1 to 100 volumes, or releases 1 to 12; each ends by itself, `destroy` with a task that runs, `release` at once. Exported volumes and
 * those that a task works on are refused, and with them the whole request.
 */
export const deleteVolumes = (ports: ApiPorts, request: RequestContext, deletion: VolumeDeletion): Promise<Conclusion['answer']> =>
  replanning(async () => {
    const volumes = await read(ports, request, deletion);
    for (const volume of volumes) requireUnprotected(volume);
    for (const volume of volumes) requireReady(volume);
    await Promise.all(volumes.map((volume) => requireNotExported(ports.rows, volume)));
    const found = { volumes, pools: await findPools(ports, volumes), context: contextOf(ports, deletion, volumes) };
    return deletion.mode === 'destroy' ? destroy(ports, request, found) : release(ports, request, found);
  });
