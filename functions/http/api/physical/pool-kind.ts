import * as z from 'zod';
import { formatGib } from '../../../../core/capacity/size.ts';
import { referenceBody } from '../../../../core/inventory/links.ts';
import type { StoragePool } from '../../../../core/inventory/schemas.ts';
import { commonBody, commonShape, referenceShape } from '../common-body.ts';
import { type ResourceKind, systemAdmins, systemReaders } from '../resource-kind.ts';
import { discoveredBody, discoveredShape } from './discovered-body.ts';

const gib = z.string().describe('GiB with two decimals');

const capacityShape = {
  usable_gb: gib,
  free_gb: gib,
  used_gb: gib,
  subscribed_gb: gib,
  managed_gb: gib.optional().describe('GiB of volumes of this installation; not as of a time'),
  percent_used: z.number(),
  percent_subscribed: z.number(),
  observed_at: z.string(),
  minimum_volume_size_gb: gib,
  maximum_volume_size_gb: gib,
};

const poolShape = z.object({
  ...commonShape,
  ...discoveredShape,
  pool_name: z.string(),
  pool_service_type: z.literal('block'),
  storage_system: referenceShape,
  protocols: z.array(z.string()),
  drive_types: z.array(z.string()),
  supported_resource_types: z.enum(['THIN_ONLY', 'THICK_ONLY', 'THIN_AND_THICK']),
  compression_enabled: z.boolean(),
  unwritten_reads_zero: z.enum(['yes', 'no', 'unknown']),
  ...capacityShape,
  num_resources: z.number(),
  max_resources: z.number().optional(),
  max_pool_utilization_percentage: z.number().optional(),
  max_thin_pool_subscription_percentage: z.number().optional(),
  assigned_varrays: z.array(z.string()),
  tagged_varrays: z.array(z.string()),
});

const percent = (part: number, whole: number): number => (whole > 0 ? Math.round((part / whole) * 100) : 0);

const resourceTypes = ({ provisioningTypes }: StoragePool) => {
  if (provisioningTypes.length > 1) return 'THIN_AND_THICK' as const;
  return provisioningTypes[0] === 'thick' ? ('THICK_ONLY' as const) : ('THIN_ONLY' as const);
};

const capacityBody = (pool: StoragePool) => ({
  usable_gb: formatGib(pool.totalBytes),
  free_gb: formatGib(pool.freeBytes),
  used_gb: formatGib(Math.max(0, pool.totalBytes - pool.freeBytes)),
  subscribed_gb: formatGib(pool.subscribedBytes),
  managed_gb: formatGib(pool.managedBytes),
  percent_used: percent(pool.totalBytes - pool.freeBytes, pool.totalBytes),
  percent_subscribed: percent(pool.subscribedBytes, pool.totalBytes),
  observed_at: pool.observedAt,
  minimum_volume_size_gb: formatGib(pool.minVolumeBytes),
  maximum_volume_size_gb: formatGib(pool.maxVolumeBytes),
});

const limitsBody = (pool: StoragePool) => ({
  ...(pool.maxResources === undefined ? {} : { max_resources: pool.maxResources }),
  ...(pool.maxUtilizationPercent === undefined ? {} : { max_pool_utilization_percentage: pool.maxUtilizationPercent }),
  ...(pool.maxSubscriptionPercent === undefined ? {} : { max_thin_pool_subscription_percentage: pool.maxSubscriptionPercent }),
});

export const poolBody = (pool: StoragePool): z.infer<typeof poolShape> => ({
  ...commonBody(pool),
  ...discoveredBody(pool, pool.registration),
  pool_name: pool.name,
  pool_service_type: 'block',
  storage_system: referenceBody(pool.systemId),
  protocols: pool.protocols,
  drive_types: pool.driveTypes,
  supported_resource_types: resourceTypes(pool),
  compression_enabled: pool.compression,
  unwritten_reads_zero: pool.unwrittenReadsZero,
  ...capacityBody(pool),
  num_resources: pool.volumeCount,
  ...limitsBody(pool),
  assigned_varrays: pool.assignedVarrayIds,
  tagged_varrays: pool.assignedVarrayIds,
});

export const poolKind: ResourceKind<'StoragePool'> = {
  type: 'StoragePool',
  path: '/vdc/storage-pools',
  noun: 'storage pool',
  listKey: 'storage_pool',
  body: poolShape,
  read: systemReaders,
  write: systemAdmins,
  scope: 'all',
  notKept: ['managed_gb'],
  represent: poolBody,
};
