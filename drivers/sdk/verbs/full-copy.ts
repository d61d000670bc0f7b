import type { ObservedFullCopy } from '../model/protection.ts';
import type { BatchAnswer, CommittedVolume } from '../verbs.ts';
import type { CopyIdentity, RestoreItem } from './snapshot.ts';

export interface FullCopyIntent {
  ref: string;
  /** Unique, derived from our id; finds the copy again when an answer was lost. */
  name: string;
  source: CommittedVolume;
  /** Where the copy shall lie. Arrays whose copies cannot leave their source's pool refuse another (`request.invalid`). */
  poolNativeId: string;
}

export interface FullCopiesRequest {
  items: readonly FullCopyIntent[];
  /** Given: all show one moment, made in one effect or not at all; needs the capability `consistency-group`. */
  groupRef?: string;
}

export interface FullCopyItem {
  ref: string;
  copy: CopyIdentity;
}

export interface DetachItem {
  ref: string;
  copy: CommittedVolume;
}

export interface FullCopyVerbs {
  /**
   * Repeat: found under its name, made of this source, in this pool → `done`, `found`; otherwise → `rejected`, `object.foreign`; groups as
   * with `ensureSnapshots`. A copy that takes long is `inProgress` with `operation`; when the handle was lost, this verb called again gives it
   * anew. `observed.independent` says honestly whether blocks are shared. Refusals as with `ensureSnapshots`. Lost answer → `uncertain`.
   */
  ensureFullCopies(request: FullCopiesRequest): Promise<BatchAnswer<ObservedFullCopy>>;
  /** As `ensureVolumesAbsent`: absent → `done`, `found`; never unmaps; never removes source or descendants; reads first. */
  ensureFullCopiesAbsent(request: { items: readonly FullCopyItem[] }): Promise<BatchAnswer<ObservedFullCopy>>;
  /**
   * Ends what the array keeps up between copy and source, so that both live on by themselves. Already so → `done`, `found`, also on arrays that
   * keep nothing up. What still shares blocks goes on saying so: detaching does not make independent. Has no inverse.
   */
  detachFullCopies(request: { items: readonly DetachItem[] }): Promise<BatchAnswer<ObservedFullCopy>>;
}

export interface FullCopyRestoreVerbs {
  /** Gives the target the content of its full copy. Promises of `restoreVolumes`. */
  restoreFromFullCopies(request: { items: readonly RestoreItem[] }): Promise<BatchAnswer<never>>;
}
