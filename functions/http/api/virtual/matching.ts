import * as z from 'zod';
import { stubBody } from '../../../../core/inventory/links.ts';
import { getResource } from '../../../../core/inventory/read.ts';
import type { VirtualPool } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';
import { matchPools } from '../../../../core/vpool/match.ts';
import { defineRoute, type Route } from '../../route.ts';
import { stubShape } from '../common-body.ts';
import { systemAdmins, systemReaders } from '../resource-kind.ts';
import { checkVarrays } from './check-varrays.ts';
import { newVpool } from './new-vpool.ts';
import { vpoolCreateBody } from './vpool-fields.ts';
import { poolsInVarrays } from './vpools.ts';

const matchShape = z.object({
  storage_pool: z.array(stubShape),
  refused: z.array(stubShape.extend({ reasons: z.array(z.string()) })).describe('Pools of the virtual arrays that do not match, and why'),
});

const matchBody = async (rows: Rows, vpool: VirtualPool): Promise<z.infer<typeof matchShape>> => {
  const matches = matchPools(vpool, await poolsInVarrays(rows, vpool.varrayIds));
  return {
    storage_pool: matches.filter(({ reasons }) => reasons.length === 0).map(({ pool }) => stubBody(pool)),
    refused: matches.filter(({ reasons }) => reasons.length > 0).map(({ pool, reasons }) => ({ ...stubBody(pool), reasons: [...reasons] })),
  };
};

const preview = defineRoute({
  method: 'POST',
  path: '/block/vpools/matching-pools',
  function: 'api',
  permission: systemAdmins,
  summary: 'Which storage pools a virtual pool would use, without making it',
  body: vpoolCreateBody,
  response: matchShape,
  status: 200,
  async handler({ body }, { rows, clock }) {
    await checkVarrays(rows, body.varrays, 'varrays');
    return matchBody(rows, newVpool(body, { id: '', at: new Date(clock.now()).toISOString() }));
  },
});

/** Matching is computed when it is asked for: nothing is stored, so nothing is ever stale. */
const matched = (segment: string, summary: string): Route =>
  defineRoute({
    method: 'GET',
    path: `/block/vpools/{id}/${segment}`,
    function: 'api',
    permission: systemReaders,
    summary,
    response: matchShape,
    status: 200,
    handler: async ({ params }, { rows }) =>
      matchBody(rows, await getResource(rows, 'system', { type: 'VirtualPool', id: params['id'] ?? '' })),
  });

export const matchingRoutes: readonly Route[] = [
  preview,
  matched('storage-pools', 'Storage pools that a virtual pool uses'),
  matched('refresh-matched-pools', 'Storage pools that a virtual pool uses; they are always fresh'),
];
