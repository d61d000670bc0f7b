import type { Volume } from '../inventory/schemas.ts';
import { findOperationWithPlan, findTask } from '../operation/store.ts';
import type { Rows } from '../ports.ts';
import { volumeExpandPlan } from '../volume/plan.ts';

/** What a volume has, or is to have when what makes it grow has ended: capacity and quotas are taken for that from the beginning. */
export const heldBytes = async (rows: Rows, volume: Volume): Promise<number> => {
  const task = volume.state === 'expanding' && volume.activeTaskId ? await findTask(rows, volume.activeTaskId) : undefined;
  const found = task && (await findOperationWithPlan(rows, task.operationId));
  return found ? volumeExpandPlan.parse(found.plan).newBytes : volume.provisionedBytes;
};
