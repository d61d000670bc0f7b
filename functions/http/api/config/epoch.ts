import * as z from 'zod';
import { beginEpoch, getInstallation } from '../../../../core/identity/settings.ts';
import { epochOf } from '../../../../core/operation/reconcile.ts';
import type { Operation } from '../../../../core/operation/schema.ts';
import { staleOperations } from '../../../../core/operation/stale.ts';
import { defineRoute, type Route } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';

const staleShape = z.object({
  op_id: z.string(),
  epoch: z.number(),
  workflow: z.string(),
  state: z.string(),
  requested_by: z.string(),
  accepted_time: z.number(),
  task: z.array(z.string()),
});

const staleBody = (operation: Operation): z.infer<typeof staleShape> => ({
  op_id: operation.id,
  epoch: epochOf(operation),
  workflow: operation.workflow,
  state: operation.state,
  requested_by: operation.requestedBy,
  accepted_time: Date.parse(operation.acceptedAt),
  task: operation.taskIds,
});

const show = defineRoute({
  method: 'GET',
  path: '/config/epoch',
  function: 'api',
  permission: systemAdmins,
  summary: 'The epoch, and the open operations of others: they are never started by themselves',
  response: z.object({ epoch: z.number(), stale_operations: z.array(staleShape), next_cursor: z.string().optional() }),
  status: 200,
  async handler({ page }, ports) {
    const { epoch } = await getInstallation(ports);
    const { operations, cursor } = await staleOperations(ports.rows, epoch, page);
    return { epoch, stale_operations: operations.map(staleBody), ...(cursor ? { next_cursor: cursor } : {}) };
  },
});

const begin = defineRoute({
  method: 'POST',
  path: '/config/epoch',
  function: 'api',
  permission: systemAdmins,
  summary: 'Begin a new epoch, frozen, after the store was restored or copied; older operations are listed and never started',
  body: z.strictObject({ operations: z.literal('frozen').describe('A new epoch begins frozen') }),
  response: z.object({ epoch: z.number(), operations: z.string() }),
  status: 200,
  handler: (request, ports) => beginEpoch(ports, request),
});

export const epochRoutes: readonly Route[] = [show, begin];
