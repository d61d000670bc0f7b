import * as z from 'zod';
import type { Volume } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';
import { volumeBodies } from '../../../../core/volume/represent.ts';
import { commonShape, referenceShape } from '../common-body.ts';
import { type ResourceKind, tenantAdmins } from '../resource-kind.ts';

const gib = z.string().describe('GiB with two decimals, such as 8.00');

export const volumeShape = z.object({
  ...commonShape,
  device_label: z.string(),
  native_id: z.string().nullable(),
  project: referenceShape,
  tenant: referenceShape,
  varray: referenceShape,
  vpool: referenceShape,
  storage_controller: z.string(),
  storage_pool: referenceShape,
  protocols: z.array(z.string()),
  system_type: z.string().nullable(),
  wwn: z.string().nullable(),
  requested_capacity_gb: gib,
  provisioned_capacity_gb: gib,
  allocated_capacity_gb: gib,
  thinly_provisioned: z.boolean(),
  is_composite: z.boolean(),
  access_state: z.string(),
  link_status: z.string(),
  protection: z.null(),
  delete_protected: z.boolean().describe('It is not deleted, nor forgotten'),
  state: z.string(),
  discovery_status: z.string().describe('NOTVISIBLE: a complete discovery did not find it'),
  not_visible_since: z.string().optional(),
  drift: z
    .object({ since: z.string(), differences: z.array(z.object({ field: z.string(), recorded: z.string(), found: z.string() })) })
    .optional()
    .describe('In what the array differs from this record'),
});

const represent = async (volume: Volume, { rows }: { rows: Rows }): Promise<object> => {
  const [body = {}] = await volumeBodies(rows, [volume]);
  return body;
};

export const volumeKind: ResourceKind<'Volume'> = {
  type: 'Volume',
  path: '/block/volumes',
  noun: 'volume',
  listKey: 'volume',
  body: volumeShape,
  read: 'authenticated',
  write: tenantAdmins,
  scope: 'project',
  represent,
};
