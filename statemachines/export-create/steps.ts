import { connections, ensureCalls, learnFound, pairsOf, readCalls, undoCalls } from '../../core/export/calls.ts';
import { type ExportPlan, exportPlan } from '../../core/export/plan.ts';
import { addPairs, endExport, missingMappings, removedGroup } from '../../core/export/settle.ts';
import { takeBackExport } from '../../core/export/take-back.ts';
import type { Settlement, Settling, WorkflowSteps } from '../../core/operation/steps.ts';
import { failedTask, releasedTask } from '../../core/operation/task-error.ts';

const ready = (settling: Settling<ExportPlan>): Settlement =>
  endExport(settling, {
    group: { state: 'ready' },
    pairs: addPairs(settling, connections(settling.answers)),
    task: { resourceId: settling.plan.groupId, state: 'ready', message: 'the volumes were exported' },
  });

const accept = (settling: Settling<ExportPlan>): Settlement | { refusal: string } => {
  const refusal = missingMappings(settling);
  return refusal === undefined ? ready({ ...settling, answers: [] }) : { refusal };
};

const release = (settling: Settling<ExportPlan>): Settlement =>
  endExport(settling, { group: removedGroup, pairs: [], task: releasedTask(settling.plan.groupId, 'the export group') });

export const exportCreateSteps: WorkflowSteps<ExportPlan> = {
  plan: exportPlan,
  steps: {
    ReadExports: { run: (plan) => readCalls(pairsOf(plan, 'map')), learn: learnFound },
    EnsureExports: { run: ensureCalls, undo: undoCalls },
  },
  ordered: ({ groupId }) => groupId,
  resources: ({ groupId }) => [groupId],
  commit: ready,
  rollBack: (settling) =>
    endExport(settling, {
      group: removedGroup,
      pairs: [],
      task: failedTask(settling.plan.groupId, settling.failure, 'the volumes were not exported'),
    }),
  takeBack: takeBackExport,
  resolve: {
    look: (plan) => readCalls(pairsOf(plan, 'map')),
    settle: (settling, how) => (how === 'accept' ? accept(settling) : release(settling)),
  },
};
