import type { Share } from '../../core/capacity/take.ts';
import type { Write } from '../../core/change.ts';
import type { Volume } from '../../core/inventory/schemas.ts';
import { byProvider } from '../../core/operation/by-provider.ts';
import type { ArrayCall, SettledPart, Settlement, Settling, TaskEnd, WorkflowSteps } from '../../core/operation/steps.ts';
import { failedTask, rejectedTask, releasedTask } from '../../core/operation/task-error.ts';
import { countedIn } from '../../core/quota/limits.ts';
import type { QuotaShare } from '../../core/quota/quota.ts';
import { committed } from '../../core/volume/identity.ts';
import { dropNative } from '../../core/volume/native-row.ts';
import { type VolumeDeletePlan, volumeDeletePlan } from '../../core/volume/plan.ts';
import { unlikeRecord } from '../../core/volume/same.ts';
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
import { takeBackDelete } from '../../core/volume/take-back.ts';

type Item = VolumeDeletePlan['volumes'][number];

const call =
  (verb: 'ensureVolumesAbsent' | 'readVolumes') =>
  ({ volumes, leavesArray }: VolumeDeletePlan): ArrayCall[] =>
    byProvider(leavesArray ? [] : volumes).map(([providerId, items]) => ({
      providerId,
      verb,
      input: { items: items.map((item) => ({ ref: item.id, volume: committed(item) })) },
    }));

const removed = (settling: Settling<VolumeDeletePlan>, item: Item, patch: Partial<Volume>): Write[] => [
  ...releaseCounted(settling, volumeNow(settling, item.id), patch),
  dropNative({ arrayId: item.arrayId, nativeId: item.nativeId, volumeId: item.id }),
];

const kept = (settling: Settling<VolumeDeletePlan>, item: Item): Write[] =>
  releaseVolume(settling, volumeNow(settling, item.id), { state: 'ready' });

/** One that is released may be there. */
const shareOf = (settling: Settling<VolumeDeletePlan>, { id }: Item, { state }: Partial<Volume>): Share => {
  const { poolId, provisionedBytes, provisioningType } = volumeNow(settling, id);
  const share: Share = { poolId, bytes: provisionedBytes, provisioning: provisioningType, volumes: 1 };
  return state === releasedVolume.state ? { ...share, stays: true } : share;
};

const quotaOf = (settling: Settling<VolumeDeletePlan>, { id }: Item): QuotaShare => {
  const volume = volumeNow(settling, id);
  return { bytes: volume.provisionedBytes, quotaIds: countedIn(volume) };
};

const gonePart = (
  settling: Settling<VolumeDeletePlan>,
  item: Item,
  { patch, task }: { readonly patch: Partial<Volume>; readonly task: TaskEnd },
): SettledPart =>
  settledVolume(settling, item.id, {
    writes: removed(settling, item, patch),
    gives: shareOf(settling, item, patch),
    givesQuota: quotaOf(settling, item),
    task,
  });

/** Each volume by itself: what is gone from the array is gone from the records, what is there stays. */
const settleEach = (
  settling: Settling<VolumeDeletePlan>,
  isGone: (item: Item) => boolean,
  failed: (item: Item) => TaskEnd,
): Settlement => ({
  parts: settling.plan.volumes.map((item) => {
    if (!isGone(item)) return settledVolume(settling, item.id, { writes: kept(settling, item), task: failed(item) });
    const task: TaskEnd = { resourceId: item.id, state: 'ready', message: 'the volume was deleted' };
    return gonePart(settling, item, { patch: removedVolume, task });
  }),
  writes: [],
  tasks: [],
});

/** By the look: there is no volume of this id any more. */
const lookedGone =
  ({ answers }: Settling<VolumeDeletePlan>) =>
  ({ id }: Item): boolean => {
    const answer = answerOf(answers, id);
    return answer?.status === 'done' && answer.observed === undefined;
  };

const accept = (settling: Settling<VolumeDeletePlan>): Settlement | { refusal: string } => {
  const strange = settling.plan.volumes.flatMap((item) => {
    const observed = observedVolume(answerOf(settling.answers, item.id));
    const difference = observed && unlikeRecord(observed, item);
    return difference === undefined
      ? []
      : [`the volume ${item.nativeName} on the array is not the one on record: its ${difference} differs`];
  });
  if (strange.length > 0) return { refusal: strange.join('; ') };
  return settleEach(settling, lookedGone(settling), ({ id }) => failedTask(id, settling.failure, 'the volume was not deleted'));
};

const release = (settling: Settling<VolumeDeletePlan>, taskOf: (item: Item) => TaskEnd): Settlement => ({
  parts: settling.plan.volumes.map((item) => gonePart(settling, item, { patch: releasedVolume, task: taskOf(item) })),
  writes: [],
  tasks: [],
});

const released = (settling: Settling<VolumeDeletePlan>): Settlement =>
  release(settling, ({ id }) => ({ resourceId: id, state: 'ready', message: 'the volume was released' }));

export const volumeDeleteSteps: WorkflowSteps<VolumeDeletePlan> = {
  plan: volumeDeletePlan,
  steps: { EnsureVolumesAbsent: { run: call('ensureVolumesAbsent') } },
  look: call('readVolumes'),
  resources: (plan) => plan.volumes.map(({ id }) => id),
  commit: (settling) =>
    settling.plan.leavesArray
      ? released(settling)
      : settleEach(
          settling,
          ({ id }) => answerOf(settling.answers, id)?.status === 'done',
          ({ id }) => rejectedTask(id, answerOf(settling.answers, id), 'the volume was not deleted'),
        ),
  rollBack: (settling) =>
    settleEach(settling, lookedGone(settling), ({ id }) => failedTask(id, settling.failure, 'the volume was not deleted')),
  takeBack: takeBackDelete,
  resolve: {
    look: call('readVolumes'),
    discard: call('ensureVolumesAbsent'),
    settle: (settling, how) =>
      how === 'accept' ? accept(settling) : release(settling, (item) => releasedTask(item.id, `the volume ${item.nativeName}`)),
  },
};
