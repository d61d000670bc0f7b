import { giveBackCapacity } from '../../core/capacity/take.ts';
import { ControlPlaneError } from '../../core/errors.ts';
import { byProvider } from '../../core/operation/by-provider.ts';
import type { ArrayCall, Settling, WorkflowSteps } from '../../core/operation/steps.ts';
import { failedTask } from '../../core/operation/task-error.ts';
import { putNative } from '../../core/volume/native-row.ts';
import { type VolumeCreatePlan, volumeCreatePlan } from '../../core/volume/plan.ts';
import { answerOf, observedVolume, releaseVolume, removedVolume, volumeNow } from '../../core/volume/settle.ts';

interface Item extends Omit<VolumeCreatePlan['volumes'][number], 'pool'> {
  readonly pool: VolumeCreatePlan['pools'][number];
  readonly providerId: string;
}

const itemsOf = (plan: VolumeCreatePlan): Item[] =>
  plan.volumes.flatMap((volume) => {
    const pool = plan.pools[volume.pool];
    return pool ? [{ ...volume, pool, providerId: pool.providerId }] : [];
  });

const ensure = (plan: VolumeCreatePlan): ArrayCall[] =>
  byProvider(itemsOf(plan)).map(([providerId, items]) => ({
    providerId,
    verb: 'ensureVolumes',
    input: {
      items: items.map(({ id, nativeName, pool, bytes }) => ({
        ref: id,
        name: nativeName,
        systemNativeId: pool.systemNativeId,
        poolNativeId: pool.nativeId,
        sizeBytes: bytes,
        provisioningType: plan.provisioning,
      })),
    },
  }));

/** Every planned volume, whether it came to be or not. */
const ensureAbsent = (plan: VolumeCreatePlan): ArrayCall[] =>
  byProvider(itemsOf(plan)).map(([providerId, items]) => ({
    providerId,
    verb: 'ensureVolumesAbsent',
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

const givenBack = ({ row, plan }: Settling<VolumeCreatePlan>, items: readonly Item[]) =>
  giveBackCapacity(
    items.filter(({ pool }) => row(pool.id)).map(({ pool, bytes }) => ({ poolId: pool.id, bytes, provisioning: plan.provisioning })),
  );

export const volumeCreateSteps: WorkflowSteps<VolumeCreatePlan> = {
  plan: volumeCreatePlan,
  steps: { EnsureVolumes: { run: ensure, undo: ensureAbsent } },
  resources: (plan) => [...plan.volumes, ...plan.pools].map(({ id }) => id),
  commit: (settling) => ({
    writes: itemsOf(settling.plan).flatMap((item) => commitItem(settling, item)),
    tasks: settling.plan.volumes.map(({ id }) => ({ resourceId: id, state: 'ready', message: 'the volume was created' })),
  }),
  rollBack: (settling) => {
    const items = itemsOf(settling.plan);
    return {
      writes: [
        ...items.flatMap(({ id }) => releaseVolume(settling, volumeNow(settling, id), removedVolume)),
        ...givenBack(settling, items),
      ],
      tasks: items.map(({ id }) => failedTask(id, settling.failure, 'the volume was not created')),
    };
  },
};
