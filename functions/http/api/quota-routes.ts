import * as z from 'zod';
import type { Permission, Principal } from '../../../core/identity/access.ts';
import type { Rows } from '../../../core/ports.ts';
import { quotaBody } from '../../../core/quota/body.ts';
import { findQuota } from '../../../core/quota/quota.ts';
import { type Limited, setQuota } from '../../../core/quota/set.ts';
import { defineRoute, type Route } from '../route.ts';
import { stubShape } from './common-body.ts';
import { flagField, numberField } from './fields.ts';
import { oneOf } from './nouns.ts';

/** Of bytes that a number can count. */
const mostGb = 8_388_607;

const quotaShape = z.object({
  quota_enabled: z.boolean(),
  enabled: z.boolean().describe('As `quota_enabled`'),
  quota_gb: z.number().int(),
  current_capacity: z.number().int().describe('Provisioned GB of all its volumes, rounded up'),
  limited_resource: stubShape,
});

/** What may have a quota, and who may see and change it. */
export interface QuotaKind {
  /** Such as `/projects`. */
  readonly path: string;
  readonly noun: string;
  readonly read: Permission;
  readonly write: Permission;
  /** For an id in a path; what the caller may not see, or may not change, is not found. */
  find(rows: Rows, request: { readonly principal: Principal; readonly id: string; readonly to: 'read' | 'write' }): Promise<Limited>;
}

const show = (kind: QuotaKind): Route =>
  defineRoute({
    method: 'GET',
    path: `${kind.path}/{id}/quota`,
    function: 'api',
    permission: kind.read,
    summary: `The quota of ${oneOf(kind.noun)}, and what is used of it`,
    response: quotaShape,
    status: 200,
    async handler({ principal, params }, { rows }) {
      const limited = await kind.find(rows, { principal, id: params['id'] ?? '', to: 'read' });
      return quotaBody(rows, limited, await findQuota(rows, limited.id));
    },
  });

const change = (kind: QuotaKind): Route =>
  defineRoute({
    method: 'PUT',
    path: `${kind.path}/{id}/quota`,
    function: 'api',
    permission: kind.write,
    summary: `Limit how much provisioned capacity ${oneOf(kind.noun)} may have`,
    body: z.strictObject({
      quota_enabled: flagField,
      quota_gb: numberField(0, mostGb).optional().describe('May be less than what is used: then nothing new fits'),
    }),
    response: quotaShape,
    status: 200,
    async handler(request, ports) {
      const limited = await kind.find(ports.rows, { principal: request.principal, id: request.params['id'] ?? '', to: 'write' });
      const { quota_enabled: enabled, quota_gb: limitGb } = request.body;
      return setQuota(ports, request, { limited, change: { enabled, limitGb } });
    },
  });

/** `GET` and `PUT /{resources}/{id}/quota`. */
export const quotaRoutes = (kind: QuotaKind): Route[] => [show(kind), change(kind)];
