import * as z from 'zod';
import { referenceBody } from '../../../../core/inventory/links.ts';
import type { StoragePort } from '../../../../core/inventory/schemas.ts';
import { commonBody, commonShape, referenceShape } from '../common-body.ts';
import { type ResourceKind, systemAdmins, systemReaders } from '../resource-kind.ts';
import { discoveredBody, discoveredShape } from './discovered-body.ts';

const portShape = z.object({
  ...commonShape,
  ...discoveredShape,
  port_name: z.string(),
  port_network_id: z.string(),
  transport_type: z.enum(['IP', 'FC']),
  ip_address: z.string().optional(),
  ip_addresses: z.array(z.string()),
  port_group: z.string().optional(),
  storage_system: referenceShape,
});

const portBody = (port: StoragePort): z.infer<typeof portShape> => {
  const [first] = port.addresses;
  return {
    ...commonBody(port),
    ...discoveredBody(port),
    port_name: port.name,
    port_network_id: port.nativeId,
    transport_type: port.transport === 'ip' ? 'IP' : 'FC',
    ...(first === undefined ? {} : { ip_address: first }),
    ip_addresses: port.addresses,
    ...(port.faultDomain === undefined ? {} : { port_group: port.faultDomain }),
    storage_system: referenceBody(port.systemId),
  };
};

export const portKind: ResourceKind<'StoragePort'> = {
  type: 'StoragePort',
  path: '/vdc/storage-ports',
  noun: 'storage port',
  listKey: 'storage_port',
  body: portShape,
  read: systemReaders,
  write: systemAdmins,
  scope: 'all',
  represent: portBody,
};
