import * as z from 'zod';
import { readerOf } from '../../../../core/identity/access.ts';
import { stubBody } from '../../../../core/inventory/links.ts';
import { getResource, listStubs } from '../../../../core/inventory/read.ts';
import { defineRoute } from '../../route.ts';
import { stubShape } from '../common-body.ts';

const held = [
  { type: 'Volume', word: 'volume' },
  { type: 'ExportGroup', word: 'block_export' },
] as const;

export const route = defineRoute({
  method: 'GET',
  path: '/projects/{id}/resources',
  function: 'api',
  permission: 'authenticated',
  summary: 'Everything in a project',
  response: z.object({ project_resource: z.array(stubShape.extend({ resource_type: z.string() })) }),
  status: 200,
  async handler({ principal, params }, { rows }) {
    const { id } = await getResource(rows, readerOf(principal), { type: 'Project', id: params['id'] ?? '' });
    const lists = await Promise.all(
      held.map(async ({ type, word }) => {
        const { stubs } = await listStubs(rows, { type, scope: id });
        return stubs.map((stub) => ({ ...stubBody(stub), resource_type: word }));
      }),
    );
    return { project_resource: lists.flat() };
  },
});
