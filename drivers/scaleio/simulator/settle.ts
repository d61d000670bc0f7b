import { forgetIndex } from './array-index.ts';
import { settleMaintenance } from './maintenance.ts';
import { settleMdm } from './mdm.ts';
import { settleMigration } from './migration.ts';
import type { Absence, ArrayState } from './model.ts';
import { settlePolicies } from './policy-rounds.ts';
import { takeOut } from './tree.ts';

const isOver = (array: ArrayState, absence: Absence | null): boolean =>
  absence !== null &&
  absence.returnedAtMs !== null &&
  absence.returnedAtMs + array.behaviour.rebalanceSeconds * 1000 <= array.clock.nowMs();

function settleUnits(array: ArrayState): void {
  for (const sds of array.sdss.values()) {
    settleMaintenance(array, sds);
    if (isOver(array, sds.absence)) sds.absence = null;
  }
  for (const device of array.devices.values()) if (isOver(array, device.absence)) device.absence = null;
}

/** Brings about what the clock brings: removals, migrations, snapshots of policies, returns. Called before every request and dump. */
export function settle(array: ArrayState): void {
  forgetIndex(array);
  const nowMs = array.clock.nowMs();
  for (const volume of array.volumes.values()) {
    if (volume.removalEndsAtMs !== null && volume.removalEndsAtMs <= nowMs) takeOut(array, volume);
  }
  for (const vtree of array.vtrees.values()) settleMigration(array, vtree);
  settleUnits(array);
  settleMdm(array);
  settlePolicies(array);
}
