import type { Share } from '../../core/capacity/take.ts';
import type { Write } from '../../core/change.ts';
import { ControlPlaneError } from '../../core/errors.ts';
import type { Volume } from '../../core/inventory/schemas.ts';
import { byProvider } from '../../core/operation/by-provider.ts';
import type { ArrayCall, SettledPart, Settling, TaskEnd } from '../../core/operation/steps.ts';
import { countedIn } from '../../core/quota/limits.ts';
import { putNative } from '../../core/volume/native-row.ts';
import type { VolumeCreatePlan } from '../../core/volume/plan.ts';
import {
  answerOf,
  observedVolume,
  releaseCounted,
  releasedVolume,
  releaseVolume,
  removedVolume,
  settledVolume,
  volumeNow,
} from '../../core/volume/settle.ts';
import { putTombstone } from '../../core/volume/tombstone.ts';

export interface Item extends Omit<VolumeCreatePlan['volumes'][number], 'pool'> {
  readonly pool: VolumeCreatePlan['pools'][number];
  readonly providerId: string;
}

export const itemsOf = (plan: VolumeCreatePlan): Item[] =>
  plan.volumes.flatMap((volume) => {
    const pool = plan.pools[volume.pool];
    return pool ? [{ ...volume, pool, providerId: pool.providerId }] : [];
  });

/** Names every planned volume, whether it came to be or not. */
export const plannedCalls = (plan: VolumeCreatePlan, verb: 'ensureVolumesAbsent' | 'readVolumes'): ArrayCall[] =>
  byProvider(itemsOf(plan)).map(([providerId, items]) => ({
    providerId,
    verb,
    input: {
      items: items.map(({ id, nativeName, pool, bytes }) => ({
        ref: id,
        volume: {
          kind: 'planned',
          name: nativeName,
          poolNativeId: pool.nativeId,
          sizeBytes: bytes,
          provisioningType: plan.provisioning,
          notBefore: plan.acceptedAt,
        },
      })),
    },
  }));

const commitItem = (settling: Settling<VolumeCreatePlan>, { id, pool }: Item) => {
  const answer = answerOf(settling.answers, id);
  const observed = observedVolume(answer);
  const nativeId = answer?.nativeId ?? observed?.nativeId;
  if (nativeId === undefined || observed === undefined)
    throw new ControlPlaneError(`the driver did not say which volume it made for ${id}`, { code: 'internal.unexpected' });
  return [
    ...releaseVolume(settling, volumeNow(settling, id), {
      state: 'ready',
      nativeId,
      nativeCreatedAt: observed.createdAt,
      wwn: observed.wwn,
      allocatedBytes: observed.allocatedBytes,
    }),
    putNative({ arrayId: pool.arrayId, nativeId, volumeId: id }),
  ];
};

/** What goes with a volume that is not made; one that is released may be there. A pool may have been forgotten since. */
const shareOf = (
  { row, plan }: Settling<VolumeCreatePlan>,
  { pool, bytes }: Item,
  { state }: Partial<Volume>,
): Pick<SettledPart, 'gives'> => {
  if (!row(pool.id)) return {};
  const share: Share = { poolId: pool.id, bytes, volumes: 1, provisioning: plan.provisioning };
  return { gives: state === releasedVolume.state ? { ...share, stays: true } : share };
};

export const madePart = (settling: Settling<VolumeCreatePlan>, item: Item, message: string): SettledPart =>
  settledVolume(settling, item.id, {
    writes: commitItem(settling, item),
    task: { resourceId: item.id, state: 'ready', message },
  });

/** What of a volume that was taken back may still appear on the array, by a request that was given up, is known by this. One that was released has none. */
const tombstone = ({ plan, operation, author }: Settling<VolumeCreatePlan>, item: Item, patch: Partial<Volume>): Write[] => {
  if (patch.state !== removedVolume.state) return [];
  const { id: volumeId, nativeName, pool, bytes } = item;
  const planned = { nativeName, poolNativeId: pool.nativeId, bytes, provisioning: plan.provisioning, notBefore: plan.acceptedAt };
  return [putTombstone(pool.arrayId, { ...planned, volumeId, operationId: operation.id }, author.at)];
};

export const unmadePart = (
  settling: Settling<VolumeCreatePlan>,
  item: Item,
  { patch, task }: { readonly patch: Partial<Volume>; readonly task: TaskEnd },
): SettledPart => {
  const volume = volumeNow(settling, item.id);
  return settledVolume(settling, item.id, {
    writes: [...releaseCounted(settling, volume, patch), ...tombstone(settling, item, patch)],
    task,
    givesQuota: { bytes: item.bytes, quotaIds: countedIn(volume) },
    ...shareOf(settling, item, patch),
  });
};
