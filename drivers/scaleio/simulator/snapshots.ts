import { choice, flag, hexId, requiredText, text, wholeNumber } from './body.ts';
import { contentOf } from './contents.ts';
import { badRequest, refuse, refuseWithDetails } from './errors.ts';
import { isJson, type Json } from './json.ts';
import type { ArrayState, Volume, VolumeMarks } from './model.ts';
import { requireFreeName } from './names.ts';
import { requireSpace } from './space.ts';
import { membersOf, poolOf } from './tree.ts';
import { addVolume, noMarks, requireOurs } from './volume-create.ts';
import { removeAll } from './volume-remove.ts';

interface Wanted {
  source: Volume;
  name: string | null;
}

function wantedOf(array: ArrayState, definition: unknown): Wanted {
  if (!isJson(definition)) throw badRequest('snapshotDefs must be a list of objects');
  const source = array.volumes.get(hexId(requiredText(definition, 'volumeId'), 'volumeId'));
  if (source === undefined) throw refuse('VOL_NOT_FOUND');
  if (source.removalEndsAtMs !== null) throw refuse('VOL_REMOVE_IN_PROGRESS');
  if (source.marks.replicationJournalVolume) throw refuse('UNCONFIRMED_VOL_REPLICATED');
  return { source, name: text(definition, 'snapshotName') || null };
}

function requireNames(array: ArrayState, wanted: readonly Wanted[]): void {
  if (wanted.every(({ name }) => name === null)) return;
  const taken = [...array.volumes.values()].map(({ id, name }) => ({ id, name }));
  for (const { name } of wanted) {
    if (name === null) continue;
    requireFreeName({ name, among: taken, inUse: 'VOL_NAME_IN_USE' });
    taken.push({ id: '', name });
  }
}

function requireRoomInTrees(array: ArrayState, wanted: readonly Wanted[]): void {
  for (const vtreeId of new Set(wanted.map(({ source }) => source.vtreeId))) {
    const present = membersOf(array, vtreeId).filter((volume) => volume.volumeType === 'Snapshot').length;
    const more = wanted.filter(({ source }) => source.vtreeId === vtreeId).length;
    if (present + more > array.limits.snapshotsPerVTree) throw refuseWithDetails('TOO_MANY_SNAPS_IN_VTREE');
  }
  if (array.volumes.size + wanted.length > array.limits.volumes) throw refuse('TOO_MANY_VOLS');
}

function requireSpaceForAll(array: ArrayState, wanted: readonly Wanted[]): void {
  for (const pool of new Set(wanted.map(({ source }) => poolOf(array, source)))) {
    const here = wanted.filter(({ source }) => poolOf(array, source) === pool);
    requireSpace(array, pool, { thick: false, moreInKb: here.reduce((total, { source }) => total + source.sizeInKb, 0) });
  }
}

interface SnapshotGiven {
  accessModeLimit: Volume['accessModeLimit'];
  marks(groupId: string): VolumeMarks;
  /** Epoch milliseconds. */
  takenAtMs: number;
}

/** All of the list or none, as one group. Snapshots are thin, unmapped, and hold what their source holds now. */
export function takeSnapshots(array: ArrayState, wanted: readonly Wanted[], { accessModeLimit, marks, takenAtMs }: SnapshotGiven): Json {
  requireNames(array, wanted);
  requireRoomInTrees(array, wanted);
  requireSpaceForAll(array, wanted);
  const consistencyGroupId = array.newId('ConsistencyGroup');
  const volumeIdList = wanted.map(({ source, name }) => {
    const { vtreeId, sizeInKb } = source;
    const content = contentOf(source, takenAtMs);
    const place = { vtreeId, sizeInKb, content, name, consistencyGroupId, ancestorVolumeId: source.id };
    const given = { ...place, accessModeLimit, marks: marks(consistencyGroupId), creationTime: Math.floor(takenAtMs / 1000) };
    return addVolume(array, { id: array.newId('Volume'), volumeType: 'Snapshot', ...given }).id;
  });
  return { volumeIdList, snapshotGroupId: consistencyGroupId };
}

/** The ids come in the order asked. Writable unless `accessModeLimit` says otherwise; `retentionPeriodInMin` makes them secure. */
export function snapshotVolumes(array: ArrayState, _item: unknown, body: Json): Json {
  const definitions = body['snapshotDefs'];
  if (!Array.isArray(definitions) || definitions.length === 0) throw badRequest('Required field snapshotDefs is missing');
  const wanted = definitions.map((definition) => wantedOf(array, definition));
  for (const { source } of wanted) requireOurs(source, flag(body, 'allowOnExtManagedVol'));
  const retentionMinutes = wholeNumber(body, 'retentionPeriodInMin') ?? 0;
  const takenAtMs = array.clock.nowMs();
  const secureSnapshotExpTime = retentionMinutes === 0 ? 0 : Math.floor(takenAtMs / 1000) + retentionMinutes * 60;
  return takeSnapshots(array, wanted, {
    accessModeLimit: choice(body, { key: 'accessModeLimit', from: ['ReadWrite', 'ReadOnly'], absent: 'ReadWrite' }),
    marks: () => ({ ...noMarks, secureSnapshotExpTime }),
    takenAtMs,
  });
}

/** Removes all snapshots of the group, or none. */
export function removeConsistencyGroupSnapshots(array: ArrayState, _item: unknown, body: Json): Json {
  const groupId = hexId(requiredText(body, 'snapGroupId'), 'snapGroupId');
  const members = [...array.volumes.values()].filter((volume) => volume.consistencyGroupId === groupId);
  if (members.length === 0) throw refuse('VOL_NOT_FOUND_FOR_SNAP_GROUP');
  removeAll(array, members);
  return { numberOfVolumes: members.length };
}
