import { GatewayError } from './errors.ts';
import type { ArrayState, SnapshotPolicy, Volume } from './model.ts';
import { takeSnapshots } from './snapshots.ts';
import { takeOut } from './tree.ts';
import { noMarks } from './volume-create.ts';

export const sourcesOf = (array: ArrayState, { id }: SnapshotPolicy): Volume[] =>
  [...array.volumes.values()].filter(({ marks }) => marks.snplIdOfSourceVolume === id);

export const snapshotsOf = (array: ArrayState, { id }: SnapshotPolicy): Volume[] =>
  [...array.volumes.values()].filter(({ marks }) => marks.snplIdOfAutoSnapshot === id);

/** Nothing of its policy keeps it any longer. */
export const isExpired = ({ marks }: Volume): boolean => marks.retentionLevels.length === 0;

/** Every round is kept by the first level; each next level keeps the first round of what the level before it reaches back. */
function levelsOf(round: number, retained: readonly number[]): number[] {
  let period = 1;
  return retained.flatMap((keep, index) => {
    const keeps = round % period === 0;
    period *= keep;
    return keeps ? [index + 1] : [];
  });
}

function isHeld(array: ArrayState, { marks, mappings }: Volume): boolean {
  return marks.lockedAutoSnapshot || mappings.length > 0 || marks.secureSnapshotExpTime * 1000 > array.clock.nowMs();
}

/** Snapshots that no level keeps go; those that are locked, secure or mapped stay, expired. */
function prune(array: ArrayState, policy: SnapshotPolicy): void {
  const bySource = Map.groupBy(snapshotsOf(array, policy), ({ ancestorVolumeId }) => ancestorVolumeId);
  for (const snapshots of bySource.values()) {
    for (const [index, keep] of policy.retained.entries()) {
      const ofLevel = snapshots.filter(({ marks }) => marks.retentionLevels.includes(index + 1));
      for (const { marks } of ofLevel.slice(0, -keep)) marks.retentionLevels = marks.retentionLevels.filter((level) => level !== index + 1);
    }
    for (const snapshot of snapshots) if (isExpired(snapshot) && !isHeld(array, snapshot)) takeOut(array, snapshot);
  }
}

function takeRound(array: ArrayState, policy: SnapshotPolicy): void {
  const atMs = policy.nextAtMs;
  const sources = sourcesOf(array, policy);
  policy.nextAtMs += policy.cadenceInMinutes * 60_000;
  if (sources.length === 0) return;
  const retentionLevels = levelsOf(policy.rounds, policy.retained);
  const lifeSeconds = policy.cadenceInMinutes * 60 * policy.retained.reduce((product, keep) => product * keep, 1);
  const secureSnapshotExpTime = policy.secureSnapshots ? Math.floor(atMs / 1000) + lifeSeconds : 0;
  const wanted = sources.map((source) => ({ source, name: null }));
  takeSnapshots(array, wanted, {
    accessModeLimit: policy.snapshotAccessMode,
    takenAtMs: atMs,
    marks: (autoSnapshotGroupId) => ({
      ...{ ...noMarks, autoSnapshotGroupId, secureSnapshotExpTime },
      ...{ snplIdOfAutoSnapshot: policy.id, retentionLevels: [...retentionLevels] },
    }),
  });
  policy.rounds += 1;
  policy.lastAtMs = atMs;
  prune(array, policy);
}

function settlePolicy(array: ArrayState, policy: SnapshotPolicy): void {
  while (policy.state === 'Active' && policy.nextAtMs <= array.clock.nowMs()) {
    const atMs = policy.nextAtMs;
    try {
      takeRound(array, policy);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      policy.failures += 1;
      policy.lastFailureAtMs = atMs;
    }
  }
}

/** Takes the snapshots that are due. A round that the array refuses is counted as a failure; the next one is tried in its turn. */
export function settlePolicies(array: ArrayState): void {
  for (const policy of array.policies.values()) settlePolicy(array, policy);
}
