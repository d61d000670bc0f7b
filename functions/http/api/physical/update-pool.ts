import * as z from 'zod';
import { getActive } from '../../../../core/inventory/read.ts';
import type { StoragePool } from '../../../../core/inventory/schemas.ts';
import { withdraw } from '../../../../core/inventory/withdraw.ts';
import { defineRoute } from '../../route.ts';
import { idField, numberField } from '../fields.ts';
import { systemAdmins } from '../resource-kind.ts';
import { checkVarrays } from '../virtual/check-varrays.ts';
import { poolBody, poolKind } from './pool-kind.ts';

const varrays = z.strictObject({ varrays: z.array(idField).max(20).default([]) }).default({ varrays: [] });

const poolChanges = z.strictObject({
  varray_assignment_changes: z.strictObject({ add: varrays, remove: varrays }).optional(),
  max_pool_utilization_percentage: numberField(0, 100).optional(),
  max_thin_pool_subscription_percentage: numberField(0, 10_000).optional(),
  max_resources: numberField(0, 1_000_000).optional(),
});
type PoolChanges = z.infer<typeof poolChanges>;

const noVarrays: NonNullable<PoolChanges['varray_assignment_changes']> = { add: { varrays: [] }, remove: { varrays: [] } };

const limitsOf = (changes: PoolChanges): Partial<StoragePool> => ({
  ...(changes.max_pool_utilization_percentage === undefined ? {} : { maxUtilizationPercent: changes.max_pool_utilization_percentage }),
  ...(changes.max_thin_pool_subscription_percentage === undefined
    ? {}
    : { maxSubscriptionPercent: changes.max_thin_pool_subscription_percentage }),
  ...(changes.max_resources === undefined ? {} : { maxResources: changes.max_resources }),
});

export const route = defineRoute({
  method: 'PUT',
  path: '/vdc/storage-pools/{id}',
  function: 'api',
  permission: systemAdmins,
  summary: 'Assign a storage pool to virtual arrays, and limit it; 0 takes a limit away',
  body: poolChanges,
  response: poolKind.body,
  status: 200,
  async handler(request, ports) {
    const pool = await getActive(ports.rows, 'system', { type: 'StoragePool', id: request.params['id'] ?? '' });
    const { add, remove } = request.body.varray_assignment_changes ?? noVarrays;
    const more = await checkVarrays(ports.rows, add.varrays, 'varray_assignment_changes.add.varrays');
    const kept = pool.assignedVarrayIds.filter((id) => !remove.varrays.includes(id));
    const patch = { assignedVarrayIds: [...new Set([...kept, ...add.varrays])], ...limitsOf(request.body) };
    const answer = poolBody({ ...pool, ...patch });
    return withdraw(ports, request, { resource: pool, patch, more, taken: remove.varrays, answer, plan: { change: answer } });
  },
});
