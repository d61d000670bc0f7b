import { choice, flag, hexId, requiredText, text, wholeNumber } from './body.ts';
import { badRequest, refuse } from './errors.ts';
import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import { linksOf } from './links.ts';
import type { ArrayState, SnapshotPolicy, Volume } from './model.ts';
import { requireFreeName } from './names.ts';
import { isExpired, snapshotsOf, sourcesOf } from './policy-rounds.ts';
import { takeOut } from './tree.ts';
import { volumeView } from './volume-view.ts';

const seconds = (atMs: number | null) => (atMs === null ? 0 : Math.floor(atMs / 1000));
const ids = (volumes: readonly Volume[]) => volumes.map(({ id }) => id);

const lockedOf = (array: ArrayState, policy: SnapshotPolicy) => snapshotsOf(array, policy).filter(({ marks }) => marks.lockedAutoSnapshot);

function policyView(array: ArrayState, policy: SnapshotPolicy): Json {
  return {
    id: policy.id,
    name: policy.name,
    systemId: array.system.id,
    snapshotPolicyState: policy.state,
    autoSnapshotCreationCadenceInMin: policy.cadenceInMinutes,
    numOfRetainedSnapshotsPerLevel: policy.retained,
    maxVTreeAutoSnapshots: policy.retained.reduce((total, keep) => total + keep, 0),
    numOfSourceVolumes: sourcesOf(array, policy).length,
    numOfAutoSnapshots: snapshotsOf(array, policy).length,
    numOfLockedSnapshots: lockedOf(array, policy).length,
    numOfExpiredButLockedSnapshots: lockedOf(array, policy).filter(isExpired).length,
    numOfCreationFailures: policy.failures,
    nextAutoSnapshotCreationTime: seconds(policy.nextAtMs),
    timeOfLastAutoSnapshot: seconds(policy.lastAtMs),
    timeOfLastAutoSnapshotCreationFailure: seconds(policy.lastFailureAtMs),
    lastAutoSnapshotCreationFailureReason: 'NR',
    lastAutoSnapshotFailureInFirstLevel: policy.lastFailureAtMs !== null && policy.lastFailureAtMs > (policy.lastAtMs ?? 0),
    snapshotAccessMode: policy.snapshotAccessMode,
    secureSnapshots: policy.secureSnapshots,
    links: linksOf('SnapshotPolicy', policy.id, {
      relationships: ['Statistics', 'SourceVolume', 'AutoSnapshotVolume'],
      parents: { systemId: `System::${array.system.id}` },
    }),
  };
}

function policyStatistics(array: ArrayState, policy: SnapshotPolicy): Json {
  const sources = sourcesOf(array, policy);
  const expired = lockedOf(array, policy).filter(isExpired);
  return {
    srcVolIds: ids(sources),
    numOfSrcVols: sources.length,
    autoSnapshotVolIds: ids(snapshotsOf(array, policy)),
    numOfAutoSnapshots: snapshotsOf(array, policy).length,
    expiredButLockedSnapshotsIds: ids(expired),
    numOfExpiredButLockedSnapshots: expired.length,
  };
}

function requestedCadence(body: Json): number {
  const minutes = wholeNumber(body, 'autoSnapshotCreationCadenceInMin');
  if (minutes === undefined || minutes === 0) throw badRequest('autoSnapshotCreationCadenceInMin must be a positive whole number');
  return minutes;
}

function requestedRetention(array: ArrayState, body: Json): number[] {
  const given = body['numOfRetainedSnapshotsPerLevel'];
  const levels = Array.isArray(given) ? given.map(Number) : [];
  const isGood = levels.length > 0 && levels.length <= 6 && levels.every((level) => Number.isInteger(level) && level > 0);
  if (!isGood) throw badRequest('numOfRetainedSnapshotsPerLevel must be a list of 1 to 6 positive whole numbers');
  if (levels.reduce((total, keep) => total + keep, 0) > array.limits.snapshotsPerVTree) throw refuse('UNCONFIRMED_POLICY_TOO_LARGE');
  return levels;
}

function requireFree(array: ArrayState, name: string, owner?: string): void {
  requireFreeName({
    name,
    among: array.policies.values(),
    inUse: 'UNCONFIRMED_POLICY_NAME_IN_USE',
    ...(owner === undefined ? {} : { owner }),
  });
}

function createPolicy(array: ArrayState, body: Json): Json {
  const cadenceInMinutes = requestedCadence(body);
  const retained = requestedRetention(array, body);
  const name = requiredText(body, 'name');
  requireFree(array, name);
  const id = array.newId('SnapshotPolicy');
  array.policies.set(id, {
    ...{ id, name, cadenceInMinutes, retained, rounds: 0, lastAtMs: null, failures: 0, lastFailureAtMs: null },
    state: flag(body, 'paused') ? 'Paused' : 'Active',
    snapshotAccessMode: choice(body, { key: 'snapshotAccessMode', from: ['ReadWrite', 'ReadOnly'], absent: 'ReadWrite' }),
    secureSnapshots: flag(body, 'secureSnapshots'),
    nextAtMs: array.clock.nowMs() + cadenceInMinutes * 60_000,
  });
  return { id };
}

function sourceIn(array: ArrayState, body: Json): Volume {
  const volume = array.volumes.get(hexId(requiredText(body, 'sourceVolumeId'), 'sourceVolumeId'));
  if (volume === undefined) throw refuse('VOL_NOT_FOUND');
  return volume;
}

function addSource(array: ArrayState, policy: SnapshotPolicy, body: Json): void {
  const volume = sourceIn(array, body);
  if (volume.marks.snplIdOfSourceVolume !== null) throw refuse('UNCONFIRMED_VOL_HAS_POLICY');
  volume.marks = { ...volume.marks, snplIdOfSourceVolume: policy.id };
}

/** `Detach` makes ordinary snapshots of them. Locked ones are never removed; they are detached, where the caller allows it. */
function release(array: ArrayState, snapshots: readonly Volume[], body: Json): void {
  const action = choice(body, { key: 'autoSnapshotRemovalAction', from: ['Detach', 'Remove'], absent: 'Detach' });
  const removes = action === 'Remove';
  const held = snapshots.filter(({ marks, mappings }) => marks.lockedAutoSnapshot || mappings.length > 0);
  if (removes && held.length > 0 && !flag(body, 'detachLockedAutoSnapshots')) throw refuse('UNCONFIRMED_VOL_LOCKED');
  for (const snapshot of snapshots) {
    if (removes && !held.includes(snapshot)) takeOut(array, snapshot);
    else {
      const free = { snplIdOfAutoSnapshot: null, autoSnapshotGroupId: null, retentionLevels: [], lockedAutoSnapshot: false };
      snapshot.marks = { ...snapshot.marks, ...free };
    }
  }
}

function removeSource(array: ArrayState, policy: SnapshotPolicy, body: Json): void {
  const volume = sourceIn(array, body);
  if (volume.marks.snplIdOfSourceVolume !== policy.id) throw refuse('UNCONFIRMED_VOL_NOT_IN_POLICY');
  release(
    array,
    snapshotsOf(array, policy).filter(({ ancestorVolumeId }) => ancestorVolumeId === volume.id),
    body,
  );
  volume.marks = { ...volume.marks, snplIdOfSourceVolume: null };
}

function modify(array: ArrayState, policy: SnapshotPolicy, body: Json): void {
  const retained = requestedRetention(array, body);
  const cadenceInMinutes = requestedCadence(body);
  Object.assign(policy, { retained, cadenceInMinutes, nextAtMs: array.clock.nowMs() + cadenceInMinutes * 60_000 });
}

function rename(array: ArrayState, policy: SnapshotPolicy, body: Json): void {
  const name = requiredText(body, 'newName');
  requireFree(array, name, policy.id);
  policy.name = name;
}

function resume(array: ArrayState, policy: SnapshotPolicy): void {
  policy.state = 'Active';
  policy.nextAtMs = Math.max(policy.nextAtMs, array.clock.nowMs() + 1000);
}

function pause(_array: ArrayState, policy: SnapshotPolicy): void {
  policy.state = 'Paused';
}

function remove(array: ArrayState, policy: SnapshotPolicy, body: Json): void {
  release(array, snapshotsOf(array, policy), body);
  for (const volume of sourcesOf(array, policy)) volume.marks = { ...volume.marks, snplIdOfSourceVolume: null };
  array.policies.delete(policy.id);
}

export const snapshotPolicies = defineFamily<SnapshotPolicy>({
  type: 'SnapshotPolicy',
  since: '3.0',
  missing: 'NOT_FOUND',
  items: (array) => [...array.policies.values()],
  find: (array, id) => array.policies.get(id),
  view: policyView,
  statistics: policyStatistics,
  create: createPolicy,
  byKey: (array, body) => [...array.policies.values()].find(({ name }) => name === text(body, 'name')),
  relationships: {
    SourceVolume: (array, policy) => sourcesOf(array, policy).map((volume) => volumeView(array, volume)),
    AutoSnapshotVolume: (array, policy) => snapshotsOf(array, policy).map((volume) => volumeView(array, volume)),
  },
  actions: {
    addSourceVolumeToSnapshotPolicy: { run: addSource },
    removeSourceVolumeFromSnapshotPolicy: { run: removeSource },
    pauseSnapshotPolicy: { run: pause },
    resumeSnapshotPolicy: { run: resume },
    modifySnapshotPolicy: { run: modify },
    renameSnapshotPolicy: { run: rename },
    removeSnapshotPolicy: { run: remove },
  },
});
