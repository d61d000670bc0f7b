import * as z from 'zod';
import { systemSupports } from '../../drivers/sdk/model.ts';
import { resourceBase, tenantBase } from './resource.ts';

const bytes = z.number().int().nonnegative();
const objectState = z.enum(['online', 'degraded', 'offline', 'unknown']);
const provisioningType = z.enum(['thin', 'thick']);

/** Of what discovery finds. `digest` is over what is stored; `seen` is the number of the discovery that last stored it. */
const discovered = {
  providerId: z.string(),
  arrayId: z.string(),
  nativeId: z.string(),
  state: objectState,
  /** `not-visible`: a complete discovery did not find it. It keeps capacity, quota, name and exports. */
  visibility: z.enum(['visible', 'not-visible']),
  notVisibleSince: z.string().optional(),
  digest: z.string(),
};

export const tenantSchema = z.object({ ...resourceBase, parentId: z.string().optional() });
export type Tenant = z.infer<typeof tenantSchema>;

export const projectSchema = z.object({ ...tenantBase, owner: z.string() });
export type Project = z.infer<typeof projectSchema>;

export const brakeSchema = z.enum(['normal', 'drain', 'frozen']);

export const providerSchema = z.object({
  ...resourceBase,
  driverType: z.string(),
  interfaceType: z.string(),
  arrayId: z.string(),
  /** Gateways of the one array, in the order in which they are tried. `certificateSha256` of those that were trusted by it. */
  endpoints: z.array(z.object({ host: z.string(), port: z.number().int(), certificateSha256: z.string().optional() })),
  tls: z.discriminatedUnion('mode', [
    z.object({ mode: z.literal('public') }),
    z.object({ mode: z.literal('ca'), pem: z.string() }),
    z.object({ mode: z.literal('pinned'), sha256: z.array(z.string()) }),
    z.object({ mode: z.literal('none') }),
  ]),
  userName: z.string(),
  /** Name of the secret that holds the credentials. */
  secretName: z.string(),
  options: z.record(z.string(), z.unknown()),
  versionText: z.string(),
  model: z.string(),
  connection: z.enum(['connected', 'not-connected']),
  operations: brakeSchema,
  /** Why `operations` is not normal, and since when. */
  brakeReason: z.string().optional(),
  brakeSince: z.string().optional(),
  discovery: z.object({
    status: z.enum(['created', 'in-progress', 'complete', 'error']),
    lastRunAt: z.string().optional(),
    successAt: z.string().optional(),
    message: z.string().optional(),
  }),
  /** While more was missing at once than is believed: nothing is marked as missing until an administrator accepts it. */
  ageingStopped: z
    .object({
      since: z.string(),
      missing: z.number().int(),
      known: z.number().int(),
      /** Who has ordered the discovery that takes it for true. */
      acceptedBy: z.string().optional(),
    })
    .optional(),
  /** Counts discoveries; pools carry the number of the one that observed them. */
  observation: z.number().int(),
  /** It is being removed; nothing is placed on its pools, and it is not discovered. */
  removal: z.object({ since: z.string(), by: z.string() }).optional(),
  duePk: z.string().optional(),
  dueSk: z.string().optional(),
});
export type StorageProvider = z.infer<typeof providerSchema>;

export const systemSchema = z.object({
  ...resourceBase,
  ...discovered,
  systemType: z.string(),
  serialNumber: z.string(),
  firmwareVersion: z.string(),
  model: z.string(),
  /** Whether the driver was made for this version; absent: it does not tell. */
  support: z.enum(systemSupports).optional(),
});
export type StorageSystem = z.infer<typeof systemSchema>;

export const poolSchema = z.object({
  ...resourceBase,
  ...discovered,
  systemId: z.string(),
  systemType: z.string(),
  protocols: z.array(z.string()),
  provisioningTypes: z.array(provisioningType),
  driveTypes: z.array(z.string()),
  minVolumeBytes: bytes,
  maxVolumeBytes: bytes,
  sizeGranularityBytes: bytes,
  unwrittenReadsZero: z.enum(['yes', 'no', 'unknown']),
  compression: z.boolean(),
  statisticsLagSeconds: z.number().int(),
  maxVolumes: z.number().int().optional(),
  volumeCount: z.number().int(),
  /** Observed by the discovery of this number. */
  observation: z.number().int(),
  observedAt: z.string(),
  totalBytes: bytes,
  freeBytes: bytes,
  subscribedBytes: bytes,
  /** What of `managedBytes` the observed figures surely include. */
  observedManagedBytes: bytes,
  /** The same of `managedThickBytes`. */
  observedManagedThickBytes: bytes.optional(),
  /** Sizes of our volumes here, of both kinds; changed only where volumes are accepted, rolled back or deleted. */
  managedBytes: bytes,
  managedThickBytes: bytes,
  /** How many volumes of ours are here; changed with `managedBytes`. */
  managedCount: z.number().int().optional(),
  /** How many volumes and snapshots here are not ours: as the last complete discovery counted them, and those that were released since. */
  foreignCount: z.number().int().optional(),
  /** Both numbers are whole. Absent in a row of an earlier release, until a discovery has counted; till then they hold what has changed. */
  isCounted: z.literal(true).optional(),
  /** Set by administrators. */
  registration: z.enum(['registered', 'unregistered']),
  /** While its provider is being removed: it was registered, and is again if the provider stays. */
  reopens: z.literal(true).optional(),
  assignedVarrayIds: z.array(z.string()),
  maxUtilizationPercent: z.number().int().optional(),
  maxSubscriptionPercent: z.number().int().optional(),
  maxResources: z.number().int().optional(),
  /** An order that is stored in several transactions is stored or given up by then. */
  storingUntil: z.string().optional(),
  /** By how much the books exceeded the sum over the volumes when they were last summed; absent while they are equal. */
  capacityDifference: z
    .object({ since: z.string(), bytes: z.number().int(), thickBytes: z.number().int(), volumes: z.number().int().optional() })
    .optional(),
});
export type StoragePool = z.infer<typeof poolSchema>;

export const portSchema = z.object({
  ...resourceBase,
  ...discovered,
  systemId: z.string(),
  addresses: z.array(z.string()),
  transport: z.enum(['ip', 'fc']),
  faultDomain: z.string().optional(),
});
export type StoragePort = z.infer<typeof portSchema>;

export const hostSchema = z.object({
  ...tenantBase,
  ...discovered,
  osType: z.string(),
  addresses: z.array(z.string()),
  discoverable: z.boolean(),
});
export type Host = z.infer<typeof hostSchema>;

export const initiatorSchema = z.object({
  ...tenantBase,
  ...discovered,
  hostId: z.string(),
  hostName: z.string(),
  initiatorType: z.enum(['sdc', 'fc', 'iscsi', 'nvme-tcp', 'nvme-fc', 'rbd', 'nfs', 'cifs']),
  protocol: z.string(),
  /** What the array maps to. */
  port: z.string(),
  node: z.string().optional(),
  approved: z.boolean(),
});
export type Initiator = z.infer<typeof initiatorSchema>;

export const varraySchema = z.object({ ...resourceBase, autoSanZoning: z.boolean() });
export type VirtualArray = z.infer<typeof varraySchema>;

export const vpoolSchema = z.object({
  ...resourceBase,
  description: z.string(),
  protocols: z.array(z.string()),
  varrayIds: z.array(z.string()),
  provisioningType,
  systemType: z.string().optional(),
  driveType: z.string().optional(),
  useMatchedPools: z.boolean(),
  assignedPoolIds: z.array(z.string()),
  expandable: z.boolean(),
  maxPaths: z.number().int(),
  minPaths: z.number().int(),
  pathsPerInitiator: z.number().int(),
  /** Whether several hosts may have a volume read-write. */
  sharedAccess: z.boolean(),
  /** Whether pools may be used that can show what old volumes held. */
  allowsUnzeroedPools: z.boolean(),
  iopsLimit: z.number().int().optional(),
  bandwidthLimitMegabytesPerSecond: z.number().int().optional(),
});
export type VirtualPool = z.infer<typeof vpoolSchema>;

export const volumeSchema = z.object({
  ...tenantBase,
  projectId: z.string(),
  varrayId: z.string(),
  vpoolId: z.string(),
  poolId: z.string(),
  systemId: z.string(),
  providerId: z.string(),
  state: z.enum(['creating', 'ready', 'expanding', 'deleting', 'deleted', 'released', 'error']),
  provisioningType,
  requestedBytes: bytes,
  /** Rounded up to what the array makes. */
  provisionedBytes: bytes,
  allocatedBytes: bytes.optional(),
  /** Name on the array. */
  nativeName: z.string(),
  nativeId: z.string().optional(),
  nativeCreatedAt: z.string().optional(),
  wwn: z.string().optional(),
  /** A complete discovery did not find it. It keeps capacity, quota, name and exports. Absent: it was seen, or not looked for yet. */
  visibility: z.literal('not-visible').optional(),
  notVisibleSince: z.string().optional(),
  /** In what the array differs from this record, as discovery saw it. Nothing is changed for that, here or there. */
  drift: z
    .object({
      since: z.string(),
      differences: z.array(z.object({ field: z.string(), recorded: z.string(), found: z.string() })),
    })
    .optional(),
  /** It is neither destroyed nor released. */
  deleteProtected: z.boolean().optional(),
  /** It is in the counter of the quota of its virtual pool, project or tenant. */
  countedInVpool: z.literal(true).optional(),
  countedInProject: z.literal(true).optional(),
  countedInTenant: z.literal(true).optional(),
});
export type Volume = z.infer<typeof volumeSchema>;

/** A volume or snapshot on an array that is not ours to change. Its row is written without history, and only when it changed. */
export const unmanagedVolumeSchema = z.object({
  ...resourceBase,
  providerId: z.string(),
  arrayId: z.string(),
  nativeId: z.string(),
  poolId: z.string(),
  systemId: z.string().optional(),
  kind: z.enum(['volume', 'snapshot']),
  provisioningType,
  sizeBytes: bytes,
  allocatedBytes: bytes.optional(),
  nativeCreatedAt: z.string(),
  wwn: z.string().optional(),
  ancestorNativeId: z.string().optional(),
  sharedFateId: z.string().optional(),
  managedElsewhere: z.string().optional(),
  /** At most 100 of them. */
  mappings: z.array(z.object({ initiatorType: z.string(), initiatorId: z.string(), access: z.string() })),
  mappingCount: z.number().int(),
  /** Its name is one that this installation gives. */
  bearsMark: z.boolean(),
  /** Why it is not removed by itself, if it bears our mark and there is no record of it. */
  keptBecause: z.string().optional(),
  digest: z.string(),
});
export type UnManagedVolume = z.infer<typeof unmanagedVolumeSchema>;

export const exportGroupSchema = z.object({
  ...tenantBase,
  projectId: z.string(),
  varrayId: z.string(),
  exportType: z.enum(['Initiator', 'Host', 'Cluster', 'Exclusive']),
  state: z.enum(['creating', 'ready', 'updating', 'deleting', 'deleted', 'error']),
  hostIds: z.array(z.string()),
  initiatorIds: z.array(z.string()),
  volumes: z.array(z.object({ id: z.string(), lun: z.number().int().optional() })),
});
export type ExportGroup = z.infer<typeof exportGroupSchema>;

/** Which schema reads which type, by the type in the id. */
export const schemas = {
  TenantOrg: tenantSchema,
  Project: projectSchema,
  StorageProvider: providerSchema,
  StorageSystem: systemSchema,
  StoragePool: poolSchema,
  StoragePort: portSchema,
  Host: hostSchema,
  Initiator: initiatorSchema,
  VirtualArray: varraySchema,
  VirtualPool: vpoolSchema,
  Volume: volumeSchema,
  UnManagedVolume: unmanagedVolumeSchema,
  ExportGroup: exportGroupSchema,
} as const;

export type ResourceType = keyof typeof schemas;
export type ResourceOf<T extends ResourceType> = z.infer<(typeof schemas)[T]>;
