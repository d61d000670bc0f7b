import { choice, hexId, requiredText, text, wholeNumber } from './body.ts';
import { badRequest, refuse, refuseWithDetails } from './errors.ts';
import { isJson, type Json } from './json.ts';
import type { ArrayState, Volume } from './model.ts';
import { requireFreeName } from './names.ts';
import { requireSpace } from './space.ts';
import { membersOf, poolOf } from './tree.ts';
import { addVolume, noMarks } from './volume-create.ts';
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
  return { source, name: text(definition, 'snapshotName') || null };
}

function requireNames(array: ArrayState, wanted: readonly Wanted[]): void {
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

/** All of the list or nothing; the ids come in the order asked. Snapshots are thin, unmapped, writable unless asked otherwise. */
export function snapshotVolumes(array: ArrayState, _item: unknown, body: Json): Json {
  const definitions = body['snapshotDefs'];
  if (!Array.isArray(definitions) || definitions.length === 0) throw badRequest('Required field snapshotDefs is missing');
  const wanted = definitions.map((definition) => wantedOf(array, definition));
  const accessModeLimit = choice(body, { key: 'accessModeLimit', from: ['ReadWrite', 'ReadOnly'], absent: 'ReadWrite' });
  const retentionMinutes = wholeNumber(body, 'retentionPeriodInMin') ?? 0;
  requireNames(array, wanted);
  requireRoomInTrees(array, wanted);
  requireSpaceForAll(array, wanted);
  const nowSeconds = Math.floor(array.clock.nowMs() / 1000);
  const marks = { ...noMarks, secureSnapshotExpTime: retentionMinutes === 0 ? 0 : nowSeconds + retentionMinutes * 60 };
  const consistencyGroupId = array.newId('ConsistencyGroup');
  const volumeIdList = wanted.map(({ source, name }) => {
    const { vtreeId, sizeInKb, content } = source;
    const given = { vtreeId, sizeInKb, content, name, accessModeLimit, marks, consistencyGroupId, ancestorVolumeId: source.id };
    return addVolume(array, { id: array.newId('Volume'), volumeType: 'Snapshot', ...given }).id;
  });
  return { volumeIdList, snapshotGroupId: consistencyGroupId };
}

/** Removes all snapshots of the group, or none. */
export function removeConsistencyGroupSnapshots(array: ArrayState, _item: unknown, body: Json): Json {
  const groupId = hexId(requiredText(body, 'snapGroupId'), 'snapGroupId');
  const members = [...array.volumes.values()].filter((volume) => volume.consistencyGroupId === groupId);
  if (members.length === 0) throw refuse('VOL_NOT_FOUND_FOR_SNAP_GROUP');
  removeAll(array, members);
  return { numberOfVolumes: members.length };
}
