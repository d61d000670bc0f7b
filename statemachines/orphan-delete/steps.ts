import type { Write } from '../../core/change.ts';
import { type OrphanDeletePlan, orphanDeletePlan } from '../../core/discovery/orphan-removal.ts';
import { changed, historyWrite } from '../../core/inventory/changes.ts';
import { type UnManagedVolume, unmanagedVolumeSchema } from '../../core/inventory/schemas.ts';
import type { ArrayCall, Settlement, Settling, StepAnswers, TaskEnd, WorkflowSteps } from '../../core/operation/steps.ts';
import { failedTask, rejectedTask } from '../../core/operation/task-error.ts';
import { taskIdOf } from '../../core/urn.ts';
import { answerOf } from '../../core/volume/settle.ts';
import { dropTombstone, putTombstone } from '../../core/volume/tombstone.ts';

type Item = OrphanDeletePlan['orphans'][number];
type At = Settling<OrphanDeletePlan>;

const call =
  (verb: 'ensureVolumesAbsent' | 'readVolumes') =>
  ({ providerId, orphans }: OrphanDeletePlan): ArrayCall[] => [
    {
      providerId,
      verb,
      input: {
        items: orphans.map(({ id, nativeName, poolNativeId, bytes, provisioning, notBefore }) => ({
          ref: id,
          volume: { kind: 'planned', name: nativeName, poolNativeId, sizeBytes: bytes, provisioningType: provisioning, notBefore },
        })),
      },
    },
  ];

const unlocked = ({ operation, author, row }: At, { id }: Item, patch: Partial<UnManagedVolume>): Write[] =>
  changed(
    unmanagedVolumeSchema.parse(row(id)),
    { ...patch, activeTaskId: undefined },
    { author, guard: { when: [{ attribute: 'activeTaskId', is: '=', value: taskIdOf(operation.id, id) }] } },
  );

/** The history of the volume that was never made tells it too. */
const removed = (at: At, item: Item): Write[] => [
  ...unlocked(at, item, { inactive: true }),
  dropTombstone(at.plan.arrayId, item.nativeName),
  historyWrite(at.author, {
    resource: { id: item.volumeId },
    kind: 'changed',
    before: {},
    after: { removedFromArray: item.nativeName },
  }),
];

const settleEach = (
  at: At,
  isGone: (item: Item) => boolean,
  left: { writes(item: Item): Write[]; task(item: Item): TaskEnd },
): Settlement => {
  const gone = at.plan.orphans.filter(isGone);
  const rest = at.plan.orphans.filter((item) => !gone.includes(item));
  const ready = ({ id }: Item): TaskEnd => ({ resourceId: id, state: 'ready', message: 'the orphaned volume was removed' });
  return {
    writes: [...gone.flatMap((item) => removed(at, item)), ...rest.flatMap((item) => left.writes(item))],
    tasks: [...gone.map(ready), ...rest.map(left.task)],
  };
};

const isAbsent =
  (answers: StepAnswers) =>
  ({ id }: Item): boolean => {
    const answer = answerOf(answers, id);
    return answer?.status === 'done' && answer.observed === undefined;
  };

const notRemoved = 'the orphaned volume was not removed';

export const orphanDeleteSteps: WorkflowSteps<OrphanDeletePlan> = {
  plan: orphanDeletePlan,
  steps: { EnsureOrphansAbsent: { run: call('ensureVolumesAbsent') } },
  look: call('readVolumes'),
  resources: ({ orphans }) => orphans.map(({ id }) => id),
  commit: (at) =>
    settleEach(at, ({ id }) => answerOf(at.answers, id)?.status === 'done', {
      writes: (item) => {
        const refusal = answerOf(at.answers, item.id)?.error?.message ?? 'it did not answer for it';
        const { id, ...tombstone } = item;
        return [...unlocked(at, item, {}), putTombstone(at.plan.arrayId, { ...tombstone, refusal }, at.author.at)];
      },
      task: ({ id }) => rejectedTask(id, answerOf(at.answers, id), notRemoved),
    }),
  /** By the look. What is still there is tried again by a later discovery. */
  rollBack: (at) =>
    settleEach(at, isAbsent(at.answers), {
      writes: (item) => unlocked(at, item, {}),
      task: ({ id }) => failedTask(id, at.failure, notRemoved),
    }),
};
