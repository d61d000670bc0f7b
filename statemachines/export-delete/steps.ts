import { absentCalls, mappedPairs, type Pair, pairsOf, readCalls } from '../../core/export/calls.ts';
import { type ExportPlan, exportPlan } from '../../core/export/plan.ts';
import { endExport, membersNow, removedGroup, removePairs, withLeft } from '../../core/export/settle.ts';
import { takeBackExport } from '../../core/export/take-back.ts';
import type { Settlement, Settling, TaskEnd, WorkflowSteps } from '../../core/operation/steps.ts';
import { failedTask, rejectedTask, releasedTask } from '../../core/operation/task-error.ts';

const unmapped = (plan: ExportPlan): Pair[] => pairsOf(plan, 'unmap');

/** Without a mapping that is left the group is gone; otherwise it stays with what is left, and can be deleted again. */
const settle = (settling: Settling<ExportPlan>, left: readonly Pair[], failed: () => TaskEnd): Settlement => {
  const { plan } = settling;
  const removed = pairsOf(plan, 'leave', 'forget', 'unmap').filter(({ ref }) => !left.some((pair) => pair.ref === ref));
  return endExport(settling, {
    group: left.length === 0 ? removedGroup : { state: 'ready', ...withLeft(membersNow(settling), plan.after, left) },
    pairs: removePairs(removed),
    task: left.length === 0 ? { resourceId: plan.groupId, state: 'ready', message: 'the export group was deleted' } : failed(),
  });
};

/** Mappings that the array still has stay on record; those that only the records knew go. */
const asFound = (settling: Settling<ExportPlan>): Settlement => {
  const { plan, answers, failure } = settling;
  const still = mappedPairs(answers, unmapped(plan));
  return settle(settling, still, () => failedTask(plan.groupId, failure, 'the export group was not deleted'));
};

const release = (settling: Settling<ExportPlan>): Settlement =>
  endExport(settling, {
    group: removedGroup,
    pairs: removePairs(pairsOf(settling.plan, 'leave', 'forget', 'unmap')),
    task: releasedTask(settling.plan.groupId, 'the export group'),
  });

export const exportDeleteSteps: WorkflowSteps<ExportPlan> = {
  plan: exportPlan,
  steps: { EnsureExportsAbsent: { run: (plan) => absentCalls(unmapped(plan)) } },
  look: (plan) => readCalls(unmapped(plan)),
  resources: ({ groupId }) => [groupId],
  commit: (settling) => {
    const { plan, answers } = settling;
    const answerTo = (pair: Pair | undefined) => answers.find(({ ref }) => ref === pair?.ref);
    const left = unmapped(plan).filter((pair) => answerTo(pair)?.status !== 'done');
    return settle(settling, left, () => rejectedTask(plan.groupId, answerTo(left[0]), `${left.length} mapping(s) were not removed`));
  },
  rollBack: asFound,
  takeBack: takeBackExport,
  resolve: {
    look: (plan) => readCalls(unmapped(plan)),
    discard: (plan) => absentCalls(unmapped(plan)),
    settle: (settling, how) => (how === 'accept' ? asFound(settling) : release(settling)),
  },
};
