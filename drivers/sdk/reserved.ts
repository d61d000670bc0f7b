import type { AccessMode, InitiatorType, ProvisioningType } from './model.ts';
import type { BatchAnswer, CommittedVolume } from './verbs.ts';

/**
 * Families whose names and shapes are settled so that drivers and callers can grow towards them. Nothing calls them and no driver may declare
 * them: a request for one of their verbs is refused as an unknown verb. A family leaves this file together with its wire schemas
 * and its conformance cases. Promises common to all verbs hold: absolute, idempotent, looking first, one answer per item.
 */
export interface ReservedFamilies {
  'export.qos': MappingQosVerbs;
  move: MoveVerbs;
  copy: CopyVerbs;
  trash: TrashVerbs;
  mirror: MirrorVerbs;
  replication: ReplicationVerbs;
  'file-system': FileSystemVerbs;
  bucket: BucketVerbs;
  fabric: FabricVerbs;
  compute: ComputeVerbs;
  'device-action': DeviceActionVerbs;
  'managed-objects': ManagedObjectsVerbs;
}

interface NamedItem {
  ref: string;
  nativeId: string;
  expectedName: string;
}

/** Floors and bursts of a single mapping, beyond the ceilings that `export` and `volume.qos` set. */
export interface MappingQosVerbs {
  ensureMappingQos(request: {
    items: readonly {
      ref: string;
      volume: CommittedVolume;
      initiator: { type: InitiatorType; id: string };
      minIops?: number;
      maxIops?: number;
      burstIops?: number;
      burstSeconds?: number;
      maxLatencyMicroseconds?: number;
    }[];
  }): Promise<BatchAnswer<never>>;
}

/** Moves a volume to another system or array by means of the arrays alone, keeping its identity towards hosts. */
export interface MoveVerbs {
  /** Reads only: whether these arrays can, and if not, why. */
  canMove(request: MoveRequest): Promise<{ can: boolean; reasons: readonly string[]; disruptive: boolean }>;
  moveVolumes(request: { items: readonly MoveRequest[] }): Promise<BatchAnswer<never>>;
}

export interface MoveRequest {
  ref: string;
  volume: CommittedVolume;
  target: { arrayId: string; systemNativeId: string; poolNativeId: string; provisioningType: ProvisioningType };
}

/** Content as a stream of extents, for copies between arrays that know nothing of each other. Offsets and lengths in bytes. */
export interface CopyVerbs {
  /** Reads only: which of the ways below this array offers for this volume. */
  canCopy(request: { volume: CommittedVolume }): Promise<{ read: boolean; write: boolean; changedBlocks: boolean; extentBytes: number }>;
  /** Extents that are written; with `sinceSnapshot` only those that differ from it. */
  changedBlocks(request: {
    snapshot: CommittedVolume;
    sinceSnapshot?: CommittedVolume;
    cursor?: string;
    limit: number;
  }): Promise<{ extents: readonly { offsetBytes: number; lengthBytes: number }[]; nextCursor?: string }>;
  /** Where a transfer may read or write for a while; data never travels through this contract. */
  openTransfer(request: { volume: CommittedVolume; direction: 'read' | 'write'; seconds: number }): Promise<{
    handle: string;
    uri: string;
    secretRef: string;
    expiresAt: string;
  }>;
  closeTransfer(request: { handle: string }): Promise<void>;
}

/** Removal that can be taken back until the array's or the caller's retention ends. */
export interface TrashVerbs {
  trashVolumes(request: { items: readonly { ref: string; volume: CommittedVolume; keepUntil: string }[] }): Promise<BatchAnswer<never>>;
  restoreFromTrash(request: { items: readonly { ref: string; volume: CommittedVolume }[] }): Promise<BatchAnswer<never>>;
  readTrash(request: { cursor?: string; limit: number }): Promise<{
    items: readonly { volume: CommittedVolume; trashedAt: string; keepUntil: string }[];
    nextCursor?: string;
  }>;
}

/** Continuous copies inside one array. */
export interface MirrorVerbs {
  ensureMirrors(request: {
    items: readonly { ref: string; name: string; source: CommittedVolume; poolNativeId: string }[];
  }): Promise<BatchAnswer<never>>;
  ensureMirrorsAbsent(request: { items: readonly { ref: string; mirror: CommittedVolume }[] }): Promise<BatchAnswer<never>>;
  changeMirrors(request: {
    items: readonly { ref: string; mirror: CommittedVolume; to: 'paused' | 'running' | 'fractured' | 'promoted' }[];
  }): Promise<BatchAnswer<never>>;
}

/** Continuous copies on another array: peers, pairs of volumes, and groups of pairs that fail over together. */
export interface ReplicationVerbs {
  readPeers(request: { cursor?: string; limit: number }): Promise<{
    peers: readonly { nativeId: string; arrayId: string; name: string; connected: boolean; modes: readonly ('sync' | 'async')[] }[];
    nextCursor?: string;
  }>;
  ensureGroups(request: {
    items: readonly { ref: string; name: string; peerNativeId: string; mode: 'sync' | 'async'; rpoSeconds?: number }[];
  }): Promise<BatchAnswer<never>>;
  ensurePairs(request: {
    items: readonly { ref: string; groupNativeId: string; source: CommittedVolume; target: CommittedVolume }[];
  }): Promise<BatchAnswer<never>>;
  ensurePairsAbsent(request: { items: readonly NamedItem[] }): Promise<BatchAnswer<never>>;
  /** `swap` and `failBack` need both sides; `failOver` is what remains when only the target answers. */
  operateLinks(request: {
    items: readonly {
      ref: string;
      groupNativeId: string;
      to: 'running' | 'paused' | 'split' | 'failOver' | 'failBack' | 'swap' | 'test';
    }[];
  }): Promise<BatchAnswer<never>>;
}

export interface FileSystemVerbs {
  ensureFileSystems(request: {
    items: readonly { ref: string; name: string; poolNativeId: string; sizeBytes: number; provisioningType: ProvisioningType }[];
  }): Promise<BatchAnswer<never>>;
  ensureFileSystemsAbsent(request: { items: readonly NamedItem[] }): Promise<BatchAnswer<never>>;
  ensureShares(request: {
    items: readonly {
      ref: string;
      fileSystemNativeId: string;
      path: string;
      protocol: 'nfs' | 'cifs';
      clients: readonly { address: string; access: AccessMode; root: boolean }[];
    }[];
  }): Promise<BatchAnswer<never>>;
  ensureSharesAbsent(request: { items: readonly NamedItem[] }): Promise<BatchAnswer<never>>;
  ensureQuotas(request: {
    items: readonly { ref: string; fileSystemNativeId: string; path: string; hardBytes: number; softBytes?: number }[];
  }): Promise<BatchAnswer<never>>;
}

export interface BucketVerbs {
  ensureBuckets(request: {
    items: readonly { ref: string; name: string; poolNativeId: string; quotaBytes?: number }[];
  }): Promise<BatchAnswer<never>>;
  /** Never removes objects: a bucket that holds any is `object.inUse`. */
  ensureBucketsAbsent(request: { items: readonly NamedItem[] }): Promise<BatchAnswer<never>>;
}

/** Of a driver whose "array" is a switch fabric. */
export interface FabricVerbs {
  readFabrics(request: { cursor?: string; limit: number }): Promise<{
    fabrics: readonly { nativeId: string; name: string; endpoints: readonly string[] }[];
    nextCursor?: string;
  }>;
  ensureZones(request: {
    items: readonly { ref: string; fabricNativeId: string; name: string; members: readonly string[] }[];
  }): Promise<BatchAnswer<never>>;
  /** Removes exactly the listed zones, and only with the listed members. */
  ensureZonesAbsent(request: {
    items: readonly { ref: string; fabricNativeId: string; name: string; members: readonly string[] }[];
  }): Promise<BatchAnswer<never>>;
}

/** Of a driver whose "array" is a compute system: makes volumes visible inside its hosts. */
export interface ComputeVerbs {
  readHosts(request: { cursor?: string; limit: number }): Promise<{
    hosts: readonly { nativeId: string; name: string; osType: string; clusterNativeId?: string; initiators: readonly string[] }[];
    nextCursor?: string;
  }>;
  attachVolumes(request: {
    items: readonly { ref: string; hostNativeId: string; wwn: string; access: AccessMode }[];
  }): Promise<BatchAnswer<never>>;
  detachVolumes(request: { items: readonly { ref: string; hostNativeId: string; wwn: string }[] }): Promise<BatchAnswer<never>>;
}

/** What only one kind of device can do, with a form of its own. */
export interface DeviceActionVerbs {
  /** Reads only. `input`: JSON Schema of what `runDeviceAction` takes. */
  deviceActions(request: {
    nativeId?: string;
  }): Promise<
    readonly { action: string; title: string; description: string; destructive: boolean; input: Readonly<Record<string, unknown>> }[]
  >;
  runDeviceAction(request: {
    items: readonly { ref: string; action: string; nativeId: string; input: unknown }[];
  }): Promise<BatchAnswer<never>>;
}

/** What carries this installation's mark, whether or not anything here remembers it. */
export interface ManagedObjectsVerbs {
  /** Reads only. */
  listManagedObjects(request: { namePrefix: string; cursor?: string; limit: number }): Promise<{
    objects: readonly { type: 'volume' | 'snapshot' | 'host' | 'group'; nativeId: string; name: string; createdAt: string }[];
    nextCursor?: string;
    complete: boolean;
  }>;
}
