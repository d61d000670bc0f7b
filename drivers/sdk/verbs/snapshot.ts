import type { ObservedSnapshot } from '../model/protection.ts';
import type { AccessMode } from '../model.ts';
import type { BatchAnswer, CommittedVolume } from '../verbs.ts';

export interface SnapshotIntent {
  ref: string;
  /** Unique, derived from our id; finds the snapshot again when an answer was lost. */
  name: string;
  source: CommittedVolume;
  access: AccessMode;
}

export interface SnapshotsRequest {
  items: readonly SnapshotIntent[];
  /**
   * Given: all of them are taken at one moment, in one effect on the array, or none. Its value only names the group in logs; needs the
   * capability `consistency-group`. Absent: each stands for itself.
   */
  groupRef?: string;
}

/** A snapshot, or a full copy, whose making was planned and is not known to have happened. */
export interface PlannedCopy {
  kind: 'planned';
  name: string;
  sourceNativeId: string;
  poolNativeId: string;
  sizeBytes: number;
  /** An object of this name that is older was not made by the operation. ISO 8601. */
  notBefore: string;
}

export type CopyIdentity = CommittedVolume | PlannedCopy;

export interface SnapshotItem {
  ref: string;
  snapshot: CopyIdentity;
}

/** The source is a snapshot or a full copy of the target. */
export interface RestoreItem {
  ref: string;
  target: CommittedVolume;
  source: CommittedVolume;
}

export interface SnapshotVerbs {
  /**
   * Repeat: found under its name, taken of this source, with this access → `done`, `found`; otherwise → `rejected`, `object.foreign`.
   * With `groupRef` what is found counts only if it is the whole group, under one `groupNativeId`; anything between is
   * `rejected`, `object.foreign`, for every item, and nothing is taken.
   * A source that is gone → `object.missing`; not the recorded one → `object.drifted`; managed elsewhere → `object.foreign`; full →
   * `limit.exceeded` or `space.exhausted`. Timeout or lost answer → `uncertain`; the next call finds them by name.
   */
  ensureSnapshots(request: SnapshotsRequest): Promise<BatchAnswer<ObservedSnapshot>>;
  /**
   * Absent → `done`, `found`. Removes the snapshot alone, never its source or what was made of it. Never unmaps: a mapped one is
   * `rejected`, `object.inUse`; so is a planned one of which something was made. Reads first; another name, size, pool or time of creation
   * than recorded → `object.drifted` (`object.foreign` for a planned one). Half done or lost → `uncertain`; the next call looks.
   */
  ensureSnapshotsAbsent(request: { items: readonly SnapshotItem[] }): Promise<BatchAnswer<ObservedSnapshot>>;
  /** Reads only. Absent → `done` without `observed`. */
  readSnapshots(request: { items: readonly SnapshotItem[] }): Promise<BatchAnswer<ObservedSnapshot>>;
}

export interface SnapshotRestoreVerbs {
  /**
   * Gives the target the content of its snapshot; the snapshot stays. Repeat: restores again, which is the same as once while nobody writes:
   * the caller keeps the target out of use until `done`, `made`. Refused, before any effect, while anything has the target mapped
   * read-write (`object.inUse`), when the sizes differ or the snapshot is not of the target's tree (`request.invalid`), when either is
   * not the recorded one (`object.drifted`) or gone (`object.missing`). Has no inverse. Lost answer → `uncertain`; call again.
   */
  restoreVolumes(request: { items: readonly RestoreItem[] }): Promise<BatchAnswer<never>>;
}
