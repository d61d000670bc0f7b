import { connections, ensureCalls, learnFound, pairsOf, readCalls, undoCalls } from '../../core/export/calls.ts';
import { type ExportPlan, exportPlan } from '../../core/export/plan.ts';
import { addPairs, endExport, removedGroup } from '../../core/export/settle.ts';
import type { WorkflowSteps } from '../../core/operation/steps.ts';
import { failedTask } from '../../core/operation/task-error.ts';

export const exportCreateSteps: WorkflowSteps<ExportPlan> = {
  plan: exportPlan,
  steps: {
    ReadExports: { run: (plan) => readCalls(pairsOf(plan, 'map')), learn: learnFound },
    EnsureExports: { run: ensureCalls, undo: undoCalls },
  },
  resources: ({ groupId }) => [groupId],
  commit: (settling) =>
    endExport(settling, {
      group: { state: 'ready' },
      pairs: addPairs(settling, connections(settling.answers)),
      task: { resourceId: settling.plan.groupId, state: 'ready', message: 'the volumes were exported' },
    }),
  rollBack: (settling) =>
    endExport(settling, {
      group: removedGroup,
      pairs: [],
      task: failedTask(settling.plan.groupId, settling.failure, 'the volumes were not exported'),
    }),
};
