import { forgetIndex } from './array-index.ts';
import { choice, flag, hexId, requiredText, text, wholeNumber } from './body.ts';
import { gbToKb, roundUp } from './capacity.ts';
import { badRequest, refuse } from './errors.ts';
import type { Json } from './json.ts';
import type { ArrayState, Volume, VolumeMarks } from './model.ts';
import { requireFreeName } from './names.ts';
import { requireSize, requireSpace } from './space.ts';
import { requirePool } from './tree.ts';

export const noMarks: VolumeMarks = {
  managedBy: 'ScaleIO',
  volumeReplicationState: 'UnmarkedForReplication',
  lockedAutoSnapshot: false,
  lockedAutoSnapshotMarkedForRemoval: false,
  autoSnapshotGroupId: null,
  snplIdOfAutoSnapshot: null,
  snplIdOfSourceVolume: null,
  retentionLevels: [],
  secureSnapshotExpTime: 0,
  replicationJournalVolume: false,
  isVvol: false,
  mappingToAllSdcsEnabled: false,
};

/** Volumes that another product manages are changed only by callers that say they mean it. */
export function requireOurs({ marks }: Volume, allowOnExtManagedVol: boolean): void {
  if (marks.managedBy !== noMarks.managedBy && !allowOnExtManagedVol) throw refuse('UNCONFIRMED_VOL_EXT_MANAGED');
}

type Given = Pick<Volume, 'id' | 'name' | 'vtreeId' | 'sizeInKb' | 'volumeType'> & Partial<Volume>;

/** Puts a volume on the array; what is not given is as on a new, unmapped, empty volume. */
export function addVolume(array: ArrayState, given: Given): Volume {
  const volume: Volume = {
    ancestorVolumeId: null,
    consistencyGroupId: null,
    creationTime: Math.floor(array.clock.nowMs() / 1000),
    mappings: [],
    useRmcache: false,
    compressionMethod: 'NotApplicable',
    accessModeLimit: 'ReadWrite',
    usedInKb: 0,
    content: '',
    removalEndsAtMs: null,
    io: null,
    nsid: array.volumes.size + 1,
    marks: { ...noMarks },
    ...given,
  };
  forgetIndex(array);
  array.volumes.set(volume.id, volume);
  array.vtrees.get(volume.vtreeId)?.volumeIds.add(volume.id);
  return volume;
}

function requestedSizeInKb(body: Json): number {
  const inKb = wholeNumber(body, 'volumeSizeInKb');
  const inGb = wholeNumber(body, 'volumeSizeInGb');
  const sizeInKb = inKb ?? (inGb === undefined ? undefined : gbToKb(inGb));
  if (sizeInKb === undefined) throw badRequest('Required field volumeSizeInKb is missing');
  if (sizeInKb === 0) throw badRequest('volumeSizeInKb (0) must be positive');
  requireSize(sizeInKb);
  return roundUp(sizeInKb);
}

function requireRoomForVolumes(array: ArrayState, more: number): void {
  if (array.volumes.size + more > array.limits.volumes) throw refuse('TOO_MANY_VOLS');
}

/** Sizes are rounded up to 8 GiB; without `volumeType` the volume is thick. Makes a VTree of its own. */
export function createVolume(array: ArrayState, body: Json): Json {
  const pool = requirePool(array, hexId(requiredText(body, 'storagePoolId'), 'storagePoolId'));
  const domainId = text(body, 'protectionDomainId');
  if (domainId !== undefined && domainId !== pool.domainId) throw refuse('FD_AND_SP_MISMATCH');
  const volumeType = choice(body, { key: 'volumeType', from: ['ThinProvisioned', 'ThickProvisioned'], absent: 'ThickProvisioned' });
  const sizeInKb = requestedSizeInKb(body);
  const name = text(body, 'name') || null;
  if (name !== null) requireFreeName({ name, among: array.volumes.values(), inUse: 'VOL_NAME_IN_USE' });
  requireRoomForVolumes(array, 1);
  requireSpace(array, pool, { thick: volumeType === 'ThickProvisioned', moreInKb: sizeInKb });
  const vtreeId = array.newId('VTree');
  array.vtrees.set(vtreeId, { id: vtreeId, name, poolId: pool.id, migration: null, volumeIds: new Set() });
  const volume = addVolume(array, {
    id: array.newId('Volume'),
    ...{ name, vtreeId, sizeInKb, volumeType },
    useRmcache: flag(body, 'useRmcache'),
  });
  return { id: volume.id };
}
