import { forgetIndex } from './array-index.ts';
import type { ArrayState, Migration, VTree } from './model.ts';
import { membersOf } from './tree.ts';

/** A graceful pause lets what is moving arrive: this part of the whole. */
const gracefulPart = 0.05;

const elapsedMs = (array: ArrayState, { stateSinceMs }: Migration) => array.clock.nowMs() - stateSinceMs;

/** How much was moved, as time of `totalMs`. */
function movedMs(array: ArrayState, migration: Migration): number {
  const { state, totalMs, movedMs: before } = migration;
  if (state === 'Paused') return before;
  const now = elapsedMs(array, migration);
  if (state === 'RollingBack') return Math.max(0, before - now);
  const most = state === 'GracefullyPausing' ? before + totalMs * gracefulPart : totalMs;
  return Math.min(totalMs, most, before + now);
}

export const percentOf = (array: ArrayState, migration: Migration): number =>
  migration.totalMs === 0 ? 100 : Math.floor((movedMs(array, migration) / migration.totalMs) * 100);

/** From now on in another state, with what was moved so far. */
export function enterState(array: ArrayState, migration: Migration, state: Migration['state']): void {
  Object.assign(migration, { state, movedMs: movedMs(array, migration), stateSinceMs: array.clock.nowMs() });
}

function arrive(array: ArrayState, vtree: VTree, { toPoolId, conversion }: Migration): void {
  for (const volume of membersOf(array, vtree.id)) {
    if (volume.volumeType === 'Snapshot') continue;
    if (conversion === 'ThickToThin') volume.volumeType = 'ThinProvisioned';
    if (conversion === 'ThinToThick') volume.volumeType = 'ThickProvisioned';
  }
  vtree.poolId = toPoolId;
  vtree.migration = null;
}

/** Ends, or pauses, the migration when its time has come. */
export function settleMigration(array: ArrayState, vtree: VTree): void {
  const { migration } = vtree;
  if (migration === null || migration.state === 'Paused') return;
  const moved = movedMs(array, migration);
  if (migration.state === 'RollingBack') {
    if (moved === 0) vtree.migration = null;
  } else if (moved >= migration.totalMs) arrive(array, vtree, migration);
  else if (migration.state === 'GracefullyPausing' && elapsedMs(array, migration) >= migration.totalMs * gracefulPart) {
    enterState(array, migration, 'Paused');
  }
  if (vtree.migration === null) forgetIndex(array);
}
