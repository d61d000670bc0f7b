import type { ResolveSteps, Settlement, Settling } from '../../core/operation/steps.ts';
import { failedTask, releasedTask } from '../../core/operation/task-error.ts';
import type { VolumeCreatePlan } from '../../core/volume/plan.ts';
import { unlikePlanned } from '../../core/volume/same.ts';
import { answerOf, observedVolume, releasedVolume, removedVolume } from '../../core/volume/settle.ts';
import { type Item, itemsOf, madePart, plannedCalls, unmadePart } from './items.ts';

type At = Settling<VolumeCreatePlan>;

const observedOf = ({ answers }: At, { id }: Item) => observedVolume(answerOf(answers, id));

const strangeness = (at: At, item: Item): string[] => {
  const { provisioning, acceptedAt } = at.plan;
  const observed = observedOf(at, item);
  const difference =
    observed && unlikePlanned(observed, { ...item, poolNativeId: item.pool.nativeId, provisioning, notBefore: acceptedAt });
  return difference === undefined ? [] : [`the volume ${item.nativeName} on the array is not the planned one: its ${difference} differs`];
};

/** Each volume by itself: what the array has is ours, what it has not was not made. */
const accept = (at: At): Settlement | { refusal: string } => {
  const items = itemsOf(at.plan);
  const strange = items.flatMap((item) => strangeness(at, item));
  if (strange.length > 0) return { refusal: strange.join('; ') };
  const parts = items.map((item) =>
    observedOf(at, item)
      ? madePart(at, item, 'the volume was accepted as the array has it')
      : unmadePart(at, item, { patch: removedVolume, task: failedTask(item.id, at.failure, 'the volume was not created') }),
  );
  return { parts, writes: [], tasks: [] };
};

const release = (at: At): Settlement => ({
  parts: itemsOf(at.plan).map((item) =>
    unmadePart(at, item, { patch: releasedVolume, task: releasedTask(item.id, `the volume ${item.nativeName}`) }),
  ),
  writes: [],
  tasks: [],
});

export const volumeCreateResolve: ResolveSteps<VolumeCreatePlan> = {
  look: (plan) => plannedCalls(plan, 'readVolumes'),
  settle: (at, how) => (how === 'accept' ? accept(at) : release(at)),
};
