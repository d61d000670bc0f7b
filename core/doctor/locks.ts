import type { Write } from '../change.ts';
import { type Resource, resourceKey } from '../inventory/resource.ts';
import type { Estate } from './estate.ts';
import type { Finding } from './finding.ts';
import { isOpen } from './operations.ts';

const holderOf = ({ tasks, operations }: Estate, taskId: string): 'open' | 'ended' | 'gone' => {
  const task = tasks.get(taskId);
  const operation = task && operations.get(task.operationId);
  if (!operation) return 'gone';
  return isOpen(operation) ? 'open' : 'ended';
};

const unlock = ({ id }: Resource, taskId: string): Write => ({
  do: 'update',
  table: 'Inventory',
  key: resourceKey(id),
  remove: ['activeTaskId'],
  add: { version: 1 },
  when: [{ attribute: 'activeTaskId', is: '=', value: taskId }],
});

/** A lock is given back only when the operation that took it has ended for sure; one whose operation is unknown is for a person. */
export const lockFindings = (estate: Estate): Finding[] =>
  [...estate.resources.values()].flatMap((resource): Finding[] => {
    const { activeTaskId, id } = resource;
    if (activeTaskId === undefined) return [];
    const holder = holderOf(estate, activeTaskId);
    if (holder === 'open') return [];
    const says = `it is locked by the task ${activeTaskId}, whose operation ${holder === 'ended' ? 'has ended' : 'is not known'}`;
    return [
      {
        check: 'locks',
        subject: id,
        says,
        ...(holder === 'ended' ? { repair: { does: 'unlocks it', writes: [unlock(resource, activeTaskId)] } } : {}),
      },
    ];
  });
