import { choice, flag, hexId, requiredText, wholeNumber } from './body.ts';
import { gbToKb, roundUp } from './capacity.ts';
import { badRequest, refuse } from './errors.ts';
import type { Json } from './json.ts';
import type { ArrayState, Volume } from './model.ts';
import { requireFreeName } from './names.ts';
import { requireSize, requireSpace } from './space.ts';
import { membersOf, poolOf, requirePool, vtreeOf } from './tree.ts';

/** Rounds up to 8 GiB, and only ever grows: an equal size is refused like a smaller one. */
export function setVolumeSize(array: ArrayState, volume: Volume, body: Json): void {
  const sizeInGb = wholeNumber(body, 'sizeInGB');
  if (sizeInGb === undefined || sizeInGb === 0) throw badRequest('Required field sizeInGB is missing or 0');
  requireSize(gbToKb(sizeInGb));
  const sizeInKb = roundUp(gbToKb(sizeInGb));
  if (sizeInKb <= volume.sizeInKb) throw refuse('VOL_DECREASE_NOT_SUPPORTED');
  requireSpace(array, poolOf(array, volume), {
    thick: volume.volumeType === 'ThickProvisioned',
    moreInKb: sizeInKb - volume.sizeInKb,
  });
  volume.sizeInKb = sizeInKb;
}

export function setVolumeName(array: ArrayState, volume: Volume, body: Json): void {
  const name = requiredText(body, 'newName');
  requireFreeName({ name, among: array.volumes.values(), inUse: 'VOL_NAME_IN_USE', owner: volume.id });
  volume.name = name;
}

/** The limit does not touch mappings that exist. */
export function setVolumeAccessModeLimit(_array: ArrayState, volume: Volume, body: Json): void {
  requiredText(body, 'accessModeLimit');
  volume.accessModeLimit = choice(body, { key: 'accessModeLimit', from: ['ReadWrite', 'ReadOnly'], absent: 'ReadWrite' });
}

export function setVolumeUseRmcache(_array: ArrayState, volume: Volume, body: Json): void {
  requiredText(body, 'useRmcache');
  volume.useRmcache = flag(body, 'useRmcache');
}

/** Restore: the data of the other volume of the same VTree; sizes, names and mappings stay. */
export function overwriteVolumeContent(array: ArrayState, volume: Volume, body: Json): void {
  const source = array.volumes.get(hexId(requiredText(body, 'srcVolumeId'), 'srcVolumeId'));
  if (source === undefined) throw refuse('VOL_NOT_FOUND');
  if (source.id === volume.id) throw refuse('VOLUME_AND_SNAPSHOT_MATCH');
  if (source.vtreeId !== volume.vtreeId) throw refuse('VTREE_ID_MISMATCH');
  if (volume.accessModeLimit === 'ReadOnly') throw refuse('UNCONFIRMED_VOL_READ_ONLY');
  volume.content = source.content;
}

/** Moves the whole VTree, at once or over `migrationSeconds`. */
export function migrateVTree(array: ArrayState, volume: Volume, body: Json): void {
  const vtree = vtreeOf(array, volume);
  const pool = requirePool(array, hexId(requiredText(body, 'destSPId'), 'destSPId'));
  const conversion = choice(body, {
    key: 'volTypeConversion',
    from: ['NoConversion', 'ThickToThin', 'ThinToThick'],
    absent: 'NoConversion',
  });
  if (vtree.migration !== null) throw refuse('VTREE_MIGRATION_ALREADY_EXISTS');
  if (vtree.poolId === pool.id) throw refuse('VTREE_MIGRATE_SAME_SP');
  const members = membersOf(array, vtree.id);
  const moreInKb = members.reduce((total, member) => total + member.sizeInKb, 0);
  const staysThick = volume.volumeType === 'ThickProvisioned' && conversion !== 'ThickToThin';
  requireSpace(array, pool, { thick: staysThick || conversion === 'ThinToThick', moreInKb });
  vtree.migration = { toPoolId: pool.id, conversion, endsAtMs: array.clock.nowMs() + array.behaviour.migrationSeconds * 1000 };
}
