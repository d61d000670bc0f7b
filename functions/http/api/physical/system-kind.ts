import * as z from 'zod';
import { referenceBody } from '../../../../core/inventory/links.ts';
import type { StorageSystem } from '../../../../core/inventory/schemas.ts';
import { commonBody, commonShape, referenceShape } from '../common-body.ts';
import { type ResourceKind, systemAdmins, systemReaders } from '../resource-kind.ts';
import { discoveredBody, discoveredShape } from './discovered-body.ts';

const systemShape = z.object({
  ...commonShape,
  ...discoveredShape,
  system_type: z.string(),
  active_provider_uri: referenceShape,
  serial_number: z.string(),
  firmware_version: z.string(),
  model: z.string(),
  reachable: z.boolean(),
});

const compatibilities = { supported: 'COMPATIBLE', unsupported: 'INCOMPATIBLE', unknown: 'UNKNOWN' } as const;

const systemBody = (system: StorageSystem): z.infer<typeof systemShape> => ({
  ...commonBody(system),
  ...discoveredBody(system),
  compatibility_status: compatibilities[system.support ?? 'unknown'],
  system_type: system.systemType,
  active_provider_uri: referenceBody(system.providerId),
  serial_number: system.serialNumber,
  firmware_version: system.firmwareVersion,
  model: system.model,
  reachable: system.state === 'online' || system.state === 'degraded',
});

export const systemKind: ResourceKind<'StorageSystem'> = {
  type: 'StorageSystem',
  path: '/vdc/storage-systems',
  noun: 'storage system',
  listKey: 'storage_system',
  body: systemShape,
  read: systemReaders,
  write: systemAdmins,
  scope: 'all',
  represent: systemBody,
};
