import { refuse } from './errors.ts';
import type { ArrayState, Maintenance, Sds } from './model.ts';

const othersIn = (array: ArrayState, sds: Sds) =>
  [...array.sdss.values()].filter((other) => other.domainId === sds.domainId && other.id !== sds.id);

/** One SDS of a domain at a time, and only while the others hold all they should. */
function enter(kind: Maintenance['kind']) {
  return (array: ArrayState, sds: Sds): void => {
    if (sds.maintenance !== null) throw refuse('UNCONFIRMED_SDS_IN_MAINTENANCE');
    if (!sds.connected) throw refuse('UNCONFIRMED_SDS_DISCONNECTED');
    const busy = othersIn(array, sds).some((other) => other.maintenance !== null || other.absence !== null);
    if (busy) throw refuse('UNCONFIRMED_SDS_NOT_REDUNDANT');
    sds.maintenance = { kind, phase: 'entering', phaseEndsAtMs: array.clock.nowMs() + array.behaviour.maintenanceSeconds * 1000 };
    settleMaintenance(array, sds);
  };
}

function exit(kind: Maintenance['kind']) {
  return (array: ArrayState, sds: Sds): void => {
    if (sds.maintenance?.kind !== kind || sds.maintenance.phase === 'exiting') throw refuse('UNCONFIRMED_SDS_NOT_IN_MAINTENANCE');
    if (!sds.connected) throw refuse('UNCONFIRMED_SDS_DISCONNECTED');
    sds.maintenance = { kind, phase: 'exiting', phaseEndsAtMs: array.clock.nowMs() + array.behaviour.maintenanceSeconds * 1000 };
    settleMaintenance(array, sds);
  };
}

export const enterInstant = enter('Instant');
export const exitInstant = exit('Instant');
export const enterProtected = enter('Protected');
export const exitProtected = exit('Protected');

export function settleMaintenance(array: ArrayState, sds: Sds): void {
  const { maintenance } = sds;
  if (maintenance === null || maintenance.phase === 'in' || maintenance.phaseEndsAtMs > array.clock.nowMs()) return;
  if (maintenance.phase === 'entering') maintenance.phase = 'in';
  else sds.maintenance = null;
}

/** In maintenance an SDS may go and come without its data being missed. */
export function setConnection(array: ArrayState, sds: Sds, connected: boolean): void {
  if (sds.connected === connected) return;
  sds.connected = connected;
  if (sds.maintenance !== null) return;
  const nowMs = array.clock.nowMs();
  if (!connected) sds.absence = { sinceMs: nowMs, returnedAtMs: null };
  else if (sds.absence !== null) sds.absence.returnedAtMs = nowMs;
}
