import { formatGib } from '../capacity/size.ts';
import type { Work } from '../cost/estimate.ts';
import { referenceBody } from '../inventory/links.ts';
import type { Volume } from '../inventory/schemas.ts';
import type { Placement } from '../placement/place.ts';
import type { Conclusion } from '../request.ts';
import type { VolumeCreatePlan } from './plan.ts';

/** A task, a volume, its native id, and its history. */
const committedRowsOfVolume = 4;

const volumeBody = (volume: Volume, poolName: string | undefined) => ({
  name: volume.name,
  native_name: volume.nativeName,
  requested_capacity_gb: formatGib(volume.requestedBytes),
  provisioned_capacity_gb: formatGib(volume.provisionedBytes),
  storage_pool: { ...referenceBody(volume.poolId), name: poolName },
});

const callBodies = ({ pools, volumes }: VolumeCreatePlan) =>
  [...new Set(pools.map(({ providerId }) => providerId))].map((providerId) => ({
    step: 'EnsureVolumes',
    verb: 'ensureVolumes',
    undo: 'ensureVolumesAbsent',
    storage_provider: referenceBody(providerId),
    items: volumes.filter(({ pool }) => pools[pool]?.providerId === providerId).length,
  }));

export const createWork = (plan: VolumeCreatePlan): Work => ({
  steps: 1,
  driverCalls: callBodies(plan).length,
  committedRows: 1 + plan.volumes.length * committedRowsOfVolume,
  committedEvents: plan.volumes.length,
});

/** What a dry run of an order shows: where the volumes would go and why, and what would be done. */
export const createPreview = (plan: VolumeCreatePlan, { placed, refused }: Placement, volumes: readonly Volume[]): Conclusion['plan'] => {
  return {
    volumes: volumes.map((volume) => volumeBody(volume, placed.find(({ pool }) => pool.id === volume.poolId)?.pool.name)),
    chosen: placed.map(({ pool, count, why }) => ({ storage_pool: { ...referenceBody(pool.id), name: pool.name }, volumes: count, why })),
    refused: refused.map(({ poolId, poolName, reasons }) => ({ storage_pool: { ...referenceBody(poolId), name: poolName }, reasons })),
    calls: callBodies(plan),
  };
};
