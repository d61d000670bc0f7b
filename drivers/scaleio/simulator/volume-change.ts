import { forgetIndex } from './array-index.ts';
import { choice, flag, hexId, requiredText, wholeNumber } from './body.ts';
import { capacityOf, gbToKb, roundUp } from './capacity.ts';
import { contentOf } from './contents.ts';
import { badRequest, refuse } from './errors.ts';
import type { Json } from './json.ts';
import { enterState } from './migration.ts';
import type { ArrayState, Migration, Pool, Volume, VTree } from './model.ts';
import { requireFreeName } from './names.ts';
import { requireSize, requireSpace } from './space.ts';
import { membersOf, poolOf, requirePool, vtreeOf } from './tree.ts';
import { requireOurs } from './volume-create.ts';

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

function requireOverwritable(array: ArrayState, { accessModeLimit, marks }: Volume): void {
  if (accessModeLimit === 'ReadOnly') throw refuse('UNCONFIRMED_VOL_READ_ONLY');
  const secure = marks.secureSnapshotExpTime * 1000 > array.clock.nowMs();
  if (secure || marks.lockedAutoSnapshot) throw refuse('UNCONFIRMED_VOL_LOCKED');
  const replicated = marks.replicationJournalVolume || marks.volumeReplicationState !== 'UnmarkedForReplication';
  if (replicated) throw refuse('UNCONFIRMED_VOL_REPLICATED');
}

export function unmarkForReplication(_array: ArrayState, volume: Volume): void {
  if (volume.marks.volumeReplicationState === 'UnmarkedForReplication') throw refuse('NOTHING_TO_DO');
  volume.marks = { ...volume.marks, volumeReplicationState: 'UnmarkedForReplication' };
}

/** Pools here have medium granularity, where nothing is compressed. */
export function modifyCompressionMethod(_array: ArrayState, _volume: Volume, body: Json): void {
  const method = choice(body, { key: 'compressionMethod', from: ['None', 'Normal', 'NotApplicable'], absent: 'None' });
  if (method === 'Normal') throw refuse('UNCONFIRMED_NO_COMPRESSION');
}

/** Restore: the data of the other volume of the same VTree; sizes, names and mappings stay. */
export function overwriteVolumeContent(array: ArrayState, volume: Volume, body: Json): void {
  const source = array.volumes.get(hexId(requiredText(body, 'srcVolumeId'), 'srcVolumeId'));
  if (source === undefined) throw refuse('VOL_NOT_FOUND');
  if (source.id === volume.id) throw refuse('VOLUME_AND_SNAPSHOT_MATCH');
  if (source.vtreeId !== volume.vtreeId) throw refuse('VTREE_ID_MISMATCH');
  if (volume.removalEndsAtMs !== null || source.removalEndsAtMs !== null) throw refuse('VOL_REMOVE_IN_PROGRESS');
  requireOurs(volume, flag(body, 'allowOnExtManagedVol'));
  requireOverwritable(array, volume);
  volume.content = contentOf(source, array.clock.nowMs());
}

function requireMovable(array: ArrayState, [from, to]: readonly [Pool, Pool], allowDuringRebuild: boolean): void {
  if (from.zeroPaddingEnabled !== to.zeroPaddingEnabled) throw refuse('UNCONFIRMED_ZERO_PADDING_MISMATCH');
  const rebuilds = [from, to].some((pool) => capacityOf(array, pool).degraded > 0);
  if (rebuilds && !allowDuringRebuild) throw refuse('UNCONFIRMED_REBUILD_IN_PROGRESS');
}

const requestedConversion = (body: Json): Migration['conversion'] =>
  choice(body, { key: 'volTypeConversion', from: ['NoConversion', 'ThickToThin', 'ThinToThick'], absent: 'NoConversion' });

function requireSpaceFor(array: ArrayState, { volume, pool, conversion }: { volume: Volume; pool: Pool; conversion: string }): void {
  const moreInKb = membersOf(array, volume.vtreeId).reduce((total, member) => total + member.sizeInKb, 0);
  const staysThick = volume.volumeType === 'ThickProvisioned' && conversion !== 'ThickToThin';
  requireSpace(array, pool, { thick: staysThick || conversion === 'ThinToThick', moreInKb });
}

/** While a migration is paused, a move to where the tree came from takes back what was moved. */
function rollBackOrRefuse(array: ArrayState, { migration, poolId }: VTree, toPoolId: string): void {
  if (migration?.state !== 'Paused' || toPoolId !== poolId) throw refuse('VTREE_MIGRATION_ALREADY_EXISTS');
  enterState(array, migration, 'RollingBack');
}

function startMigration(array: ArrayState, volume: Volume, { pool, body }: { pool: Pool; body: Json }): void {
  const vtree = vtreeOf(array, volume);
  const conversion = requestedConversion(body);
  if (vtree.poolId === pool.id) throw refuse('VTREE_MIGRATE_SAME_SP');
  requireMovable(array, [poolOf(array, volume), pool], flag(body, 'allowDuringRebuild'));
  requireSpaceFor(array, { volume, pool, conversion });
  vtree.migration = {
    ...{ fromPoolId: vtree.poolId, toPoolId: pool.id, conversion, state: 'Running' },
    ...{ totalMs: array.behaviour.migrationSeconds * 1000, movedMs: 0, stateSinceMs: array.clock.nowMs() },
  };
  forgetIndex(array);
}

/** Moves the whole VTree, at once or over `migrationSeconds`. */
export function migrateVTree(array: ArrayState, volume: Volume, body: Json): void {
  const pool = requirePool(array, hexId(requiredText(body, 'destSPId'), 'destSPId'));
  const vtree = vtreeOf(array, volume);
  if (vtree.migration === null) startMigration(array, volume, { pool, body });
  else rollBackOrRefuse(array, vtree, pool.id);
}

function requireMigration(array: ArrayState, volume: Volume, states: readonly Migration['state'][]): Migration {
  const { migration } = vtreeOf(array, volume);
  if (migration === null) throw refuse('UNCONFIRMED_NOT_MIGRATING');
  if (!states.includes(migration.state)) throw refuse('UNCONFIRMED_MIGRATION_STATE');
  return migration;
}

/** Gracefully: what is on its way arrives first. Forcefully: at once. */
export function pauseVTreeMigration(array: ArrayState, volume: Volume, body: Json): void {
  const pauseType = choice(body, { key: 'pauseType', from: ['Gracefully', 'Forcefully'], absent: 'Gracefully' });
  const migration = requireMigration(array, volume, ['Running', 'GracefullyPausing']);
  enterState(array, migration, pauseType === 'Forcefully' ? 'Paused' : 'GracefullyPausing');
}

export function resumeVTreeMigration(array: ArrayState, volume: Volume): void {
  enterState(array, requireMigration(array, volume, ['Paused', 'GracefullyPausing']), 'Running');
}
