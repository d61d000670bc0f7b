import { devicesIn } from './array-index.ts';
import type { Absence, ArrayState, Device, Pool } from './model.ts';

/** Raw KiB of one pool by the state of their copies; rates in KiB per second. */
export interface Health {
  failed: number;
  /** Data with one copy: as much is lost as is left. */
  degraded: number;
  inMaintenance: number;
  semiProtected: number;
  unreachableUnused: number;
  fwdRebuild: number;
  bckRebuild: number;
  rebalance: number;
  fwdRebuildRate: number;
  bckRebuildRate: number;
  rebalanceRate: number;
}

interface Shares {
  /** Of the unit's data: without a second copy. */
  lost: number;
  rebalancing: number;
}

const none: Shares = { lost: 0, rebalancing: 0 };

const passed = (fromMs: number, toMs: number, seconds: number) =>
  seconds === 0 ? 1 : Math.min(1, Math.max(0, (toMs - fromMs) / (seconds * 1000)));

function sharesOf(array: ArrayState, absence: Absence | null, canRebuild: boolean): Shares {
  if (absence === null) return none;
  const { sinceMs, returnedAtMs } = absence;
  const { rebuildSeconds, rebalanceSeconds } = array.behaviour;
  const nowMs = array.clock.nowMs();
  const rebuilt = canRebuild ? passed(sinceMs, returnedAtMs ?? nowMs, rebuildSeconds) : 0;
  if (returnedAtMs === null) return { lost: 1 - rebuilt, rebalancing: 0 };
  const left = 1 - passed(returnedAtMs, nowMs, rebalanceSeconds);
  return { lost: (1 - rebuilt) * left, rebalancing: rebuilt * left };
}

interface Unit {
  sdsId: string;
  /** Of the pool's raw capacity. */
  part: number;
  away: boolean;
  returning: boolean;
  absence: Absence | null;
  maintenance: 'Instant' | 'Protected' | null;
}

function unitOf(array: ArrayState, device: Device, totalInKb: number): Unit {
  const sds = array.sdss.get(device.sdsId);
  const maintenance = sds?.maintenance ?? null;
  const absence = device.absence ?? sds?.absence ?? null;
  const away = absence !== null && absence.returnedAtMs === null;
  return {
    ...{ sdsId: device.sdsId, part: device.capacityInKb / totalInKb, absence, away },
    returning: absence !== null && !away,
    maintenance: maintenance !== null && maintenance.phase !== 'entering' ? maintenance.kind : null,
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Blocks whose both copies were on units that are away: the second copy lies anywhere but on the first one's SDS. */
function bothCopies(lostBySds: ReadonlyMap<string, number>): number {
  const lost = [...lostBySds.values()];
  return sum(lost.map((one, index) => sum(lost.map((other, at) => (at === index || one >= 1 ? 0 : (one * other) / (1 - one))))));
}

interface Space {
  inUse: number;
  unused: number;
}

const wholeMb = (sizeInKb: number) => Math.floor(sizeInKb / 1024) * 1024;

function canRebuild(units: readonly Unit[], { inUse, unused }: Space): boolean {
  const present = units.filter((unit) => !unit.away);
  const room = (inUse + unused) * sum(present.map(({ part }) => part));
  return new Set(present.map(({ sdsId }) => sdsId)).size >= 2 && room >= inUse;
}

interface Rated extends Unit, Shares {}

function lostBySds(units: readonly Rated[]): Map<string, number> {
  const lost = new Map<string, number>();
  for (const { sdsId, part, lost: share } of units) if (share > 0) lost.set(sdsId, (lost.get(sdsId) ?? 0) + part * share);
  return lost;
}

function ratesOf(array: ArrayState, units: readonly Rated[], inUse: number) {
  const { rebuildSeconds, rebalanceSeconds } = array.behaviour;
  const per = (working: readonly Unit[], seconds: number) =>
    seconds === 0 ? 0 : Math.floor((inUse * sum(working.map(({ part }) => part))) / seconds);
  return {
    fwdRebuildRate: per(
      units.filter((unit) => unit.away && unit.lost > 0 && unit.lost < 1),
      rebuildSeconds,
    ),
    bckRebuildRate: per(
      units.filter((unit) => unit.returning && unit.lost > 0),
      rebalanceSeconds,
    ),
    rebalanceRate: per(
      units.filter((unit) => unit.rebalancing > 0),
      rebalanceSeconds,
    ),
  };
}

function workOf(units: readonly Rated[], rebuilds: boolean, inUse: number) {
  const lostOf = (matches: (unit: Rated) => boolean) => wholeMb(inUse * sum(units.filter(matches).map(({ part, lost }) => part * lost)));
  return {
    fwdRebuild: rebuilds ? lostOf(({ away }) => away) : 0,
    bckRebuild: lostOf(({ returning }) => returning),
    rebalance: wholeMb(inUse * sum(units.map(({ part, rebalancing }) => part * rebalancing))),
  };
}

/** What lost units, rebuilds and maintenance make of a pool's capacity. */
export function healthOf(array: ArrayState, pool: Pool, { inUse, unused }: Space): Health {
  const devices = devicesIn(array, pool.id);
  const total = sum(devices.map(({ capacityInKb }) => capacityInKb));
  const units = devices.map((device) => unitOf(array, device, total));
  const rebuilds = canRebuild(units, { inUse, unused });
  const rated = units.map((unit) => ({ ...unit, ...sharesOf(array, unit.absence, rebuilds) }));
  const lost = lostBySds(rated);
  const failedShare = Math.min(1, bothCopies(lost));
  const maintained = (kind: Unit['maintenance']) => sum(units.filter(({ maintenance }) => maintenance === kind).map(({ part }) => part));
  return {
    failed: wholeMb(inUse * failedShare),
    degraded: wholeMb(inUse * Math.max(0, Math.min(sum([...lost.values()]) - failedShare, (1 - failedShare) / 2))),
    inMaintenance: wholeMb(inUse * (maintained('Instant') + maintained('Protected'))),
    semiProtected: wholeMb(inUse * maintained('Instant')),
    unreachableUnused: wholeMb(unused * sum(units.filter(({ away }) => away).map(({ part }) => part))),
    ...workOf(rated, rebuilds, inUse),
    ...ratesOf(array, rated, inUse),
  };
}
