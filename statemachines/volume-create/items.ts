import { giveBackCapacity } from '../../core/capacity/take.ts';
import type { Write } from '../../core/change.ts';
import { ControlPlaneError } from '../../core/errors.ts';
import { byProvider } from '../../core/operation/by-provider.ts';
import type { ArrayCall, Settling } from '../../core/operation/steps.ts';
import { putNative } from '../../core/volume/native-row.ts';
import type { VolumeCreatePlan } from '../../core/volume/plan.ts';
import { answerOf, observedVolume, releaseVolume, volumeNow } from '../../core/volume/settle.ts';

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

export const commitItem = (settling: Settling<VolumeCreatePlan>, { id, pool }: Item) => {
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

export const givenBack = ({ row, plan }: Settling<VolumeCreatePlan>, items: readonly Item[]): Write[] =>
  giveBackCapacity(
    items.filter(({ pool }) => row(pool.id)).map(({ pool, bytes }) => ({ poolId: pool.id, bytes, provisioning: plan.provisioning })),
  );
