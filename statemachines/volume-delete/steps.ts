import { giveBackCapacity } from '../../core/capacity/take.ts';
import type { Write } from '../../core/change.ts';
import { byProvider } from '../../core/operation/by-provider.ts';
import type { ArrayCall, Settlement, Settling, TaskEnd, WorkflowSteps } from '../../core/operation/steps.ts';
import { failedTask, rejectedTask, releasedTask } from '../../core/operation/task-error.ts';
import { committed } from '../../core/volume/identity.ts';
import { dropNative } from '../../core/volume/native-row.ts';
import { type VolumeDeletePlan, volumeDeletePlan } from '../../core/volume/plan.ts';
import { unlikeRecord } from '../../core/volume/same.ts';
import { answerOf, observedVolume, releasedVolume, releaseVolume, removedVolume, volumeNow } from '../../core/volume/settle.ts';

type Item = VolumeDeletePlan['volumes'][number];

const call =
  (verb: 'ensureVolumesAbsent' | 'readVolumes') =>
  (plan: VolumeDeletePlan): ArrayCall[] =>
    byProvider(plan.volumes).map(([providerId, items]) => ({
      providerId,
      verb,
      input: { items: items.map((item) => ({ ref: item.id, volume: committed(item) })) },
    }));

const removed = (settling: Settling<VolumeDeletePlan>, item: Item, patch = removedVolume): Write[] => [
  ...releaseVolume(settling, volumeNow(settling, item.id), patch),
  dropNative({ arrayId: item.arrayId, nativeId: item.nativeId, volumeId: item.id }),
];

const kept = (settling: Settling<VolumeDeletePlan>, item: Item): Write[] =>
  releaseVolume(settling, volumeNow(settling, item.id), { state: 'ready' });

const givenBack = (settling: Settling<VolumeDeletePlan>, gone: readonly Item[]): Write[] =>
  giveBackCapacity(
    gone.map(({ id }) => {
      const { poolId, provisionedBytes, provisioningType } = volumeNow(settling, id);
      return { poolId, bytes: provisionedBytes, provisioning: provisioningType };
    }),
  );

/** Each volume by itself: what is gone from the array is gone from the records, what is there stays. */
const settleEach = (settling: Settling<VolumeDeletePlan>, isGone: (item: Item) => boolean, failed: (item: Item) => TaskEnd): Settlement => {
  const gone = settling.plan.volumes.filter(isGone);
  const left = settling.plan.volumes.filter((item) => !gone.includes(item));
  return {
    writes: [
      ...gone.flatMap((item) => removed(settling, item)),
      ...left.flatMap((item) => kept(settling, item)),
      ...givenBack(settling, gone),
    ],
    tasks: [...gone.map(({ id }): TaskEnd => ({ resourceId: id, state: 'ready', message: 'the volume was deleted' })), ...left.map(failed)],
  };
};

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

const release = (settling: Settling<VolumeDeletePlan>): Settlement => {
  const { volumes } = settling.plan;
  return {
    writes: [...volumes.flatMap((item) => removed(settling, item, releasedVolume)), ...givenBack(settling, volumes)],
    tasks: volumes.map(({ id, nativeName }) => releasedTask(id, `the volume ${nativeName}`)),
  };
};

export const volumeDeleteSteps: WorkflowSteps<VolumeDeletePlan> = {
  plan: volumeDeletePlan,
  steps: { EnsureVolumesAbsent: { run: call('ensureVolumesAbsent') } },
  look: call('readVolumes'),
  resources: (plan) => plan.volumes.map(({ id }) => id),
  commit: (settling) =>
    settleEach(
      settling,
      ({ id }) => answerOf(settling.answers, id)?.status === 'done',
      ({ id }) => rejectedTask(id, answerOf(settling.answers, id), 'the volume was not deleted'),
    ),
  rollBack: (settling) =>
    settleEach(settling, lookedGone(settling), ({ id }) => failedTask(id, settling.failure, 'the volume was not deleted')),
  resolve: {
    look: call('readVolumes'),
    discard: call('ensureVolumesAbsent'),
    settle: (settling, how) => (how === 'accept' ? accept(settling) : release(settling)),
  },
};
