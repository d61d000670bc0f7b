import * as z from 'zod';

/** Objects of the gateway that no verb reads yet, as recorded. */
const id = z.string().regex(/^[0-9a-f]{16}$/);

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
