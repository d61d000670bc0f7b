import type { Route } from '../../route.ts';
import { route as bulkTasks } from './bulk-tasks.ts';
import { route as listTasks } from './list-tasks.ts';
import { route as showTask } from './show-task.ts';

export const taskRoutes: readonly Route[] = [showTask, listTasks, bulkTasks];
