import type { Write } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import { type Author, changed } from '../inventory/changes.ts';
import { referenceBody } from '../inventory/links.ts';
import type { StoragePool, Volume } from '../inventory/schemas.ts';
import type { OperationIntent } from '../operation/accept.ts';
import type { Parted } from '../operation/accept-chunks.ts';
import { bindTakingBack } from '../operation/take-back.ts';
import { countedIn } from '../quota/limits.ts';
import { taskIdOf } from '../urn.ts';
import { plannedItem } from './identity.ts';
import type { VolumeDeletePlan } from './plan.ts';
import { unchangedSince } from './require.ts';
import { takeBackDelete } from './take-back.ts';

/** Volumes that are to go, found fit for it, and the operation that is to do it. */
export interface Deletion {
  readonly volumes: readonly Volume[];
  /** Those that the volumes are in. */
  readonly pools: readonly StoragePool[];
  readonly context: Pick<OperationIntent, 'operationId' | 'tenantId' | 'tasks' | 'answer'>;
}

export const poolOf = (pools: readonly StoragePool[], volume: Volume): StoragePool => {
  const pool = pools.find(({ id }) => id === volume.poolId);
  if (!pool) throw new ControlPlaneError(`the storage pool of the volume ${volume.name} is gone`, { code: 'resource.cannotDelete' });
  return pool;
};

/** The end of a deletion: task, volume, history, list and its note, native id and tags of each volume, and the counters of pools and quotas. */
export const committedRows = (volumes: readonly Volume[], pools: number): number =>
  1 + pools + new Set(volumes.flatMap(countedIn)).size + volumes.reduce((rows, volume) => rows + 6 + volume.tags.length, 0);

export const deletePlanOf = ({ volumes, pools }: Pick<Deletion, 'volumes' | 'pools'>): VolumeDeletePlan => ({
  volumes: volumes.map((volume) => {
    const pool = poolOf(pools, volume);
    return { ...plannedItem(volume, pool), arrayId: pool.arrayId };
  }),
});

/** As a dry run shows them. */
export const volumeBodies = (volumes: readonly Volume[]) =>
  volumes.map(({ id, name, nativeName }) => ({ ...referenceBody(id), name, native_name: nativeName }));

/** Each volume is locked by itself, and unlocked again if not all can be. */
export const lockedParts = (plan: VolumeDeletePlan, { volumes, context }: Deletion, author: Author): Parted => {
  const lock = (volume: Volume): Write[] =>
    changed(
      volume,
      { state: 'deleting', activeTaskId: taskIdOf(context.operationId, volume.id) },
      { author, guard: unchangedSince(volume.version) },
    );
  return {
    parts: volumes.map((volume) => ({ resourceId: volume.id, writes: lock(volume) })),
    takeBack: bindTakingBack(takeBackDelete, plan),
  };
};
