import * as z from 'zod';
import { stubBody } from '../../../../core/inventory/links.ts';
import { taskKey, taskOf } from '../../../../core/operation/store.ts';
import { defineRoute } from '../../route.ts';
import { listShape } from '../common-body.ts';
import { idField, numberField } from '../fields.ts';
import { getTenant } from '../tenancy/tenants.ts';

const time = z.iso.datetime({ offset: true, local: true }).transform((text) => new Date(text).toISOString());

/** Newest first, through an index that may lag; a task itself is read by its id. */
export const route = defineRoute({
  method: 'GET',
  path: '/vdc/tasks',
  function: 'api',
  permission: 'authenticated',
  summary: 'List the tasks of a tenant, newest first',
  query: z.strictObject({
    tenant: idField.optional().describe('A tenant, or `system`'),
    startTime: time.optional(),
    endTime: time.optional(),
    max_count: numberField(1, 10_000).optional(),
  }),
  response: listShape('task'),
  status: 200,
  async handler({ principal, query, page }, { rows }) {
    const tenant = query.tenant === undefined || query.tenant === 'system' ? principal.tenantId : query.tenant;
    const { id } = await getTenant(rows, principal, tenant);
    const found = await rows.query({
      table: 'Tasks',
      index: 'ByTenant',
      pk: id,
      newestFirst: true,
      limit: page.limit ?? Math.min(query.max_count ?? 1000, 1000),
      ...(page.cursor ? { cursor: page.cursor } : {}),
    });
    const tasks = await rows.getMany(
      'Tasks',
      found.rows.map(({ pk }) => taskKey(pk)),
    );
    const inTime = tasks
      .flatMap((row) => (row ? [taskOf(row)] : []))
      .filter(({ startedAt }) => startedAt >= (query.startTime ?? '') && startedAt <= (query.endTime ?? '9'));
    return { task: inTime.map(stubBody), ...(found.cursor && page.limit ? { next_cursor: found.cursor } : {}) };
  },
});
