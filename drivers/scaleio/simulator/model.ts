import type { Clock } from './clock.ts';
import type { ApiVersion } from './versions.ts';

export type AccessMode = 'ReadWrite' | 'ReadOnly' | 'NoAccess';
export type VolumeType = 'ThinProvisioned' | 'ThickProvisioned' | 'Snapshot';

export interface SystemObject {
  id: string;
  name: string | null;
  installId: string;
  restrictedSdcMode: 'None' | 'Guid' | 'ApprovedIp';
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
}

export interface Device {
  id: string;
  name: string;
  sdsId: string;
  poolId: string;
  capacityInKb: number;
  path: string;
}

/** What volumes are mapped to: an SDC or, on 4.x, an NVMe host, which the gateway lists among the SDCs. */
export interface Sdc {
  id: string;
  name: string | null;
  hostType: 'SdcHost' | 'NVMeHost';
  guid: string | null;
  ips: string[];
  approved: boolean;
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
  snplIdOfAutoSnapshot: string | null;
  snplIdOfSourceVolume: string | null;
  secureSnapshotExpTime: number;
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
  /** A label for the data on the volume, to see what a snapshot, a clone or a restore copied. */
  content: string;
  removalEndsAtMs: number | null;
  nsid: number;
  marks: VolumeMarks;
}

export interface Migration {
  toPoolId: string;
  conversion: 'NoConversion' | 'ThickToThin' | 'ThinToThick';
  endsAtMs: number;
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
}

/** How long slow work takes, in the simulator's clock; 0 = done before the answer. */
export interface Behaviour {
  removalSeconds: number;
  migrationSeconds: number;
}

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
  readonly limits: Limits;
  readonly behaviour: Behaviour;
  /** A new id of 16 hex digits; ids are never used twice. */
  newId(type: string): string;
}
