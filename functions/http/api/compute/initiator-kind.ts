import * as z from 'zod';
import { referenceBody } from '../../../../core/inventory/links.ts';
import type { Initiator } from '../../../../core/inventory/schemas.ts';
import { commonBody, commonShape, referenceShape } from '../common-body.ts';
import { discoveredBody, discoveredShape } from '../physical/discovered-body.ts';
import { type ResourceKind, tenantAdmins } from '../resource-kind.ts';

const initiatorShape = z.object({
  ...commonShape,
  ...discoveredShape,
  host: referenceShape,
  hostname: z.string(),
  protocol: z.string(),
  initiator_port: z.string(),
  initiator_node: z.string().optional(),
  approved: z.boolean().describe('Whether the array lets it in'),
});

export const initiatorBody = (initiator: Initiator): z.infer<typeof initiatorShape> => ({
  ...commonBody(initiator),
  ...discoveredBody(initiator),
  host: referenceBody(initiator.hostId),
  hostname: initiator.hostName,
  protocol: initiator.protocol,
  initiator_port: initiator.port,
  ...(initiator.node === undefined ? {} : { initiator_node: initiator.node }),
  approved: initiator.approved,
});

export const initiatorKind: ResourceKind<'Initiator'> = {
  type: 'Initiator',
  path: '/compute/initiators',
  noun: 'initiator',
  listKey: 'initiator',
  body: initiatorShape,
  read: 'authenticated',
  write: tenantAdmins,
  scope: 'tenant',
  represent: initiatorBody,
};
