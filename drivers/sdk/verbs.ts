import type { DriverFailure } from './errors.ts';
import type {
  AccessMode,
  ArrayIdentity,
  HostComponent,
  InitiatorType,
  MappingLimits,
  ObservedVolume,
  ProvisioningType,
  StoragePool,
  StoragePort,
  StorageSystem,
  VolumeMapping,
} from './model.ts';

/**
 * The verbs. All are absolute and idempotent: look, then act; already so is success. Inputs are never mutated. A verb stops starting
 * items when `deadline` is near and answers those as `inProgress`. A batch answers for each item; the verb throws only when nothing can
 * be said of any item (no session, wrong array). `settle` turns an answer into one verdict.
 */

/** One item's answer. `ref` is the caller's name for it, taken from the request. */
export interface ItemAnswer<Observed> {
  ref: string;
  status: 'done' | 'inProgress' | 'rejected' | 'busy' | 'uncertain';
  /** With `done`: whether this call made it, or found it so. */
  outcome?: 'made' | 'found';
  nativeId?: string;
  observed?: Observed;
  /** With `rejected`, `busy` and `uncertain`. */
  error?: DriverFailure;
}

/** A job that goes on inside the array. */
export interface LongOperation {
  handle: string;
  percent: number;
  retryAfterSeconds: number;
  cancellable: boolean;
}

export interface BatchAnswer<Observed> {
  items: readonly ItemAnswer<Observed>[];
  operation?: LongOperation;
}

/** A volume whose creation is committed: all of it must still be true before anything destructive is done. */
export interface CommittedVolume {
  kind: 'committed';
  nativeId: string;
  expectedName: string;
  /** As the array told it when the volume was made. */
  createdAt: string;
  sizeBytes: number;
  poolNativeId: string;
}

/** A volume whose creation was planned and is not known to have happened. */
export interface PlannedVolume {
  kind: 'planned';
  name: string;
  poolNativeId: string;
  sizeBytes: number;
  provisioningType: ProvisioningType;
  /** An object of this name that is older was not made by the operation. */
  notBefore: string;
}

export type VolumeIdentity = CommittedVolume | PlannedVolume;

export interface VolumeIntent {
  ref: string;
  /** Unique, derived from our id; finds the volume again when an answer was lost. */
  name: string;
  systemNativeId: string;
  poolNativeId: string;
  /** A multiple of the pool's granularity; an unrounded size is refused. */
  sizeBytes: number;
  provisioningType: ProvisioningType;
}

export interface VolumeItem {
  ref: string;
  volume: VolumeIdentity;
}

export interface ExpandItem {
  ref: string;
  volume: CommittedVolume;
  newSizeBytes: number;
}

export interface ExportVolume {
  ref: string;
  volume: CommittedVolume;
  /** Wanted logical unit number; absent: the array's choice. */
  lun?: number;
  access: AccessMode;
  limits: MappingLimits;
}

export interface ExportInitiator {
  ref: string;
  type: InitiatorType;
  id: string;
  nodeName?: string;
  networkRef?: string;
}

export interface ExportHost {
  ref: string;
  name: string;
  osType: string;
  clusterRef?: string;
  addresses: readonly string[];
  initiators: readonly ExportInitiator[];
}

/** Every volume to every initiator of every host. */
export interface ExportIntent {
  volumes: readonly ExportVolume[];
  hosts: readonly ExportHost[];
  targets: { recommended: readonly string[]; available: readonly string[] };
  paths: { min: number; max: number; perInitiator: number };
  /** `exclusive`: refuse a volume that anybody else has mapped; `shared` and `cluster`: several hosts may have it. */
  mode: 'exclusive' | 'shared' | 'cluster';
}

/** How a host gets at an exported volume. */
export interface Connection {
  kind: InitiatorType;
  /** Where the volume appears on the host, such as `/dev/disk/by-id/…`. */
  devicePath?: string;
  uri?: string;
  attributes: Readonly<Record<string, string>>;
  /** Name of a secret the host needs; never the secret. */
  secretRef?: string;
}

export interface ObservedExport {
  volumeRef: string;
  initiatorRef: string;
  lun?: number;
  targets: readonly string[];
  access: AccessMode;
  limits: MappingLimits;
  connection: Connection;
}

/** `ref` names the pair of a volume and an initiator. */
export interface ExportPair {
  ref: string;
  volume: CommittedVolume;
  initiator: { type: InitiatorType; id: string };
}

export interface InventoryRequest {
  /** `physical`: systems, pools, ports, hosts. `volumes`: volumes and snapshots with their mappings, Patina's and others'. */
  scope: 'physical' | 'volumes';
  /** From the page before. */
  cursor?: string;
  /** Most objects of one page; a page is at most 4 MB of JSON. */
  limit: number;
}

export interface InventoryPage {
  systems: readonly StorageSystem[];
  pools: readonly StoragePool[];
  ports: readonly StoragePort[];
  hosts: readonly HostComponent[];
  volumes: readonly ObservedVolume[];
  /** Absent on the last page. */
  nextCursor?: string;
  /** True on the last page when the array's own counts prove that nothing was missed; only then may absence mean anything. */
  complete: boolean;
}

/** Of every driver. Reads only. */
export interface IdentityVerbs {
  /** Who answers; refuses (`array.identityChanged`) when it is not the pinned array. */
  identify(): Promise<ArrayIdentity>;
}

/** Reads only; calls to the array do not grow with the number of volumes. */
export interface DiscoveryVerbs {
  readInventory(request: InventoryRequest): Promise<InventoryPage>;
}

export interface VolumeVerbs {
  /**
   * Repeat: found under its name and equal to the intent → `done`, `found`; different → `rejected`, `object.foreign`.
   * Timeout or lost answer → `uncertain`; the next call finds it by name.
   */
  ensureVolumes(request: { items: readonly VolumeIntent[] }): Promise<BatchAnswer<ObservedVolume>>;
  /**
   * Absent → `done`, `found`. Never unmaps: a mapped volume is `rejected`, `object.inUse`. Reads first; another name, size, pool or
   * creation time than expected → `rejected`, `object.drifted` (`object.foreign` for a planned volume).
   */
  ensureVolumesAbsent(request: { items: readonly VolumeItem[] }): Promise<BatchAnswer<ObservedVolume>>;
  /** Reads only. Absent → `done` without `observed`. */
  readVolumes(request: { items: readonly VolumeItem[] }): Promise<BatchAnswer<ObservedVolume>>;
}

export interface ExpandVerbs {
  /** Already as large → `done`, `found`. Never shrinks. */
  expandVolumes(request: { items: readonly ExpandItem[] }): Promise<BatchAnswer<ObservedVolume>>;
}

export interface ExportVerbs {
  /**
   * Additive: never removes a mapping, listed or not. Mapped already with the same access → `found`; with another → `rejected`,
   * `object.inUse`. One item for each pair, volume by volume, its ref made by `pairRef`.
   */
  ensureExports(request: ExportIntent): Promise<BatchAnswer<ObservedExport>>;
  /** Removes exactly the listed pairs. Not mapped, or the volume is gone → `done`, `found`. */
  ensureExportsAbsent(request: { items: readonly ExportPair[] }): Promise<BatchAnswer<never>>;
  /** Reads only: the mappings of each volume. A volume that is gone → `done` without `observed`. */
  readExports(request: { items: readonly VolumeItem[] }): Promise<BatchAnswer<{ mappings: readonly VolumeMapping[] }>>;
}

/** What declaring a capability obliges a driver to implement. */
export interface CapabilityVerbs {
  discovery: DiscoveryVerbs;
  volume: VolumeVerbs;
  'volume.expand': ExpandVerbs;
  export: ExportVerbs;
}
export type Capability = keyof CapabilityVerbs;

export type AllVerbs = IdentityVerbs & CapabilityVerbs[Capability];
type Everything = IdentityVerbs & DiscoveryVerbs & VolumeVerbs & ExpandVerbs & ExportVerbs;
export type VerbName = keyof Everything;
export type VerbInput<V extends VerbName> = Parameters<Everything[V]>[0];
export type VerbOutput<V extends VerbName> = Awaited<ReturnType<Everything[V]>>;
