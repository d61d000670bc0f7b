import * as z from 'zod';
import { referenceBody } from '../../../../core/inventory/links.ts';
import type { Host } from '../../../../core/inventory/schemas.ts';
import { commonBody, commonShape, referenceShape } from '../common-body.ts';
import { discoveredBody, discoveredShape } from '../physical/discovered-body.ts';
import { type ResourceKind, tenantAdmins } from '../resource-kind.ts';

const hostShape = z.object({
  ...commonShape,
  ...discoveredShape,
  type: z.string(),
  host_name: z.string(),
  ip_addresses: z.array(z.string()),
  tenant: referenceShape,
  discoverable: z.boolean(),
});

export const hostBody = (host: Host): z.infer<typeof hostShape> => ({
  ...commonBody(host),
  ...discoveredBody(host),
  type: host.osType,
  host_name: host.name,
  ip_addresses: host.addresses,
  tenant: referenceBody(host.tenantId),
  discoverable: host.discoverable,
});

export const hostKind: ResourceKind<'Host'> = {
  type: 'Host',
  path: '/compute/hosts',
  noun: 'host',
  listKey: 'host',
  body: hostShape,
  read: 'authenticated',
  write: tenantAdmins,
  scope: 'tenant',
  represent: hostBody,
};
