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
import { takeBackExport } from '../../core/export/take-back.ts';
import type { Settlement, Settling, UndoReason, WorkflowSteps } from '../../core/operation/steps.ts';
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

type Learned = Settling<ExportPlan>['learned'];

interface Why {
  readonly failure: UndoReason['failure'];
  readonly resolution: UndoReason['resolution'];
}

/** All new mappings are there; before that nothing is removed. */
const mayHaveRemoved = (learned: Learned): boolean => learned['EnsureExports'] !== undefined;

/**
 * Whether the new mappings stay although the operation failed: once all of them are there, hosts may use them, and what is left are removals,
 * each by itself. Whoever cancels or discards wants the order taken back.
 */
const keepsAdded = (learned: Learned, { failure, resolution }: Why): boolean =>
  mayHaveRemoved(learned) && failure?.code !== 'Cancelled' && resolution !== 'discard';

const undoAdded = (plan: ExportPlan, learned: Learned, { failure, resolution }: UndoReason) =>
  keepsAdded(learned, { failure, resolution }) ? [] : undoCalls(plan, learned);

/** As it would have ended if the array had answered what the look found. */
const asFound = (settling: Settling<ExportPlan>): Settlement => {
  const { plan, failure } = settling;
  const still = mappedPairs(settling.answers, unmapped(plan));
  const answers = unmapped(plan).map(({ ref }) => ({ ref, status: still.some((pair) => pair.ref === ref) ? 'rejected' : 'done' }) as const);
  const settled = commit({ ...settling, answers });
  if (still.length === 0) return settled;
  return { ...settled, tasks: [failedTask(plan.groupId, failure, `${still.length} mapping(s) were not removed`)] };
};

/** What was mapped has been taken back, or stays if all of it is; what the array no longer maps is gone from the records. */
const rollBack = (settling: Settling<ExportPlan>): Settlement => {
  const { plan, answers, failure, learned, operation } = settling;
  if (keepsAdded(learned, { failure, resolution: operation.resolution })) return asFound(settling);
  const asked = unmapped(plan);
  const still = mayHaveRemoved(learned) ? mappedPairs(answers, asked) : asked;
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
  return refusal === undefined ? asFound(settling) : { refusal };
};

export const exportUpdateSteps: WorkflowSteps<ExportPlan> = {
  plan: exportPlan,
  steps: {
    ReadExports: { run: (plan) => readCalls(pairsOf(plan, 'map')), learn: learnFound },
    EnsureExports: { run: ensureCalls, undo: undoAdded, learn: (answers) => ({ ...connections(answers) }) },
    EnsureExportsAbsent: { run: (plan) => absentCalls(unmapped(plan)) },
  },
  look: (plan, learned) => (mayHaveRemoved(learned) ? readCalls(unmapped(plan)) : []),
  resources: ({ groupId }) => [groupId],
  commit,
  rollBack,
  takeBack: takeBackExport,
  resolve: {
    look: (plan) => readCalls(pairsOf(plan, 'map', 'unmap')),
    settle: (settling, how) =>
      how === 'accept' ? accept(settling) : { refusal: 'an export group that was there before is not released here' },
  },
};
