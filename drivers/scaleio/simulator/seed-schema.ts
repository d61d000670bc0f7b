import * as z from 'zod';

const id = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'must be 16 lower-case hex digits')
  .optional();
const name = z
  .string()
  .min(1)
  .max(31)
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces');
const accessMode = z.enum(['ReadWrite', 'ReadOnly', 'NoAccess']);
const count = z.number().int().nonnegative();

const domain = z.strictObject({ id, name });

const pool = z.strictObject({
  id,
  name,
  domain: z.string(),
  zeroPadding: z.boolean().default(true),
  sparePercentage: z.number().min(0).max(90).default(10),
  mediaType: z.enum(['HDD', 'SSD', 'Transitional']).default('SSD'),
  overprovisioning: z.number().min(1).default(5),
});

const sds = z.strictObject({ id, name, domain: z.string(), ips: z.array(z.string()).min(1), connected: z.boolean().default(true) });

const device = z.strictObject({ id, name: name.optional(), sds: z.string(), pool: z.string(), capacityGb: z.number().int().positive() });

const sdc = z.strictObject({
  id,
  name: name.nullable().default(null),
  guid: z.guid(),
  ips: z.array(z.string()).min(1),
  osType: z.enum(['Linux', 'Windows', 'Esx', 'Aix']).default('Linux'),
  connected: z.boolean().default(true),
  approved: z.boolean().default(true),
  /** In restricted mode `ApprovedIp` all addresses of the SDC must be among them. */
  approvedIps: z.array(z.string()).nullable().default(null),
});

const nvmeHost = z.strictObject({ id, name: name.nullable().default(null), nqn: z.string().startsWith('nqn.') });

const sdt = z.strictObject({ id, name, domain: z.string(), ips: z.array(z.string()).min(1) });

const mapping = z.strictObject({
  sdc: z.string(),
  accessMode: accessMode.default('ReadWrite'),
  limitIops: count.default(0),
  limitBwInKbps: count.multipleOf(1024).default(0),
});

const marks = z.strictObject({
  managedBy: z.string().optional(),
  volumeReplicationState: z.string().optional(),
  lockedAutoSnapshot: z.boolean().optional(),
  autoSnapshotGroupId: z.string().nullable().optional(),
  snplIdOfAutoSnapshot: z.string().nullable().optional(),
  snplIdOfSourceVolume: z.string().nullable().optional(),
  secureSnapshotExpTime: count.optional(),
  replicationJournalVolume: z.boolean().optional(),
  isVvol: z.boolean().optional(),
  mappingToAllSdcsEnabled: z.boolean().optional(),
});

/** Averages of what all hosts of a volume do together. */
export const ioProfile = z.strictObject({
  readIops: count.default(0),
  writeIops: count.default(0),
  trimIops: count.default(0),
  ioSizeInKb: z.number().int().positive().default(8),
  readLatencyInMicros: count.default(500),
  writeLatencyInMicros: count.default(900),
});

const volume = z.strictObject({
  id,
  name: name.nullable().default(null),
  pool: z.string().optional(),
  ancestor: z.string().optional(),
  sizeGb: z.number().int().positive().multipleOf(8).optional(),
  thick: z.boolean().default(false),
  usedInKb: count.default(0),
  content: z.string().default(''),
  consistencyGroupId: id,
  creationTime: count.default(1_700_000_000),
  accessModeLimit: z.enum(['ReadWrite', 'ReadOnly']).default('ReadWrite'),
  mappings: z.array(mapping).default([]),
  marks: marks.default({}),
  io: ioProfile.nullable().default(null),
});

/** Takes snapshots of the volumes it names by itself; from 3.0 on. */
const policy = z.strictObject({
  id,
  name,
  sources: z.array(z.string()).default([]),
  cadenceInMinutes: z.number().int().positive(),
  retained: z.array(z.number().int().positive()).min(1).max(6),
  snapshotAccessMode: z.enum(['ReadWrite', 'ReadOnly']).default('ReadWrite'),
  secureSnapshots: z.boolean().default(false),
  paused: z.boolean().default(false),
});

/** Another array; from 3.6 on. */
const peer = z.strictObject({ id, name, peerSystemId: z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 lower-case hex digits') });

/** Who else may log in, beside the account that the simulator is started with. Roles are those of the version. */
export const user = z.strictObject({ name: z.string().min(1), password: z.string().min(1), role: z.string().optional() });

/** In seconds of the simulator's clock. */
export const behaviour = z.strictObject({
  removalSeconds: count.default(0),
  migrationSeconds: count.default(0),
  rebuildSeconds: count.default(600),
  rebalanceSeconds: count.default(300),
  maintenanceSeconds: count.default(0),
  mdmRecoverySeconds: count.default(60),
});

/**
 * What is on the array at the start. Objects name each other: a pool by its name or, where two domains have one of that name, as
 * `domain/pool`; an SDC by name, GUID, NQN or address; a snapshot its ancestor by the name or id of a volume listed before it.
 * A volume has `pool` and `sizeGb`, or `ancestor`, whose pool and size it takes. Ids that are left out are derived from `systemId`.
 */
export const seedSchema = z.strictObject({
  systemId: z
    .string()
    .regex(/^[0-9a-f]{16}$/, 'must be 16 lower-case hex digits')
    .default('3f2a91c45b7d6e08'),
  name: name.nullable().default(null),
  installId: z.string().default('1c078b073d75512c'),
  restrictedSdcMode: z.enum(['None', 'Guid', 'ApprovedIp']).default('None'),
  domains: z.array(domain).min(1),
  pools: z.array(pool).default([]),
  sdss: z.array(sds).default([]),
  devices: z.array(device).default([]),
  sdcs: z.array(sdc).default([]),
  nvmeHosts: z.array(nvmeHost).default([]),
  sdts: z.array(sdt).default([]),
  volumes: z.array(volume).default([]),
  policies: z.array(policy).default([]),
  peers: z.array(peer).default([]),
  users: z.array(user).default([]),
  /** Lower limits make their errors easy to reach. */
  limits: z
    .strictObject({
      volumes: count.optional(),
      volumesPerSdc: count.optional(),
      mappingsPerVolume: count.optional(),
      snapshotsPerVTree: count.optional(),
      sdcs: count.optional(),
    })
    .default({}),
  behaviour: behaviour.prefault({}),
});

export type SeedInput = z.input<typeof seedSchema>;
export type Seed = z.output<typeof seedSchema>;

export class SeedError extends Error {
  override readonly name = 'SeedError';
}

/** Throws `SeedError` with one sentence for each field that is wrong. */
export function parseSeed(input: unknown): Seed {
  const parsed = seedSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'seed'}: ${issue.message}`);
  throw new SeedError(`the seed is wrong: ${problems.join('; ')}`);
}
