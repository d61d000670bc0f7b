import type { TakingBack } from '../operation/steps.ts';
import { failedTask } from '../operation/task-error.ts';
import type { ExportPlan } from './plan.ts';
import { endExport, groupNow, lockOf, removedGroup } from './settle.ts';

/** Volumes that were not reached have neither the lock nor an entry in a list. */
export const takeBackExport: TakingBack<ExportPlan> = {
  resources: ({ groupId, volumes }) => [groupId, ...volumes.map(({ id }) => id)],
  settle: (at) => {
    const isNew = groupNow(at).state === 'creating';
    const settlement = endExport(at, {
      group: isNew ? removedGroup : { state: 'ready' },
      pairs: [],
      task: failedTask(at.plan.groupId, at.failure, 'the export group was not changed'),
    });
    return {
      ...settlement,
      parts: settlement.parts.filter(({ resourceId }) => at.row(resourceId)?.['activeTaskId'] === lockOf(at)),
    };
  },
};
