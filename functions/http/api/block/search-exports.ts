import * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { readerOf } from '../../../../core/identity/access.ts';
import { selfLink } from '../../../../core/inventory/links.ts';
import { getMany, listStubs, type Reader } from '../../../../core/inventory/read.ts';
import type { Rows } from '../../../../core/ports.ts';
import { defineRoute } from '../../route.ts';
import { idField } from '../fields.ts';
import { asOfQuery } from '../history/as-of.ts';
import { searchRoute } from '../search-route.ts';
import { exportKind } from './export-kind.ts';

const byName = searchRoute(exportKind);

const text = z.string().min(2).max(128).optional();

const flag = z.enum(['true', 'false']).optional();

/** Export groups of one host or initiator; those that the caller does not see are left out. */
const exportsOf = async (rows: Rows, reader: Reader, scope: string) => {
  const { stubs } = await listStubs(rows, { type: 'ExportGroup', scope });
  const groups = await getMany(rows, reader, { type: 'ExportGroup', ids: stubs.map(({ id }) => id) });
  return { resource: groups.map(({ id, name }) => ({ id, match: name, link: selfLink(id) })) };
};

export const route = defineRoute({
  method: 'GET',
  path: '/block/exports/search',
  function: 'api',
  permission: 'authenticated',
  summary: 'Find export groups by host, initiator, project, name or tag',
  query: z.strictObject({
    name: text,
    tag: text,
    project: idField.optional(),
    tenant: idField.optional(),
    host: idField.optional(),
    initiator: idField.optional(),
    ...asOfQuery.shape,
    self_only: flag.describe('Taken, since old clients send it; a host never stands for its cluster here'),
  }),
  response: byName.response,
  status: 200,
  handler: async (request, ports) => {
    const { host, initiator, self_only: _, ...query } = request.query;
    const scope = host ?? initiator;
    if (scope === undefined) return byName.run({ ...request, query }, ports);
    if (Object.values(query).some((value) => value !== undefined) || (host !== undefined && initiator !== undefined))
      throw new ControlPlaneError('search by host, by initiator, or by the others, not by both at once', { code: 'request.invalid' });
    return exportsOf(ports.rows, readerOf(request.principal), scope);
  },
});
