import type { DriverFailure } from './errors.ts';
import type { CapabilityInstance } from './model/capability.ts';
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
 * The verbs. All are absolute and idempotent: look, then act; already so is success (`done`, `found`). Inputs are never mutated.
 * - Repeat: a verb may be called again at any time, with the same input, by another process, and at once with itself.
 * - Half done: each item stands for itself; one that fails leaves the others alone. A batch answers for each item, in the order asked; the
 *   verb throws only when nothing can be said of any item (no session, wrong array). `settle` turns an answer into one verdict.
 * - Timeout: a verb stops starting items when `deadline` is near and answers those as `inProgress`. A call whose answer is lost after it may
 *   have had its effect is `uncertain`, never `rejected`; calling again looks first and finds what was done.
 * - Long jobs inside the array are `inProgress`, with `operation`; a lost handle is found again by calling the verb.
 */

/**
 * One item's answer. `done`: it is as asked. `inProgress`: not yet, call again. `rejected`: nothing was changed by this item and calling again
 * will not help. `busy`: nothing was changed, later may help. `uncertain`: not known; call again, which looks. `ref` is the caller's name for it, taken from
 * the request.
 */
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
  /** Most objects of one page, whatever their kinds; a page is at most 4 MB of JSON. */
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
  /** On physical pages: where a system, pool or port differs from the array as a whole. */
  capabilities?: readonly CapabilityInstance[];
}

/** Of every driver. Reads only. */
export interface IdentityVerbs {
  /**
   * Who answers; refuses (`array.identityChanged`) when it is not the pinned array. Its `version` decides which capabilities this array has, so
   * that it is asked before verbs of capabilities that came with a version: it costs a session at most a few calls once.
   */
  identify(): Promise<ArrayIdentity>;
}

/** Reads only; calls to the array do not grow with the number of volumes. */
export interface DiscoveryVerbs {
  /**
   * One page, of either scope; every object stands on one page only, in whatever order. A cursor is good for any process as long as the array
   * stands still; one that was not given out is `request.invalid`. What changes between two pages may be told or not, but then the last page is
   * not `complete`. Objects that cannot be understood are left out, and then neither is it.
   */
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
  /**
   * Already as large → `done`, `found`. Never shrinks. Gone → `object.missing`; not the recorded one, but for having grown →
   * `object.drifted`; an unrounded size → `request.invalid`; no room → `space.exhausted`. Has no inverse. Lost answer → `uncertain`.
   */
  expandVolumes(request: { items: readonly ExpandItem[] }): Promise<BatchAnswer<ObservedVolume>>;
}

export interface ExportVerbs {
  /**
   * Additive: never removes a mapping, listed or not. Mapped already with the same access → `found`; with another → `rejected`,
   * `object.inUse`. A volume that is gone → `object.missing`, that is not the recorded one → `object.drifted`, that others manage →
   * `object.foreign`; an initiator the array does not know → `rejected`. Limits are set with the mapping. One item for each pair, volume
   * by volume, its ref made by `pairRef`. Lost answer → `uncertain`; the next call finds the mapping.
   */
  ensureExports(request: ExportIntent): Promise<BatchAnswer<ObservedExport>>;
  /**
   * Removes exactly the listed pairs. Not mapped, or the volume is gone → `done`, `found`; not the recorded volume → `object.drifted`. Lost
   * answer → `uncertain`.
   */
  ensureExportsAbsent(request: { items: readonly ExportPair[] }): Promise<BatchAnswer<never>>;
  /** Reads only: the mappings of each volume. A volume that is gone → `done` without `observed`. */
  readExports(request: { items: readonly VolumeItem[] }): Promise<BatchAnswer<{ mappings: readonly VolumeMapping[] }>>;
}
