import type { ArrayState, VTree } from './model.ts';
import { membersOf, takeOut } from './tree.ts';

function finishMigration(array: ArrayState, vtree: VTree): void {
  const { migration } = vtree;
  if (migration === null) return;
  for (const volume of membersOf(array, vtree.id)) {
    if (volume.volumeType === 'Snapshot') continue;
    if (migration.conversion === 'ThickToThin') volume.volumeType = 'ThinProvisioned';
    if (migration.conversion === 'ThinToThick') volume.volumeType = 'ThickProvisioned';
  }
  vtree.poolId = migration.toPoolId;
  vtree.migration = null;
}

/** Ends the removals and migrations whose time has come. Called before every request and dump. */
export function settle(array: ArrayState): void {
  const nowMs = array.clock.nowMs();
  for (const volume of [...array.volumes.values()]) {
    if (volume.removalEndsAtMs !== null && volume.removalEndsAtMs <= nowMs) takeOut(array, volume);
  }
  for (const vtree of array.vtrees.values()) {
    if (vtree.migration !== null && vtree.migration.endsAtMs <= nowMs) finishMigration(array, vtree);
  }
}
