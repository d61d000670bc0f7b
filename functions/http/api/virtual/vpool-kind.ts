import * as z from 'zod';
import type { VirtualPool } from '../../../../core/inventory/schemas.ts';
import { commonBody, commonShape, referenceShape, referencesBody } from '../common-body.ts';
import { type ResourceKind, systemAdmins } from '../resource-kind.ts';

const vpoolShape = z.object({
  ...commonShape,
  type: z.literal('block'),
  description: z.string(),
  protocols: z.array(z.string()),
  varrays: z.array(referenceShape),
  provisioning_type: z.enum(['Thin', 'Thick']),
  system_type: z.string().optional(),
  drive_type: z.string().optional(),
  use_matched_pools: z.boolean(),
  assigned_storage_pools: z.array(referenceShape),
  max_paths: z.number(),
  min_paths: z.number(),
  paths_per_initiator: z.number(),
  expandable: z.boolean(),
  host_io_limit_iops: z.number().optional(),
  host_io_limit_bandwidth: z.number().optional().describe('MB/s'),
  shared_access: z.boolean().describe('Whether several hosts may have a volume read-write'),
  allow_unzeroed_pools: z.boolean().describe('Whether pools may be used that can show what old volumes held'),
});

const optionalBody = (vpool: VirtualPool) => ({
  ...(vpool.systemType === undefined ? {} : { system_type: vpool.systemType }),
  ...(vpool.driveType === undefined ? {} : { drive_type: vpool.driveType }),
  ...(vpool.iopsLimit === undefined ? {} : { host_io_limit_iops: vpool.iopsLimit }),
  ...(vpool.bandwidthLimitMegabytesPerSecond === undefined ? {} : { host_io_limit_bandwidth: vpool.bandwidthLimitMegabytesPerSecond }),
});

export const vpoolBody = (vpool: VirtualPool): z.infer<typeof vpoolShape> => ({
  ...commonBody(vpool),
  type: 'block',
  description: vpool.description,
  protocols: vpool.protocols,
  varrays: referencesBody(vpool.varrayIds),
  provisioning_type: vpool.provisioningType === 'thick' ? 'Thick' : 'Thin',
  ...optionalBody(vpool),
  use_matched_pools: vpool.useMatchedPools,
  assigned_storage_pools: referencesBody(vpool.assignedPoolIds),
  max_paths: vpool.maxPaths,
  min_paths: vpool.minPaths,
  paths_per_initiator: vpool.pathsPerInitiator,
  expandable: vpool.expandable,
  shared_access: vpool.sharedAccess,
  allow_unzeroed_pools: vpool.allowsUnzeroedPools,
});

export const vpoolKind: ResourceKind<'VirtualPool'> = {
  type: 'VirtualPool',
  path: '/block/vpools',
  noun: 'virtual pool',
  listKey: 'virtualpool',
  body: vpoolShape,
  read: 'authenticated',
  write: systemAdmins,
  scope: 'all',
  represent: vpoolBody,
};
