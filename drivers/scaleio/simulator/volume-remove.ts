import { choice } from './body.ts';
import { refuse } from './errors.ts';
import type { Json } from './json.ts';
import type { ArrayState, Volume } from './model.ts';
import { descendantsOf, membersOf, takeOut } from './tree.ts';

const removeModes = ['ONLY_ME', 'INCLUDING_DESCENDANTS', 'DESCENDANTS_ONLY', 'WHOLE_VTREE'] as const;
type RemoveMode = (typeof removeModes)[number];

const chosenBy: Record<RemoveMode, (array: ArrayState, volume: Volume) => Volume[]> = {
  ONLY_ME: (_array, volume) => [volume],
  INCLUDING_DESCENDANTS: (array, volume) => [volume, ...descendantsOf(array, volume)],
  DESCENDANTS_ONLY: descendantsOf,
  WHOLE_VTREE: (array, volume) => membersOf(array, volume.vtreeId),
};

function requireRemovable(array: ArrayState, volume: Volume): void {
  if (volume.removalEndsAtMs !== null) throw refuse('VOL_REMOVE_IN_PROGRESS');
  if (volume.mappings.length > 0 || volume.marks.mappingToAllSdcsEnabled) throw refuse('VOL_MAPPED');
  const secure = volume.marks.secureSnapshotExpTime * 1000 > array.clock.nowMs();
  if (secure || volume.marks.lockedAutoSnapshot) throw refuse('UNCONFIRMED_VOL_LOCKED');
  if (volume.marks.replicationJournalVolume || volume.marks.volumeReplicationState !== 'UnmarkedForReplication')
    throw refuse('UNCONFIRMED_VOL_REPLICATED');
}

/** Removes all of them or none. With `removalSeconds` they stay visible, and in removal, for that long. */
export function removeAll(array: ArrayState, volumes: readonly Volume[]): void {
  for (const volume of volumes) requireRemovable(array, volume);
  const { removalSeconds } = array.behaviour;
  for (const volume of volumes) {
    if (removalSeconds > 0) volume.removalEndsAtMs = array.clock.nowMs() + removalSeconds * 1000;
    else takeOut(array, volume);
  }
}

export function removeVolume(array: ArrayState, volume: Volume, body: Json): void {
  const mode = choice(body, { key: 'removeMode', from: removeModes, absent: 'ONLY_ME' });
  removeAll(array, chosenBy[mode](array, volume));
}
