import * as z from 'zod';
import { listStubs } from '../../../../core/inventory/read.ts';
import type { ResourceType } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';
import { defineRoute } from '../../route.ts';
import { systemReaders } from '../resource-kind.ts';

const idsBelow = async (rows: Rows, type: ResourceType, scopes: readonly string[]): Promise<string[]> => {
  const lists = await Promise.all(scopes.map((scope) => listStubs(rows, { type, scope })));
  return lists.flatMap(({ stubs }) => stubs.map(({ id }) => id));
};

export const route = defineRoute({
  method: 'GET',
  path: '/block/volumes/bulk',
  function: 'api',
  permission: systemReaders,
  summary: 'The id of every volume, of all tenants',
  response: z.object({ id: z.array(z.string()) }),
  status: 200,
  async handler(_request, { rows }) {
    const tenants = await idsBelow(rows, 'TenantOrg', ['all']);
    return { id: await idsBelow(rows, 'Volume', await idsBelow(rows, 'Project', tenants)) };
  },
});
