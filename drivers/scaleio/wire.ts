import * as z from 'zod';

/**
 * The gateway's JSON in its own field names: only fields the driver reads, so that versions may add and drop others. States are open
 * texts, since their full lists are not published.
 */
const id = z.string().regex(/^[0-9a-f]{16}$/);
const name = z.string().nullish();
const openText = z.string().nullish();
const sizeKb = z.int().min(0);

export const idWire = id;
export const createdWire = z.object({ id });
export const domainWire = z.object({ id, name, protectionDomainState: openText });
export type DomainWire = z.infer<typeof domainWire>;

export const poolWire = z.object({
  id,
  name,
  protectionDomainId: id,
  zeroPaddingEnabled: z.boolean().nullish(),
  mediaType: openText,
  dataLayout: openText,
  compressionMethod: openText,
  sparePercentage: z.number().nullish(),
  capacityAlertHighThreshold: z.number().nullish(),
  capacityAlertCriticalThreshold: z.number().nullish(),
  capacityUsageState: openText,
});
export type PoolWire = z.infer<typeof poolWire>;

/** Raw figures hold both copies of the data, `net…` figures one. */
export const poolStatisticsWire = z.object({
  capacityLimitInKb: sizeKb.optional(),
  capacityInUseInKb: sizeKb.optional(),
  spareCapacityInKb: sizeKb.optional(),
  capacityAvailableForVolumeAllocationInKb: sizeKb.optional(),
  thickCapacityInUseInKb: sizeKb.optional(),
  thinCapacityAllocatedInKb: sizeKb.optional(),
  snapCapacityInUseInKb: sizeKb.optional(),
  snapshotCapacityInKb: sizeKb.optional(),
  degradedHealthyCapacityInKb: sizeKb.optional(),
  degradedFailedCapacityInKb: sizeKb.optional(),
  failedCapacityInKb: sizeKb.optional(),
  unreachableUnusedCapacityInKb: sizeKb.optional(),
  netCapacityInUseInKb: sizeKb.optional(),
  netUnusedCapacityInKb: sizeKb.optional(),
  volumeAddressSpaceInKb: sizeKb.optional(),
  numOfThickBaseVolumes: z.int().min(0),
  numOfThinBaseVolumes: z.int().min(0),
  numOfSnapshots: z.int().min(0),
});
export type PoolStatisticsWire = z.infer<typeof poolStatisticsWire>;

export const deviceWire = z.object({ id, storagePoolId: id.nullish(), mediaType: openText });
export type DeviceWire = z.infer<typeof deviceWire>;

export const sdsWire = z.object({
  id,
  name,
  protectionDomainId: id,
  faultSetId: id.nullish(),
  ipList: z.array(z.object({ ip: z.string(), role: z.string() })),
  sdsState: openText,
  mdmConnectionState: openText,
  maintenanceState: openText,
  maintenanceType: openText,
});
export type SdsWire = z.infer<typeof sdsWire>;

export const sdcWire = z.object({
  id,
  name,
  sdcGuid: openText,
  sdcApproved: z.boolean().nullish(),
  sdcIp: openText,
  sdcIps: z.array(z.string()).nullish(),
  osType: openText,
  mdmConnectionState: openText,
  hostType: openText,
  nqn: openText,
});
export type SdcWire = z.infer<typeof sdcWire>;

const mappedSdc = z.object({
  sdcId: id,
  limitIops: z.int().nullish(),
  limitBwInMbps: z.int().nullish(),
  accessMode: openText,
  hostType: openText,
  nqn: openText,
});
export type MappedSdcWire = z.infer<typeof mappedSdc>;

export const volumeWire = z.object({
  id,
  name,
  sizeInKb: sizeKb,
  storagePoolId: id,
  vtreeId: id.nullish(),
  volumeType: z.string(),
  ancestorVolumeId: id.nullish(),
  consistencyGroupId: openText,
  /** Epoch seconds. */
  creationTime: z.int().min(0),
  mappedSdcInfo: z.array(mappedSdc).nullish(),
  mappingToAllSdcsEnabled: z.boolean().nullish(),
  isVvol: z.boolean().nullish(),
  managedBy: openText,
  volumeReplicationState: openText,
  replicationJournalVolume: z.boolean().nullish(),
  lockedAutoSnapshot: z.boolean().nullish(),
  autoSnapshotGroupId: openText,
  snplIdOfAutoSnapshot: openText,
  /** Only the presence counts. */
  mappedScsiInitiatorInfo: z.unknown().optional(),
  /** Whether it may be mapped read-write at all. */
  accessModeLimit: openText,
  compressionMethod: openText,
  secureSnapshotExpTime: z.int().nullish(),
});
export type VolumeWire = z.infer<typeof volumeWire>;

export const snapshotsTakenWire = z.object({ volumeIdList: z.array(id), snapshotGroupId: id });

/** Limits come as texts. */
export const systemLimitsWire = z.object({
  systemLimitEntryList: z.array(z.object({ type: z.string(), description: z.string(), maxVal: z.string().regex(/^\d+$/) })),
});

/** An NVMe target of 4.x. */
export const sdtWire = z.object({
  id,
  name: z.string().nullable(),
  systemId: id,
  protectionDomainId: id,
  ipList: z.array(z.object({ ip: z.string(), role: z.string() })),
  storagePort: z.int(),
  nvmePort: z.int(),
  discoveryPort: z.int(),
  sdtState: z.string(),
  mdmConnectionState: z.string(),
  membershipState: z.string(),
  maintenanceState: z.string(),
  faultSetId: id.nullish(),
});
export type SdtWire = z.infer<typeof sdtWire>;

/** Idle windows are all 0. The spelling is the array's. */
export const windowWire = z.object({ numSeconds: z.number(), totalWeightInKb: z.number(), numOccured: z.number() });
export type WindowWire = z.infer<typeof windowWire>;

export const vtreeWire = z.object({
  id,
  storagePoolId: id,
  vtreeMigrationInfo: z
    .object({
      sourceStoragePoolId: openText,
      destinationStoragePoolId: openText,
      migrationStatus: openText,
      migrationPauseReason: openText,
    })
    .nullish(),
});
export type VTreeWire = z.infer<typeof vtreeWire>;

export const alertWire = z.object({
  id: z.string().min(1),
  name,
  alertType: openText,
  severity: openText,
  startTime: openText,
  uuid: openText,
  affectedObject: z.object({ objectId: openText, id: openText, type: openText }).nullish(),
});
export type AlertWire = z.infer<typeof alertWire>;

const count = z.int().min(0).optional();
export const systemCountsWire = z.object({ numOfProtectionDomains: count, numOfStoragePools: count, numOfSds: count, numOfSdc: count });
