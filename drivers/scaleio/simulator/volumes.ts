import { text } from './body.ts';
import { defineFamily } from './family.ts';
import { ioOf, userIo, userIoSince3 } from './io.ts';
import type { Json } from './json.ts';
import { addMappedSdc, removeMappedSdc, setMappedSdcLimits, setVolumeMappingAccessMode } from './mappings.ts';
import type { ArrayState, Volume } from './model.ts';
import { childrenOf, descendantsOf } from './tree.ts';
import { atLeast } from './versions.ts';
import * as change from './volume-change.ts';
import { createVolume } from './volume-create.ts';
import { removeVolume } from './volume-remove.ts';
import { lockAutoSnapshot, setSnapshotSecurity, unlockAutoSnapshot } from './volume-security.ts';
import { volumeView } from './volume-view.ts';

/** SCSI reservations: there are none. */
const reservations = { reservationType: 'NotReserved', initiatorSdcId: null, registrationKey: null, registrationKeys: [] };

const replication = ({ marks }: Volume): Json => ({
  replicationState: marks.volumeReplicationState,
  replicationJournalVolume: marks.replicationJournalVolume,
  rplUsedJournalCap: 0,
  rplTotalJournalCap: 0,
});

function statistics(array: ArrayState, volume: Volume): Json {
  const children = childrenOf(array, volume).map((child) => child.id);
  const descendants = descendantsOf(array, volume).map((descendant) => descendant.id);
  const io = ioOf(array, volume);
  return {
    ...userIo(io),
    ...(atLeast(array.version, '3.0') ? { ...userIoSince3(io), ...reservations } : {}),
    ...(atLeast(array.version, '3.6') ? replication(volume) : {}),
    mappedSdcIds: volume.mappings.map((mapping) => mapping.sdcId),
    numOfMappedSdcs: volume.mappings.length,
    childVolumeIds: children,
    numOfChildVolumes: children.length,
    descendantVolumeIds: descendants,
    numOfDescendantVolumes: descendants.length,
  };
}

export const volumes = defineFamily<Volume>({
  type: 'Volume',
  missing: 'VOL_NOT_FOUND',
  items: (array) => [...array.volumes.values()],
  find: (array, id) => array.volumes.get(id),
  view: volumeView,
  statistics,
  create: createVolume,
  byKey: (array, body) => [...array.volumes.values()].find((volume) => volume.name !== null && volume.name === text(body, 'name')),
  actions: {
    setVolumeSize: { run: change.setVolumeSize },
    setVolumeName: { run: change.setVolumeName },
    removeVolume: { run: removeVolume },
    addMappedSdc: { run: addMappedSdc },
    removeMappedSdc: { run: removeMappedSdc },
    setMappedSdcLimits: { run: setMappedSdcLimits },
    setVolumeUseRmcache: { run: change.setVolumeUseRmcache },
    setVolumeMappingAccessMode: { since: '3.0', run: setVolumeMappingAccessMode },
    setVolumeAccessModeLimit: { since: '3.0', run: change.setVolumeAccessModeLimit },
    overwriteVolumeContent: { since: '3.0', run: change.overwriteVolumeContent },
    migrateVTree: { since: '3.0', run: change.migrateVTree },
    pauseVTreeMigration: { since: '3.0', run: change.pauseVTreeMigration },
    resumeVTreeMigration: { since: '3.0', run: change.resumeVTreeMigration },
    lockAutoSnapshot: { since: '3.0', run: lockAutoSnapshot },
    unlockAutoSnapshot: { since: '3.0', run: unlockAutoSnapshot },
    setSnapshotSecurity: { since: '3.6', run: setSnapshotSecurity },
    unmarkForReplication: { since: '3.6', run: change.unmarkForReplication },
    modifyCompressionMethod: { since: '3.0', run: change.modifyCompressionMethod },
    addMappedHost: { since: '4.5', run: addMappedSdc },
    removeMappedHost: { since: '4.5', run: removeMappedSdc },
  },
});
