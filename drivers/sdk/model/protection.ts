import type { AccessMode, ObservedVolume } from '../model.ts';

/** What a volume was at one moment. It may be a volume of the array's own kind; then it is listed among the volumes, as a snapshot. */
export interface ObservedSnapshot extends ObservedVolume {
  kind: 'snapshot';
  /** Whether its content may ever be changed. */
  access: AccessMode;
  /** Until then the array itself refuses to remove it. ISO 8601. */
  retainedUntil?: string;
}

/** A copy of a whole volume that hosts use like a volume (a clone). */
export interface ObservedFullCopy extends ObservedVolume {
  /** False while it shares blocks with its source: then both have one `sharedFateId`, and what moves or counts for one does for both. */
  independent: boolean;
  /** How much has been copied, 0 to 100; absent when the copy could be used at once. */
  copiedPercent?: number;
}

/** Snapshots, or full copies, that were taken at one moment. */
export interface ObservedGroup {
  groupNativeId: string;
  members: readonly ObservedVolume[];
}
