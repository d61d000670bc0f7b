import * as z from 'zod';
import { changed } from '../../../../core/inventory/changes.ts';
import { getActive, getReferred } from '../../../../core/inventory/read.ts';
import { authorOf, conclude } from '../../../../core/request.ts';
import { defineRoute } from '../../route.ts';
import { idField } from '../fields.ts';
import { systemAdmins } from '../resource-kind.ts';
import { vpoolBody, vpoolKind } from './vpool-kind.ts';

const pools = z.strictObject({ storage_pool: z.array(idField).max(200).default([]) }).default({ storage_pool: [] });

export const route = defineRoute({
  method: 'PUT',
  path: '/block/vpools/{id}/assign-matched-pools',
  function: 'api',
  permission: systemAdmins,
  summary: 'Choose the storage pools of a virtual pool that does not use all that match',
  body: z.strictObject({ assigned_pool_changes: z.strictObject({ add: pools, remove: pools }) }),
  response: vpoolKind.body,
  status: 200,
  async handler(request, ports) {
    const { add, remove } = request.body.assigned_pool_changes;
    const vpool = await getActive(ports.rows, 'system', { type: 'VirtualPool', id: request.params['id'] ?? '' });
    const field = 'assigned_pool_changes.add.storage_pool';
    for (const id of add.storage_pool) await getReferred(ports.rows, 'system', { type: 'StoragePool', id, field });
    const kept = vpool.assignedPoolIds.filter((id) => !remove.storage_pool.includes(id));
    const assignedPoolIds = [...new Set([...kept, ...add.storage_pool])];
    const answer = vpoolBody({ ...vpool, assignedPoolIds });
    const writes = changed(vpool, { assignedPoolIds }, { author: authorOf(ports, request) });
    return conclude(ports, request, { writes, answer, plan: { change: answer } });
  },
});
