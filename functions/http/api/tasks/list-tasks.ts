import * as z from 'zod';
import { stubBody } from '../../../../core/inventory/links.ts';
import type { PageRequest } from '../../../../core/inventory/read.ts';
import { taskKey, taskOf } from '../../../../core/operation/store.ts';
import type { Rows } from '../../../../core/ports.ts';
import { defineRoute } from '../../route.ts';
import { listShape } from '../common-body.ts';
import { idField, numberField } from '../fields.ts';
import { getTenant } from '../tenancy/tenants.ts';

const time = z.iso.datetime({ offset: true, local: true }).transform((text) => new Date(text).toISOString());

const [earliest, latest] = ['0', '9'];
/** Sorts behind the `#` that parts time and id. */
const afterEveryId = '$';

const usualCount = 1000;
const largestPage = 1000;

interface Wanted {
  readonly tenantId: string;
  readonly between: readonly [string, string];
  readonly page: PageRequest;
  readonly most: number;
}

/** One page if pages are asked for, else as many as are wanted. */
const newest = async (rows: Rows, { tenantId, between, page, most }: Wanted): Promise<{ found: string[]; cursor?: string | undefined }> => {
  const found: string[] = [];
  let { cursor } = page;
  do {
    const limit = page.limit ?? Math.min(most - found.length, largestPage);
    const answer = await rows.query({
      table: 'Tasks',
      index: 'ByTenant',
      pk: tenantId,
      skBetween: between,
      newestFirst: true,
      limit,
      ...(cursor ? { cursor } : {}),
    });
    found.push(...answer.rows.map(({ pk }) => pk));
    cursor = answer.cursor;
  } while (cursor && page.limit === undefined && found.length < most);
  return { found, cursor: page.limit === undefined ? undefined : cursor };
};

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
    const between = [query.startTime ?? earliest, `${query.endTime ?? latest}${afterEveryId}`] as const;
    const ids = await newest(rows, { tenantId: id, between, page, most: query.max_count ?? usualCount });
    const tasks = await rows.getMany('Tasks', ids.found.map(taskKey));
    const task = tasks.flatMap((row) => (row ? [stubBody(taskOf(row))] : []));
    return { task, ...(ids.cursor ? { next_cursor: ids.cursor } : {}) };
  },
});
