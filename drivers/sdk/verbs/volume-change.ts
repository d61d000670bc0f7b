import type { InitiatorType, MappingLimits, ObservedVolume, ProvisioningType } from '../model.ts';
import type { BatchAnswer, CommittedVolume } from '../verbs.ts';

export interface RenameItem {
  ref: string;
  volume: CommittedVolume;
  newName: string;
}

export interface RenameVerbs {
  /**
   * Known by its id, of the recorded size, pool and time of creation, and named as recorded or already `newName` (→ `done`, `found`);
   * otherwise `object.drifted`, gone → `object.missing`. A name that another object has → `object.foreign`. Lost answer → `uncertain`; call
   * again.
   */
  renameVolumes(request: { items: readonly RenameItem[] }): Promise<BatchAnswer<ObservedVolume>>;
}

export interface VolumeLimitsItem {
  ref: string;
  volume: CommittedVolume;
  /** Absolute: what is absent is unlimited from then on. */
  limits: MappingLimits;
  /**
   * Where limits belong to a mapping (`limits.per` of the capability is `mapping`): whose mappings get them, and no other's. Arrays that limit
   * the volume as a whole ignore it.
   */
  initiators: readonly { type: InitiatorType; id: string }[];
}

export interface QosVerbs {
  /**
   * Already so → `done`, `found`. A limit the array cannot keep exactly → `request.invalid`, never rounded. A listed initiator without a
   * mapping → `object.missing`. Half done → `uncertain`; call again.
   */
  ensureVolumeLimits(request: { items: readonly VolumeLimitsItem[] }): Promise<BatchAnswer<ObservedVolume>>;
}

export interface MigrationItem {
  ref: string;
  volume: CommittedVolume;
  targetPoolNativeId: string;
  /** Absent: as it is. */
  provisioningType?: ProvisioningType;
  /** Native ids of everything else that the caller knows to move with it: the members of its `sharedFateId`. */
  movesWith: readonly string[];
}

export interface MigrationVerbs {
  /**
   * Moves volumes between pools of one array while hosts go on. In the target pool already → `done`, `found`; under way →
   * `inProgress` with `operation`, also for who lost the handle; ended → `done`, `made`. Something shares its fate and is not
   * listed → `object.inUse`; no room → `space.exhausted`; the array is not healthy enough → `array.busy`. Has no inverse but a move back. Cancelled: what has
   * arrived stays, the rest goes back.
   */
  migrateVolumes(request: { items: readonly MigrationItem[] }): Promise<BatchAnswer<ObservedVolume>>;
}

export interface AdoptItem {
  ref: string;
  volume: CommittedVolume;
  /** Absent: it keeps its name. */
  newName?: string;
}

export interface ReleaseItem {
  ref: string;
  volume: CommittedVolume;
  /** Absent: it keeps its name. */
  newName?: string;
}

export interface AdoptVerbs {
  /**
   * Takes a volume that somebody else made into management. Refuses what may not be managed (`object.foreign`, with the reason in
   * `facts.reason`) or is not what was seen (`object.drifted`). Content and mappings stay. Already so → `done`, `found`.
   */
  adoptVolumes(request: { items: readonly AdoptItem[] }): Promise<BatchAnswer<ObservedVolume>>;
  /** The inverse: whatever mark the array keeps is taken off. Content and mappings stay. Gone → `done`, `found`. */
  releaseVolumes(request: { items: readonly ReleaseItem[] }): Promise<BatchAnswer<ObservedVolume>>;
}
