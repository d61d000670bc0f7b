import type { ResolveSteps, Settlement, Settling, TaskEnd } from '../../core/operation/steps.ts';
import { failedTask, releasedTask } from '../../core/operation/task-error.ts';
import type { VolumeCreatePlan } from '../../core/volume/plan.ts';
import { unlikePlanned } from '../../core/volume/same.ts';
import { answerOf, observedVolume, releasedVolume, releaseVolume, removedVolume, volumeNow } from '../../core/volume/settle.ts';
import { commitItem, givenBack, type Item, itemsOf, plannedCalls } from './items.ts';

type At = Settling<VolumeCreatePlan>;

const observedOf = ({ answers }: At, { id }: Item) => observedVolume(answerOf(answers, id));

const strangeness = (at: At, item: Item): string[] => {
  const { provisioning, acceptedAt } = at.plan;
  const observed = observedOf(at, item);
  const difference =
    observed && unlikePlanned(observed, { ...item, poolNativeId: item.pool.nativeId, provisioning, notBefore: acceptedAt });
  return difference === undefined ? [] : [`the volume ${item.nativeName} on the array is not the planned one: its ${difference} differs`];
};

const readyTask = ({ id }: Item): TaskEnd => ({ resourceId: id, state: 'ready', message: 'the volume was accepted as the array has it' });

/** Each volume by itself: what the array has is ours, what it has not was not made. */
const accept = (at: At): Settlement | { refusal: string } => {
  const items = itemsOf(at.plan);
  const strange = items.flatMap((item) => strangeness(at, item));
  if (strange.length > 0) return { refusal: strange.join('; ') };
  const made = items.filter((item) => observedOf(at, item));
  const missing = items.filter((item) => !made.includes(item));
  return {
    writes: [
      ...made.flatMap((item) => commitItem(at, item)),
      ...missing.flatMap(({ id }) => releaseVolume(at, volumeNow(at, id), removedVolume)),
      ...givenBack(at, missing),
    ],
    tasks: [...made.map(readyTask), ...missing.map(({ id }) => failedTask(id, at.failure, 'the volume was not created'))],
  };
};

const release = (at: At): Settlement => {
  const items = itemsOf(at.plan);
  return {
    writes: [...items.flatMap(({ id }) => releaseVolume(at, volumeNow(at, id), releasedVolume)), ...givenBack(at, items)],
    tasks: items.map(({ id, nativeName }) => releasedTask(id, `the volume ${nativeName}`)),
  };
};

export const volumeCreateResolve: ResolveSteps<VolumeCreatePlan> = {
  look: (plan) => plannedCalls(plan, 'readVolumes'),
  settle: (at, how) => (how === 'accept' ? accept(at) : release(at)),
};
