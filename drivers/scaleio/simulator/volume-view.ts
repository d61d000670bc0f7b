import type { Json } from './json.ts';
import { linksOf } from './links.ts';
import type { ArrayState, Mapping, Volume } from './model.ts';
import { atLeast } from './versions.ts';

function mappingView(array: ArrayState, mapping: Mapping): Json {
  const sdc = array.sdcs.get(mapping.sdcId);
  return {
    sdcId: mapping.sdcId,
    sdcIp: sdc?.ips[0] ?? null,
    sdcName: sdc?.name ?? null,
    limitIops: mapping.limitIops,
    limitBwInMbps: mapping.limitBwInKbps / 1024,
    ...(atLeast(array.version, '3.0') ? { accessMode: mapping.accessMode, isDirectBufferMapping: false } : {}),
    ...(atLeast(array.version, '4.5') ? { hostType: sdc?.hostType ?? null, nqn: sdc?.nqn ?? null } : {}),
  };
}

const before3 = ({ marks }: Volume): Json => ({
  isObfuscated: false,
  mappingToAllSdcsEnabled: marks.mappingToAllSdcsEnabled,
  isVvol: marks.isVvol,
  mappedScsiInitiatorInfo: null,
});

const since3 = ({ marks, ...volume }: Volume): Json => ({
  dataLayout: 'MediumGranularity',
  compressionMethod: volume.compressionMethod,
  accessModeLimit: volume.accessModeLimit,
  managedBy: marks.managedBy,
  notGenuineSnapshot: false,
  secureSnapshotExpTime: marks.secureSnapshotExpTime,
  lockedAutoSnapshot: marks.lockedAutoSnapshot,
  lockedAutoSnapshotMarkedForRemoval: marks.lockedAutoSnapshotMarkedForRemoval,
  autoSnapshotGroupId: marks.autoSnapshotGroupId,
  snplIdOfSourceVolume: marks.snplIdOfSourceVolume,
  snplIdOfAutoSnapshot: marks.snplIdOfAutoSnapshot,
  retentionLevels: marks.retentionLevels,
  timeStampIsAccurate: false,
});

const since35 = ({ marks }: Volume): Json => ({
  volumeReplicationState: marks.volumeReplicationState,
  replicationJournalVolume: marks.replicationJournalVolume,
  replicationTimeStamp: 0,
  originalExpiryTime: 0,
  pairIds: null,
});

export function volumeView(array: ArrayState, volume: Volume): Json {
  const poolId = array.vtrees.get(volume.vtreeId)?.poolId;
  return {
    id: volume.id,
    name: volume.name,
    sizeInKb: volume.sizeInKb,
    storagePoolId: poolId,
    vtreeId: volume.vtreeId,
    volumeType: volume.volumeType,
    ancestorVolumeId: volume.ancestorVolumeId,
    consistencyGroupId: volume.consistencyGroupId,
    creationTime: volume.creationTime,
    mappedSdcInfo: volume.mappings.length === 0 ? null : volume.mappings.map((mapping) => mappingView(array, mapping)),
    useRmcache: volume.useRmcache,
    ...(atLeast(array.version, '3.0') ? since3(volume) : before3(volume)),
    ...(atLeast(array.version, '3.6') ? since35(volume) : {}),
    ...(atLeast(array.version, '4.5') ? { volumeClass: 'defaultclass', nsid: volume.nsid } : {}),
    links: linksOf('Volume', volume.id, {
      relationships: ['Statistics'],
      parents: { vtreeId: `VTree::${volume.vtreeId}`, storagePoolId: `StoragePool::${poolId}` },
    }),
  };
}
