import { text } from './body.ts';
import { sdcLatencies } from './capacity-statistics.ts';
import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import { addMappedSdc, removeMappedSdc, setMappedSdcLimits, setVolumeMappingAccessMode } from './mappings.ts';
import type { ArrayState, Volume } from './model.ts';
import { idle } from './statistics-names.ts';
import { childrenOf, descendantsOf } from './tree.ts';
import { atLeast } from './versions.ts';
import * as change from './volume-change.ts';
import { createVolume } from './volume-create.ts';
import { removeVolume } from './volume-remove.ts';
import { volumeView } from './volume-view.ts';

function statistics(array: ArrayState, volume: Volume): Json {
  const children = childrenOf(array, volume).map((child) => child.id);
  const descendants = descendantsOf(array, volume).map((descendant) => descendant.id);
  const trims = atLeast(array.version, '3.0') ? ['userDataTrimBwc', ...sdcLatencies] : [];
  return {
    ...idle(['userDataReadBwc', 'userDataWriteBwc', ...trims]),
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
    addMappedHost: { since: '4.5', run: addMappedSdc },
    removeMappedHost: { since: '4.5', run: removeMappedSdc },
  },
});
