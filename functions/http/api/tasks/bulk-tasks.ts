import { readerOf } from '../../../../core/identity/access.ts';
import { taskListBody } from '../../../../core/operation/represent.ts';
import { taskKey, taskOf } from '../../../../core/operation/store.ts';
import { defineRoute } from '../../route.ts';
import { bulkBody, checkIds } from '../bulk-route.ts';
import { maySeeTask } from './held-task.ts';
import { taskListShape } from './task-shape.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/vdc/tasks/bulk',
  function: 'api',
  permission: 'authenticated',
  summary: 'Show up to 4,000 tasks at once',
  body: bulkBody,
  response: taskListShape,
  status: 200,
  async handler({ principal, body }, { rows }) {
    checkIds(body.id);
    const found = await rows.getMany('Tasks', [...new Set(body.id)].map(taskKey));
    const tasks = found.flatMap((row) => (row ? [taskOf(row)] : []));
    return taskListBody(tasks.filter((task) => maySeeTask(readerOf(principal), task)));
  },
});
