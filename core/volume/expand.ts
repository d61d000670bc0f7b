import { boundOf } from '../capacity/bound.ts';
import { formatGib, parseSize, roundUp } from '../capacity/size.ts';
import { takeCapacity } from '../capacity/take.ts';
import type { Write } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import { ownTenant } from '../identity/access.ts';
import { changed } from '../inventory/changes.ts';
import { referenceBody } from '../inventory/links.ts';
import { findResource, getActive } from '../inventory/read.ts';
import type { StoragePool, StorageProvider, VirtualPool, Volume } from '../inventory/schemas.ts';
import { acceptOperation } from '../operation/accept.ts';
import { replanning } from '../operation/replan.ts';
import { notCountedSince } from '../quota/limits.ts';
import { nothingReserved, type Reservation, reserveForMore } from '../quota/reserve.ts';
import { type ApiPorts, authorOf, type Conclusion, type RequestContext } from '../request.ts';
import { taskIdOf } from '../urn.ts';
import { plannedItem } from './identity.ts';
import type { VolumeExpandPlan } from './plan.ts';
import { requireReady, unchangedSince } from './require.ts';

export interface Expansion {
  readonly volumeId: string;
  readonly newSize: string | number;
}

interface Found {
  readonly volume: Volume;
  readonly pool: StoragePool;
  readonly provider: StorageProvider;
}

const requireExpandable = (volume: Volume, vpool: VirtualPool | undefined): void => {
  if (vpool?.expandable === false)
    throw new ControlPlaneError(`the virtual pool ${vpool.name} does not let its volumes be expanded (expandable)`, {
      code: 'request.parameterInvalid',
    });
  requireReady(volume);
};

const find = async (ports: ApiPorts, request: RequestContext, id: string): Promise<Found> => {
  const volume = await getActive(ports.rows, ownTenant(request.principal), { type: 'Volume', id });
  const [pool, provider, vpool] = await Promise.all([
    findResource(ports.rows, 'system', { type: 'StoragePool', id: volume.poolId }),
    findResource(ports.rows, 'system', { type: 'StorageProvider', id: volume.providerId }),
    findResource(ports.rows, 'system', { type: 'VirtualPool', id: volume.vpoolId }),
  ]);
  requireExpandable(volume, vpool);
  if (!pool || !provider)
    throw new ControlPlaneError(`the storage of the volume ${volume.name} is gone`, { code: 'resource.cannotDelete' });
  return { volume, pool, provider };
};

const planOf = ({ volume, pool }: Found, newSize: string | number): VolumeExpandPlan => {
  const newRequestedBytes = parseSize(newSize, 'new_size');
  if (newRequestedBytes <= volume.requestedBytes)
    throw new ControlPlaneError(
      `new_size: ${formatGib(newRequestedBytes)} GiB is not more than the ${formatGib(volume.requestedBytes)} GiB that ${volume.name} has`,
      { code: 'volume.cannotShrink' },
    );
  const newBytes = Math.max(volume.provisionedBytes, roundUp(newRequestedBytes, pool.sizeGranularityBytes));
  if (newBytes > pool.maxVolumeBytes)
    throw new ControlPlaneError(
      `new_size: ${formatGib(newBytes)} GiB is more than the ${formatGib(pool.maxVolumeBytes)} GiB that volumes of the pool ${pool.name} may have`,
      { code: 'request.outOfRange' },
    );
  return { volume: plannedItem(volume, pool), newBytes, newRequestedBytes };
};

/** Nothing to take when the rounded size is large enough already. */
const takeMore = ({ volume, pool }: Found, bytes: number): Write[] => {
  if (bytes === 0) return [];
  const bound = boundOf(pool, volume.provisioningType);
  const refusal =
    'refusal' in bound
      ? bound.refusal
      : bytes > bound.leftBytes && `${formatGib(bytes)} GiB more are needed and ${formatGib(Math.max(0, bound.leftBytes))} GiB are left`;
  if (refusal || 'refusal' in bound)
    throw new ControlPlaneError(`the storage pool ${pool.name} cannot take the expansion: ${refusal}`, { code: 'placement.none' });
  return [takeCapacity({ poolId: pool.id, bytes, volumes: 0, provisioning: volume.provisioningType, when: bound.taking(bytes) })];
};

const preview = ({ volume, provider }: Found, plan: VolumeExpandPlan, quotas: Reservation['preview']): Conclusion['plan'] => ({
  volume: { ...referenceBody(volume.id), name: volume.name },
  requested_capacity_gb: formatGib(plan.newRequestedBytes),
  provisioned_capacity_gb: formatGib(plan.newBytes),
  ...(quotas.length > 0 ? { quotas } : {}),
  calls: [{ step: 'ExpandVolumes', verb: 'expandVolumes', undo: null, storage_provider: referenceBody(provider.id), items: 1 }],
});

/** The operation, its task, the volume and its history. */
const work = { steps: 1, driverCalls: 1, committedRows: 4, committedEvents: 1 } as const;

/** Makes a volume larger; never smaller, and never taken back once the array has done it. */
export const expandVolume = (ports: ApiPorts, request: RequestContext, expansion: Expansion): Promise<Conclusion['answer']> =>
  replanning(async () => {
    const found = await find(ports, request, expansion.volumeId);
    const { volume } = found;
    const plan = planOf(found, expansion.newSize);
    const operationId = ports.ids.uuid();
    const bytes = plan.newBytes - volume.provisionedBytes;
    const reservation = bytes > 0 ? await reserveForMore(ports.rows, volume, bytes) : nothingReserved;
    const lock = { state: 'expanding' as const, activeTaskId: taskIdOf(operationId, volume.id) };
    const author = authorOf(ports, request, operationId);
    const writes = [
      ...takeMore(found, bytes),
      ...reservation.writes,
      ...changed(volume, lock, { author, guard: unchangedSince(volume.version, notCountedSince(volume)) }),
    ];
    return acceptOperation(ports, request, {
      operationId,
      workflow: 'volume-expand',
      tenantId: volume.tenantId,
      plan: { ...plan },
      preview: preview(found, plan, reservation.preview),
      work,
      tasks: [{ resourceId: volume.id, resourceName: volume.name, name: 'EXPAND VOLUME' }],
      writes,
      changes: [found.provider],
      answer: 'task',
    });
  });
