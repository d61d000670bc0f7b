import type { Value } from '../change.ts';
import { resourceHref } from '../inventory/links.ts';
import type { Task } from './schema.ts';

interface Body {
  readonly [field: string]: Value | undefined;
}

/** CoprHD's task. `state` is `ready` for success and `error` for failure; clients wait for one of the two. */
export const taskBody = (task: Task): Body => ({
  id: task.id,
  name: task.name,
  link: { rel: 'self', href: `/vdc/tasks/${task.id}` },
  inactive: false,
  global: false,
  remote: false,
  internal: false,
  tags: [],
  creation_time: Date.parse(task.startedAt),
  op_id: task.operationId,
  resource: { id: task.resourceId, name: task.resourceName, link: { rel: 'self', href: resourceHref(task.resourceId) } },
  tenant: { id: task.tenantId, link: { rel: 'self', href: resourceHref(task.tenantId) } },
  associated_resources: task.associatedIds.map((id) => ({ id, link: { rel: 'self', href: resourceHref(id) } })),
  state: task.state,
  allowed_operations: task.repair ? 'retry_rollback' : 'none_specified',
  description: task.name,
  ...(task.serviceError ? { service_error: task.serviceError } : { message: task.message }),
  start_time: Date.parse(task.startedAt),
  ...(task.endedAt ? { end_time: Date.parse(task.endedAt) } : {}),
  progress: task.progress,
  ...(task.repair
    ? { repair: { believed_left: task.repair.believedLeft, last_look: task.repair.lastLookAt, next_try: task.repair.nextTryAt } }
    : {}),
});

export const taskListBody = (tasks: readonly Task[]): Body => ({ task: tasks.map(taskBody) });
