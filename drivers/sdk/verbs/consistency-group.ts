import type { ObservedGroup } from '../model/protection.ts';
import type { BatchAnswer, CommittedVolume } from '../verbs.ts';
import type { CopyIdentity, RestoreItem } from './snapshot.ts';

/** Snapshots, or full copies, made by one call with `groupRef`. The caller lists every member. */
export interface GroupItem {
  ref: string;
  copiesAre: 'snapshots' | 'fullCopies';
  /** As the array told it; absent while the making is only planned. */
  groupNativeId?: string;
  members: readonly GroupMember[];
}

export interface GroupMember {
  ref: string;
  copy: CopyIdentity;
}

export interface GroupDetachItem {
  ref: string;
  groupNativeId: string;
  members: readonly { ref: string; copy: CommittedVolume }[];
}

export interface GroupRestoreItem {
  ref: string;
  groupNativeId: string;
  members: readonly RestoreItem[];
}

/**
 * Declaring this also lets `ensureSnapshots` and `ensureFullCopies` take a `groupRef`. Each item is a group, and a group is one unit: every
 * member is checked before the first effect, and one that may not be touched refuses the group. After an effect a failure is `uncertain`;
 * the verb called again goes on with the members that are left.
 */
export interface ConsistencyGroupVerbs {
  /** Reads only: the members that are there. None → `done` without `observed`. */
  readGroups(request: { items: readonly GroupItem[] }): Promise<BatchAnswer<ObservedGroup>>;
  /**
   * Removes the listed members one by one, or at once where the array can remove exactly them; never a member that is not listed. All absent
   * → `done`, `found`; some absent → the rest is removed. Refusals as with `ensureSnapshotsAbsent`.
   */
  ensureGroupsAbsent(request: { items: readonly GroupItem[] }): Promise<BatchAnswer<ObservedGroup>>;
  /** `detachFullCopies` of all members. */
  detachGroups(request: { items: readonly GroupDetachItem[] }): Promise<BatchAnswer<ObservedGroup>>;
  /** `restoreVolumes` of all members. The members' targets may show different moments until the group is `done`. */
  restoreGroups(request: { items: readonly GroupRestoreItem[] }): Promise<BatchAnswer<ObservedGroup>>;
}
