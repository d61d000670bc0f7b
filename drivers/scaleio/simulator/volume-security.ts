import { flag, wholeNumber } from './body.ts';
import { badRequest, refuse } from './errors.ts';
import type { Json } from './json.ts';
import type { ArrayState, Volume } from './model.ts';
import { isExpired } from './policy-rounds.ts';
import { takeOut } from './tree.ts';

function requireAutoSnapshot(volume: Volume): void {
  if (volume.marks.snplIdOfAutoSnapshot === null) throw refuse('UNCONFIRMED_VOL_NOT_AUTO_SNAPSHOT');
}

/** A locked snapshot outlives its retention, until it is unlocked. */
export function lockAutoSnapshot(_array: ArrayState, volume: Volume): void {
  requireAutoSnapshot(volume);
  volume.marks = { ...volume.marks, lockedAutoSnapshot: true };
}

/** An expired snapshot goes when it is unlocked; the caller confirms that by `autoSnapshotWillBeRemoved`. */
export function unlockAutoSnapshot(array: ArrayState, volume: Volume, body: Json): void {
  requireAutoSnapshot(volume);
  if (!volume.marks.lockedAutoSnapshot) throw refuse('NOTHING_TO_DO');
  const goes = isExpired(volume);
  if (goes && !flag(body, 'autoSnapshotWillBeRemoved')) throw refuse('UNCONFIRMED_SNAPSHOT_WOULD_GO');
  volume.marks = { ...volume.marks, lockedAutoSnapshot: false };
  if (goes && volume.mappings.length === 0) takeOut(array, volume);
}

/** Only ever prolongs. */
export function setSnapshotSecurity(array: ArrayState, volume: Volume, body: Json): void {
  if (volume.volumeType !== 'Snapshot') throw refuse('UNCONFIRMED_VOL_NO_SNAPSHOT');
  const minutes = wholeNumber(body, 'retentionPeriodInMin');
  if (minutes === undefined || minutes === 0) throw badRequest('retentionPeriodInMin must be a positive whole number');
  const until = Math.floor(array.clock.nowMs() / 1000) + minutes * 60;
  if (until < volume.marks.secureSnapshotExpTime) throw refuse('UNCONFIRMED_RETENTION_SHORTENED');
  volume.marks = { ...volume.marks, secureSnapshotExpTime: until };
}
