import type { Route } from '../../route.ts';
import { route as bulkTasks } from './bulk-tasks.ts';
import { route as cancelTask } from './cancel-task.ts';
import { route as listTasks } from './list-tasks.ts';
import { repairRoutes } from './repair-routes.ts';
import { route as showTask } from './show-task.ts';

export const taskRoutes: readonly Route[] = [showTask, listTasks, bulkTasks, cancelTask, ...repairRoutes];
