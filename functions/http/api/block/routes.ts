import type { Route } from '../../route.ts';
import { bulkRoute } from '../bulk-route.ts';
import { getRoute } from '../get-route.ts';
import { historyRoute } from '../history/history-route.ts';
import { searchRoute } from '../search-route.ts';
import { tagRoutes } from '../tag-routes.ts';
import { resourceTaskRoutes } from '../tasks/resource-task-routes.ts';
import { route as bulkVolumeExports } from './bulk-volume-exports.ts';
import { route as bulkVolumes } from './bulk-volumes.ts';
import { route as createExport } from './create-export.ts';
import { route as createVolumes } from './create-volumes.ts';
import { route as deactivateExport } from './deactivate-export.ts';
import { route as deactivateVolume } from './deactivate-volume.ts';
import { route as deactivateVolumes } from './deactivate-volumes.ts';
import { route as expandVolume } from './expand-volume.ts';
import { exportKind } from './export-kind.ts';
import { route as initiatorExports } from './initiator-exports.ts';
import { route as searchExports } from './search-exports.ts';
import { route as updateExport } from './update-export.ts';
import { route as updateVolume } from './update-volume.ts';
import { route as volumeExports } from './volume-exports.ts';
import { route as volumeIds } from './volume-ids.ts';
import { volumeKind } from './volume-kind.ts';
import { route as volumePool } from './volume-pool.ts';

const volumeRoutes: readonly Route[] = [
  createVolumes,
  getRoute(volumeKind),
  historyRoute(volumeKind),
  updateVolume,
  volumeExports,
  volumePool,
  expandVolume,
  deactivateVolume,
  deactivateVolumes,
  volumeIds,
  bulkVolumes,
  bulkVolumeExports,
  searchRoute(volumeKind),
  ...tagRoutes(volumeKind),
  ...resourceTaskRoutes(volumeKind),
];

const exportRoutes: readonly Route[] = [
  initiatorExports,
  createExport,
  getRoute(exportKind),
  historyRoute(exportKind),
  updateExport,
  deactivateExport,
  searchExports,
  bulkRoute(exportKind),
  ...tagRoutes(exportKind),
  ...resourceTaskRoutes(exportKind),
];

export const blockRoutes: readonly Route[] = [...volumeRoutes, ...exportRoutes];
