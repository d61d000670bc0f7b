import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import { linksOf } from './links.ts';
import type { ArrayState, VTree } from './model.ts';
import { membersOf } from './tree.ts';
import { atLeast } from './versions.ts';
import { volumeView } from './volume-view.ts';

const volumesOf = (array: ArrayState, vtree: VTree) => membersOf(array, vtree.id);

const migrationStatus = {
  Running: 'MigrationNormal',
  RollingBack: 'MigrationNormal',
  GracefullyPausing: 'GracefullyPausing',
  Paused: 'Paused',
} as const;

/** A tree on its way back goes from where it was to go to where it came from. */
function migrationView({ migration }: VTree): Json {
  const back = migration?.state === 'RollingBack';
  return {
    sourceStoragePoolId: (back ? migration?.toPoolId : migration?.fromPoolId) ?? null,
    destinationStoragePoolId: (back ? migration?.fromPoolId : migration?.toPoolId) ?? null,
    migrationStatus: migration === null ? 'NotInMigration' : migrationStatus[migration.state],
    migrationPauseReason: migration?.state === 'Paused' ? 'User' : null,
    migrationQueuePosition: 0,
    thicknessConversionType: migration?.conversion ?? 'NoConversion',
  };
}

export function vtreeView(array: ArrayState, vtree: VTree): Json {
  const roots = volumesOf(array, vtree).filter((volume) => volume.ancestorVolumeId === null);
  const since3 = {
    rootVolumes: roots.map((volume) => volume.id),
    dataLayout: 'MediumGranularity',
    compressionMethod: 'Invalid',
    inDeletion: false,
    vtreeMigrationInfo: migrationView(vtree),
  };
  return {
    id: vtree.id,
    name: vtree.name,
    storagePoolId: vtree.poolId,
    baseVolumeId: roots[0]?.id ?? null,
    ...(atLeast(array.version, '3.0') ? since3 : {}),
    links: linksOf('VTree', vtree.id, {
      relationships: ['Statistics', 'Volume'],
      parents: { storagePoolId: `StoragePool::${vtree.poolId}` },
    }),
  };
}

export const vtrees = defineFamily<VTree>({
  type: 'VTree',
  missing: 'NOT_FOUND',
  items: (array) => [...array.vtrees.values()],
  find: (array, id) => array.vtrees.get(id),
  view: vtreeView,
  statistics(array, vtree) {
    const volumes = volumesOf(array, vtree);
    const net = volumes.reduce((total, volume) => total + volume.usedInKb, 0);
    const figures = { numOfVolumes: volumes.length, volumeIds: volumes.map((volume) => volume.id) };
    return atLeast(array.version, '3.0') ? { ...figures, netUserDataCapacityInKb: net } : figures;
  },
  relationships: { Volume: (array, vtree) => volumesOf(array, vtree).map((volume) => volumeView(array, volume)) },
});
