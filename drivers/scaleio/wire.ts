import * as z from 'zod';

/**
 * The gateway's JSON in its own field names: only fields the driver reads, so that versions may add and drop others. States are open
 * texts, since their full lists are not published.
 */
const id = z.string().regex(/^[0-9a-f]{16}$/);
const name = z.string().nullish();
const openText = z.string().nullish();
const sizeKb = z.int().min(0);

export const tokenWire = z.string().min(1);
export const idWire = id;
export const createdWire = z.object({ id });
export const bearerWire = z.object({ access_token: z.string().min(1), refresh_token: z.string().nullish() });
export const versionWire = z.string().regex(/^\d+(\.\d+)*$/);

export const errorWire = z.object({
  message: z.string().nullish(),
  errorCode: z.int().nullish(),
  details: z.array(z.object({ rc: z.int().nullish() })).nullish(),
});

export const systemWire = z.object({
  id,
  name,
  installId: openText,
  systemVersionName: openText,
  mdmCluster: z.object({ clusterState: z.string() }).nullish(),
  mdmClusterState: openText,
});
export type SystemWire = z.infer<typeof systemWire>;

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
});
export type PoolWire = z.infer<typeof poolWire>;

/** Raw figures hold both copies of the data, `net…` figures one. */
export const poolStatisticsWire = z.object({
  capacityLimitInKb: sizeKb.optional(),
  spareCapacityInKb: sizeKb.optional(),
  capacityAvailableForVolumeAllocationInKb: sizeKb.optional(),
  thickCapacityInUseInKb: sizeKb.optional(),
  thinCapacityAllocatedInKb: sizeKb.optional(),
  snapCapacityInUseInKb: sizeKb.optional(),
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
});
export type SdcWire = z.infer<typeof sdcWire>;

const mappedSdc = z.object({
  sdcId: id,
  limitIops: z.int().nullish(),
  limitBwInMbps: z.int().nullish(),
  accessMode: openText,
  hostType: openText,
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
  secureSnapshotExpTime: z.int().nullish(),
});
export type VolumeWire = z.infer<typeof volumeWire>;

/** What `querySelectedStatistics` answers: by object id. */
export const statisticsByIdWire = z.record(id, poolStatisticsWire);
