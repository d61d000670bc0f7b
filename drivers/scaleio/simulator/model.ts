import type { Clock } from './clock.ts';
import type { UsedIds } from './ids.ts';
import type { ApiVersion } from './versions.ts';

export type AccessMode = 'ReadWrite' | 'ReadOnly' | 'NoAccess';
export type VolumeType = 'ThinProvisioned' | 'ThickProvisioned' | 'Snapshot';

export interface SystemObject {
  id: string;
  name: string | null;
  installId: string;
  restrictedSdcMode: 'None' | 'Guid' | 'ApprovedIp';
}

/** Who answers for the array. */
export interface MdmCluster {
  /** Which of the two managers is master. */
  master: 0 | 1;
  /** Calls that are still answered with a communication error, before the other manager takes over. */
  failingCalls: number;
  /** Until then the former master is missing from the cluster. */
  recoversAtMs: number | null;
}

export interface Domain {
  id: string;
  name: string;
}

export interface Pool {
  id: string;
  name: string;
  domainId: string;
  zeroPaddingEnabled: boolean;
  sparePercentage: number;
  mediaType: string;
  /** Thin volumes may add up to this many times the net capacity. */
  overprovisioning: number;
}

export interface Sds {
  id: string;
  name: string;
  domainId: string;
  ips: string[];
  connected: boolean;
  absence: Absence | null;
  maintenance: Maintenance | null;
}

/** A unit that went away, with its copies of the data; over once what it missed was brought back. */
export interface Absence {
  sinceMs: number;
  returnedAtMs: number | null;
}

export interface Maintenance {
  kind: 'Instant' | 'Protected';
  phase: 'entering' | 'in' | 'exiting';
  /** When entering or exiting ends. */
  phaseEndsAtMs: number;
}

export interface Device {
  id: string;
  name: string;
  sdsId: string;
  poolId: string;
  capacityInKb: number;
  path: string;
  failed: boolean;
  absence: Absence | null;
}

/** What volumes are mapped to: an SDC or, on 4.x, an NVMe host, which the gateway lists among the SDCs. */
export interface Sdc {
  id: string;
  name: string | null;
  hostType: 'SdcHost' | 'NVMeHost';
  guid: string | null;
  ips: string[];
  approved: boolean;
  approvedIps: string[] | null;
  connected: boolean;
  osType: string;
  perfProfile: string;
  nqn: string | null;
  maxNumPaths: number | null;
  maxNumSysPorts: number | null;
}

export interface Mapping {
  sdcId: string;
  accessMode: AccessMode;
  limitIops: number;
  limitBwInKbps: number;
}

/** Marks of volumes that something else than the caller rules over. */
export interface VolumeMarks {
  managedBy: string;
  volumeReplicationState: string;
  lockedAutoSnapshot: boolean;
  lockedAutoSnapshotMarkedForRemoval: boolean;
  autoSnapshotGroupId: string | null;
  snplIdOfAutoSnapshot: string | null;
  snplIdOfSourceVolume: string | null;
  /** The levels of its policy that keep an automatic snapshot. */
  retentionLevels: number[];
  secureSnapshotExpTime: number;
  replicationJournalVolume: boolean;
  isVvol: boolean;
  mappingToAllSdcsEnabled: boolean;
}

/** What the hosts of a volume do all together, on average, when its mappings let them. */
export interface IoProfile {
  readIops: number;
  writeIops: number;
  trimIops: number;
  ioSizeInKb: number;
  readLatencyInMicros: number;
  writeLatencyInMicros: number;
}

export interface Volume {
  id: string;
  name: string | null;
  vtreeId: string;
  sizeInKb: number;
  volumeType: VolumeType;
  ancestorVolumeId: string | null;
  consistencyGroupId: string | null;
  /** Epoch seconds. */
  creationTime: number;
  mappings: Mapping[];
  useRmcache: boolean;
  compressionMethod: string;
  accessModeLimit: 'ReadWrite' | 'ReadOnly';
  /** Net KiB written; thick volumes take their whole size whatever this says. */
  usedInKb: number;
  /** A label for the data on the volume, to see what a snapshot, a clone or a restore copied; `contents.ts` says what is there now. */
  content: string;
  removalEndsAtMs: number | null;
  io: IoProfile | null;
  nsid: number;
  marks: VolumeMarks;
}

export interface Migration {
  fromPoolId: string;
  toPoolId: string;
  conversion: 'NoConversion' | 'ThickToThin' | 'ThinToThick';
  /** `RollingBack`: what was moved goes home. */
  state: 'Running' | 'GracefullyPausing' | 'Paused' | 'RollingBack';
  /** What all of it takes. */
  totalMs: number;
  /** What was moved until `stateSinceMs`, as time. */
  movedMs: number;
  stateSinceMs: number;
}

/** Takes snapshots of its source volumes by itself. */
export interface SnapshotPolicy {
  id: string;
  name: string;
  state: 'Active' | 'Paused';
  cadenceInMinutes: number;
  /** How many snapshots each level keeps; a level's snapshots lie as far apart as the whole of the level before reaches. */
  retained: number[];
  snapshotAccessMode: 'ReadWrite' | 'ReadOnly';
  secureSnapshots: boolean;
  nextAtMs: number;
  /** Rounds of snapshots so far. */
  rounds: number;
  lastAtMs: number | null;
  failures: number;
  lastFailureAtMs: number | null;
}

/** Another array, with which this one replicates. */
export interface Peer {
  id: string;
  name: string;
  peerSystemId: string;
}

/** Somebody who may log in. */
export interface User {
  id: string;
  name: string;
  password: string;
  role: string;
}

export interface VTree {
  id: string;
  name: string | null;
  poolId: string;
  migration: Migration | null;
  /** The volumes of the tree, in the order they came. */
  volumeIds: Set<string>;
}

export interface Sdt {
  id: string;
  name: string;
  domainId: string;
  ips: string[];
}

export interface Limits {
  volumes: number;
  volumesPerSdc: number;
  mappingsPerVolume: number;
  snapshotsPerVTree: number;
  sdcs: number;
}

/** How long slow work takes, in the simulator's clock; 0 = done before the answer. */
export interface Behaviour {
  removalSeconds: number;
  migrationSeconds: number;
  /** From the loss of a unit until its data has two copies again. */
  rebuildSeconds: number;
  /** From the return of a unit until it holds its share again. */
  rebalanceSeconds: number;
  /** To enter maintenance, and to leave it. */
  maintenanceSeconds: number;
  /** From a failover until the cluster is complete again. */
  mdmRecoverySeconds: number;
}

/** Maps, sets and plain values, so that all of it can be kept between two starts; functions and the clock are made anew. */
export interface ArrayState {
  readonly version: ApiVersion;
  readonly clock: Clock;
  readonly system: SystemObject;
  readonly domains: Map<string, Domain>;
  readonly pools: Map<string, Pool>;
  readonly sdss: Map<string, Sds>;
  readonly devices: Map<string, Device>;
  readonly sdcs: Map<string, Sdc>;
  readonly sdts: Map<string, Sdt>;
  readonly volumes: Map<string, Volume>;
  readonly vtrees: Map<string, VTree>;
  readonly policies: Map<string, SnapshotPolicy>;
  readonly peers: Map<string, Peer>;
  readonly users: Map<string, User>;
  readonly mdm: MdmCluster;
  /** Since when an alert holds, by what tells it from others. */
  readonly alertsSinceMs: Map<string, number>;
  readonly limits: Limits;
  readonly behaviour: Behaviour;
  readonly ids: UsedIds;
  /** A new id of 16 hex digits; ids are never used twice. */
  newId(type: string): string;
}
