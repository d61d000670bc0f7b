import { formatGib } from '../capacity/size.ts';
import { estimate, estimateBody } from '../cost/estimate.ts';
import { referenceBody } from '../inventory/links.ts';
import type { Volume } from '../inventory/schemas.ts';
import type { Placement } from '../placement/place.ts';
import type { Conclusion } from '../request.ts';
import type { VolumeCreatePlan } from './plan.ts';

/** Operation and its plan. */
const operationRows = 2;
/** A task, a volume, its place in the project's list, and its history. */
const acceptedRowsOfVolume = 4;
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

/** What a dry run of an order shows: where the volumes would go and why, what would be done, and what that costs. */
export const createPreview = (plan: VolumeCreatePlan, { placed, refused }: Placement, volumes: readonly Volume[]): Conclusion['plan'] => {
  const calls = callBodies(plan);
  return {
    volumes: volumes.map((volume) => volumeBody(volume, placed.find(({ pool }) => pool.id === volume.poolId)?.pool.name)),
    chosen: placed.map(({ pool, count, why }) => ({ storage_pool: { ...referenceBody(pool.id), name: pool.name }, volumes: count, why })),
    refused: refused.map(({ poolId, poolName, reasons }) => ({ storage_pool: { ...referenceBody(poolId), name: poolName }, reasons })),
    calls,
    cost: estimateBody(
      estimate({
        steps: 1,
        driverCalls: calls.length,
        acceptedRows: operationRows + placed.length + volumes.length * acceptedRowsOfVolume,
        committedRows: 1 + volumes.length * committedRowsOfVolume,
        resources: volumes.length,
      }),
    ),
  };
};
