import * as z from 'zod';

/** Objects of the gateway that no verb reads yet, as recorded. */
const id = z.string().regex(/^[0-9a-f]{16}$/);

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
});

/** An NVMe host of 4.x, which has the fields of an SDC. */
export const nvmeHostWire = z.object({
  id,
  name: z.string().nullable(),
  nqn: z.string(),
  hostType: z.literal('NVMeHost'),
  maxNumPaths: z.int(),
  maxNumSysPorts: z.int(),
});

export const nvmeSystemWire = z.object({ id, systemNqn: z.string() });

export const peerMdmWire = z.object({
  id,
  name: z.string().nullable(),
  port: z.int(),
  peerSystemId: id,
  systemId: id,
  membershipState: z.string(),
  couplingRC: z.string(),
});

export const volumeStatisticsWire = z.object({ mappedSdcIds: z.array(z.string()), numOfMappedSdcs: z.int() });

export const systemStatisticsWire = z.object({
  numOfVolumes: z.int(),
  numOfSnapshots: z.int(),
  numOfStoragePools: z.int(),
  numOfSds: z.int(),
  numOfSdc: z.int(),
  capacityLimitInKb: z.int(),
});
