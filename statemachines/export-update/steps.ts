import {
  absentCalls,
  type Connected,
  connections,
  ensureCalls,
  learnFound,
  mappedPairs,
  type Pair,
  pairsOf,
  readCalls,
  undoCalls,
} from '../../core/export/calls.ts';
import { type ExportPlan, exportPlan } from '../../core/export/plan.ts';
import { addPairs, endExport, membersNow, missingMappings, removePairs, withLeft, withoutAdded } from '../../core/export/settle.ts';
import type { Settlement, Settling, WorkflowSteps } from '../../core/operation/steps.ts';
import { failedTask, rejectedTask } from '../../core/operation/task-error.ts';

const unmapped = (plan: ExportPlan): Pair[] => pairsOf(plan, 'unmap');

/** Of earlier steps: what the array told of the new mappings. */
const learnedConnections = (learned: Settling<ExportPlan>['learned']): Readonly<Record<string, Connected>> =>
  (learned['EnsureExports'] ?? {}) as Readonly<Record<string, Connected>>;

/** New mappings are all there, or the workflow would not be here; removals count one by one. */
const commit = (settling: Settling<ExportPlan>): Settlement => {
  const { plan, answers, learned } = settling;
  const left = unmapped(plan).filter(({ ref }) => answers.find((answer) => answer.ref === ref)?.status !== 'done');
  const removed = pairsOf(plan, 'leave', 'forget', 'unmap').filter(({ ref }) => !left.some((pair) => pair.ref === ref));
  const [first] = left;
  return endExport(settling, {
    group: { state: 'ready', ...withLeft(membersNow(settling), plan.after, left) },
    pairs: [...addPairs(settling, learnedConnections(learned)), ...removePairs(removed)],
    task: first
      ? rejectedTask(
          plan.groupId,
          answers.find(({ ref }) => ref === first.ref),
          `${left.length} mapping(s) were not removed`,
        )
      : { resourceId: plan.groupId, state: 'ready', message: 'the export group was updated' },
  });
};

/** What was mapped has been taken back; what the array no longer maps is gone from the records, the rest stays. */
const rollBack = (settling: Settling<ExportPlan>): Settlement => {
  const { plan, answers, failure } = settling;
  const asked = unmapped(plan);
  const still = mappedPairs(answers, asked);
  const gone = asked.filter((pair) => !still.includes(pair));
  const left = [...still, ...pairsOf(plan, 'leave', 'forget')];
  const now = membersNow(settling);
  return endExport(settling, {
    group: { state: 'ready', ...withLeft(now, withoutAdded(now, plan.after), left) },
    pairs: removePairs(gone),
    task: failedTask(plan.groupId, failure, 'the export group was not updated'),
  });
};

/** New mappings must all be there; of those to be removed the ones that still are stay. */
const accept = (settling: Settling<ExportPlan>): Settlement | { refusal: string } => {
  const refusal = missingMappings(settling);
  if (refusal !== undefined) return { refusal };
  const still = mappedPairs(settling.answers, unmapped(settling.plan));
  const answers = unmapped(settling.plan).map(
    ({ ref }) => ({ ref, status: still.some((pair) => pair.ref === ref) ? 'rejected' : 'done' }) as const,
  );
  return commit({ ...settling, answers });
};

export const exportUpdateSteps: WorkflowSteps<ExportPlan> = {
  plan: exportPlan,
  steps: {
    ReadExports: { run: (plan) => readCalls(pairsOf(plan, 'map')), learn: learnFound },
    EnsureExports: { run: ensureCalls, undo: undoCalls, learn: (answers) => ({ ...connections(answers) }) },
    EnsureExportsAbsent: { run: (plan) => absentCalls(unmapped(plan)) },
  },
  look: (plan) => readCalls(unmapped(plan)),
  resources: ({ groupId }) => [groupId],
  commit,
  rollBack,
  resolve: {
    look: (plan) => readCalls(pairsOf(plan, 'map', 'unmap')),
    settle: (settling, how) =>
      how === 'accept' ? accept(settling) : { refusal: 'an export group that was there before is not released here' },
  },
};
