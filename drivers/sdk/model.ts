import type { CapabilityInstance } from './model/capability.ts';

/**
 * The southbound object model: plain data, independent of any store. Sizes are integers in bytes, times are ISO 8601 in UTC,
 * `nativeId` is the array's own id and unique within (array, kind of object). A field that an array cannot tell is absent.
 */

export type ProvisioningType = 'thin' | 'thick';
export type AccessMode = 'read-write' | 'read-only';
export type ObjectState = 'online' | 'degraded' | 'offline' | 'unknown';

/** What the account that a driver uses may do. */
export interface ArrayAccount {
  /** In the array's own words. */
  role: string;
  /** Whether it may do more than the driver ever needs; `warnings` then says what. */
  moreThanNeeded: boolean;
}

/** Who answers behind an address. */
export interface ArrayIdentity {
  /** The array's own id; it never changes, whatever the address, name or version. */
  arrayId: string;
  name?: string;
  vendor: string;
  model: string;
  /** Of the array's software. */
  version: string;
  /** Of the management interface, when it differs. */
  apiVersion?: string;
  /** What a person should know before trusting the connection, such as rights beyond what is needed. */
  warnings: readonly string[];
  account?: ArrayAccount;
  /** What holds for the whole array at its version. */
  capabilities?: readonly CapabilityInstance[];
}

/** A part of an array that is provisioned and fails as one. */
export interface StorageSystem {
  nativeId: string;
  name: string;
  serialNumber: string;
  firmwareVersion: string;
  model: string;
  state: ObjectState;
  /** Whether the driver was made for this version of the array's software; absent: nobody can tell. */
  support?: SystemSupport;
}

export const systemSupports = ['supported', 'unsupported', 'unknown'] as const;
export type SystemSupport = (typeof systemSupports)[number];

export interface StoragePool {
  nativeId: string;
  systemNativeId: string;
  name: string;
  state: ObjectState;
  provisioningTypes: readonly ProvisioningType[];
  /** Media of the pool's devices, in the words of the API: SSD, SATA, … */
  driveTypes: readonly string[];
  /** What volumes could use in all, net of copies and spare. */
  totalBytes: number;
  /** What can still be written, net. */
  freeBytes: number;
  /** Sum of the sizes promised to volumes and snapshots, net. */
  subscribedBytes: number;
  minVolumeBytes: number;
  maxVolumeBytes: number;
  /** Every volume's size is a multiple of this. */
  sizeGranularityBytes: number;
  /** Whether blocks never written read as zeroes; otherwise a new volume may show what an old one held. */
  unwrittenReadsZero: 'yes' | 'no' | 'unknown';
  compression: boolean;
  /** How old the capacity figures may be. */
  statisticsLagSeconds: number;
  /** A limit of the array on the number of volumes in this pool. */
  maxVolumes?: number;
  /** Volumes and snapshots in the pool, ours and others'. */
  volumeCount: number;
  /** Held back for the loss of a part, net; not in `totalBytes`. */
  spareBytes?: number;
  /** Data whose copies are not complete at the moment, net. */
  degradedBytes?: number;
  /** What cannot be read or written at the moment, net. */
  unavailableBytes?: number;
  /** Shares of use, 0 to 100, from which the array itself warns. */
  alertPercents?: { high: number; critical: number };
  /** How the array lays blocks out, in its own words. */
  layout?: string;
}

export interface StoragePort {
  nativeId: string;
  systemNativeId: string;
  name: string;
  addresses: readonly string[];
  transport: 'ip' | 'fc';
  state: ObjectState;
  /** Ports that may fail together. */
  faultDomain?: string;
}

export const initiatorTypes = ['sdc', 'fc', 'iscsi', 'nvme-tcp', 'nvme-fc', 'rbd', 'nfs', 'cifs'] as const;
export type InitiatorType = (typeof initiatorTypes)[number];

export interface HostInitiator {
  type: InitiatorType;
  /** What the array maps to; a host is known by its initiators, never by its address. */
  id: string;
  /** Protocol in the words of the API: ScaleIO, FC, iSCSI, … */
  protocol: string;
  nodeName?: string;
  /** Whether the array lets it in. */
  approved: boolean;
  state: ObjectState;
}

/** A host as the array sees it. */
export interface HostComponent {
  nativeId: string;
  name: string;
  /** Linux, Windows, Esx, AIX, … in the words of the API; `Other` when unknown. */
  osType: string;
  addresses: readonly string[];
  state: ObjectState;
  initiators: readonly HostInitiator[];
}

export interface MappingLimits {
  /** Absent or 0: unlimited. */
  iops?: number;
  /** Absent or 0: unlimited. */
  bandwidthBytesPerSecond?: number;
}

export interface VolumeMapping {
  initiatorType: InitiatorType;
  initiatorId: string;
  access: AccessMode | 'none';
  limits: MappingLimits;
  lun?: number;
}

export interface ObservedVolume {
  nativeId: string;
  name: string;
  poolNativeId: string;
  systemNativeId?: string;
  sizeBytes: number;
  provisioningType: ProvisioningType;
  kind: 'volume' | 'snapshot';
  createdAt: string;
  wwn?: string;
  allocatedBytes?: number;
  /** The volume or snapshot this one was taken from. */
  ancestorNativeId?: string;
  /** Objects of one copy-on-write tree share it. */
  sharedFateId?: string;
  /** Snapshots taken in one call share it. */
  groupNativeId?: string;
  mappings: readonly VolumeMapping[];
  /** Why nobody but its owner may change it (replicated, locked, made by a policy of the array, …). */
  managedElsewhere?: string;
}
