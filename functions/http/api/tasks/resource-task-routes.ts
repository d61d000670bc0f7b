import { ControlPlaneError } from '../../../../core/errors.ts';
import { readerOf } from '../../../../core/identity/access.ts';
import { getResource } from '../../../../core/inventory/read.ts';
import type { ResourceType } from '../../../../core/inventory/schemas.ts';
import { taskBody, taskListBody } from '../../../../core/operation/represent.ts';
import { taskKey, taskOf } from '../../../../core/operation/store.ts';
import type { Rows } from '../../../../core/ports.ts';
import { isUrnOf, taskIdOf } from '../../../../core/urn.ts';
import { defineRoute, type Route } from '../../route.ts';
import { oneOf } from '../nouns.ts';
import type { ResourceKind } from '../resource-kind.ts';
import { heldTask } from './held-task.ts';
import { taskListShape, taskShape } from './task-shape.ts';

const newestEvents = 200;

/** Operations that changed the resource, newest first, by its history. */
const operationIdsOf = async (rows: Rows, resourceId: string): Promise<string[]> => {
  const { rows: events } = await rows.query({ table: 'History', pk: resourceId, newestFirst: true, limit: newestEvents });
  return [...new Set(events.flatMap((event) => (typeof event['operationId'] === 'string' ? [event['operationId']] : [])))];
};

const tasksOf = async (rows: Rows, resource: { id: string; activeTaskId?: string | undefined }) => {
  const past = (await operationIdsOf(rows, resource.id)).map((operationId) => taskIdOf(operationId, resource.id));
  const ids = [...new Set([...(resource.activeTaskId ? [resource.activeTaskId] : []), ...past])];
  const found = await rows.getMany('Tasks', ids.map(taskKey));
  return found.flatMap((row) => (row ? [taskOf(row)] : []));
};

const listTasks = <T extends ResourceType>(kind: ResourceKind<T>): Route =>
  defineRoute({
    method: 'GET',
    path: `${kind.path}/{id}/tasks`,
    function: 'api',
    permission: kind.read,
    summary: `Tasks of ${oneOf(kind.noun)}, newest first`,
    response: taskListShape,
    status: 200,
    async handler({ principal, params }, { rows }) {
      const { id = '' } = params;
      return taskListBody(await tasksOf(rows, await getResource(rows, readerOf(principal), { type: kind.type, id })));
    },
  });

const showTask = <T extends ResourceType>(kind: ResourceKind<T>): Route =>
  defineRoute({
    method: 'GET',
    path: `${kind.path}/{id}/tasks/{op}`,
    function: 'api',
    permission: kind.read,
    summary: `A task of ${oneOf(kind.noun)}, by its id or its op_id`,
    response: taskShape,
    status: 200,
    async handler({ principal, params }, ports) {
      const { id = '', op = '' } = params;
      const task = await heldTask(ports, readerOf(principal), isUrnOf('Task', op) ? op : taskIdOf(op, id));
      if (task?.resourceId !== id)
        throw new ControlPlaneError(`${id} has no task ${JSON.stringify(op.slice(0, 80))}`, { code: 'resource.notFound' });
      return taskBody(task);
    },
  });

/** `GET /{resources}/{id}/tasks` and `/tasks/{op}`. */
export const resourceTaskRoutes = <T extends ResourceType>(kind: ResourceKind<T>): Route[] => [listTasks(kind), showTask(kind)];
