import { implementDriver } from '../sdk/driver.ts';
import { scaleio } from './index.ts';
import { checkLogin } from './login-check.ts';
import { openRun, type Run } from './run.ts';

/** Loaded with the first request for one of its verbs, so that a function starts without what it is not asked for. */
const file = {
  create: () => import('./create.ts'),
  discovery: () => import('./discovery.ts'),
  events: () => import('./events.ts'),
  exports: () => import('./exports.ts'),
  groups: () => import('./groups.ts'),
  identity: () => import('./identity.ts'),
  maintenance: () => import('./maintenance.ts'),
  migrate: () => import('./migrate.ts'),
  operations: () => import('./operations.ts'),
  qos: () => import('./qos.ts'),
  registeredHosts: () => import('./registered-hosts.ts'),
  remove: () => import('./remove.ts'),
  rename: () => import('./rename.ts'),
  restore: () => import('./restore.ts'),
  snapshots: () => import('./snapshots.ts'),
  statistics: () => import('./statistics.ts'),
  unexport: () => import('./unexport.ts'),
  volumes: () => import('./volumes.ts'),
};

type Verb<Request, Answer> = (run: Run, request: Request) => Promise<Answer>;

const bound =
  (run: Run) =>
  <File, Request, Answer>(load: () => Promise<File>, verbOf: (loaded: File) => Verb<Request, Answer>) =>
  async (request: Request): Promise<Answer> =>
    verbOf(await load())(run, request);

const volumeVerbs = (run: Run) => {
  const on = bound(run);
  return {
    readInventory: on(file.discovery, ({ readInventory }) => readInventory),
    ensureVolumes: on(file.create, ({ ensureVolumes }) => ensureVolumes),
    ensureVolumesAbsent: on(file.remove, ({ ensureVolumesAbsent }) => ensureVolumesAbsent),
    readVolumes: on(file.volumes, ({ readVolumes }) => readVolumes),
    expandVolumes: on(file.volumes, ({ expandVolumes }) => expandVolumes),
    renameVolumes: on(file.rename, ({ renameVolumes }) => renameVolumes),
    ensureVolumeLimits: on(file.qos, ({ ensureVolumeLimits }) => ensureVolumeLimits),
    adoptVolumes: on(file.rename, ({ adoptVolumes }) => adoptVolumes),
    releaseVolumes: on(file.rename, ({ releaseVolumes }) => releaseVolumes),
    ensureExports: on(file.exports, ({ ensureExports }) => ensureExports),
    ensureExportsAbsent: on(file.unexport, ({ ensureExportsAbsent }) => ensureExportsAbsent),
    readExports: on(file.unexport, ({ readExports }) => readExports),
    ensureHosts: on(file.registeredHosts, ({ ensureHosts }) => ensureHosts),
    ensureHostsAbsent: on(file.registeredHosts, ({ ensureHostsAbsent }) => ensureHostsAbsent),
  };
};

const copyVerbs = (run: Run) => {
  const on = bound(run);
  return {
    ensureSnapshots: on(file.snapshots, ({ ensureSnapshots }) => ensureSnapshots),
    ensureSnapshotsAbsent: on(file.snapshots, ({ ensureSnapshotsAbsent }) => ensureSnapshotsAbsent),
    readSnapshots: on(file.snapshots, ({ readSnapshots }) => readSnapshots),
    restoreVolumes: on(file.restore, ({ restoreVolumes }) => restoreVolumes),
    ensureFullCopies: on(file.snapshots, ({ ensureFullCopies }) => ensureFullCopies),
    ensureFullCopiesAbsent: on(file.snapshots, ({ ensureFullCopiesAbsent }) => ensureFullCopiesAbsent),
    detachFullCopies: on(file.snapshots, ({ detachFullCopies }) => detachFullCopies),
    restoreFromFullCopies: on(file.restore, ({ restoreVolumes }) => restoreVolumes),
    readGroups: on(file.groups, ({ readGroups }) => readGroups),
    ensureGroupsAbsent: on(file.groups, ({ ensureGroupsAbsent }) => ensureGroupsAbsent),
    detachGroups: on(file.groups, ({ detachGroups }) => detachGroups),
    restoreGroups: on(file.groups, ({ restoreGroups }) => restoreGroups),
  };
};

const arrayVerbs = (run: Run) => {
  const on = bound(run);
  return {
    migrateVolumes: on(file.migrate, ({ migrateVolumes }) => migrateVolumes),
    pollOperation: on(file.operations, ({ pollOperation }) => pollOperation),
    cancelOperation: on(file.operations, ({ cancelOperation }) => cancelOperation),
    readStatistics: on(file.statistics, ({ readStatistics }) => readStatistics),
    readEvents: on(file.events, ({ readEvents }) => readEvents),
    checkMaintenance: on(file.maintenance, ({ checkMaintenance }) => checkMaintenance),
    enterMaintenance: on(file.maintenance, ({ enterMaintenance }) => enterMaintenance),
    exitMaintenance: on(file.maintenance, ({ exitMaintenance }) => exitMaintenance),
  };
};

export const driver = implementDriver(scaleio, {
  async open(context) {
    const run = await openRun(context);
    return {
      identify: async () => (await file.identity()).identify(run.gateway, context.credentials.username),
      ...volumeVerbs(run),
      ...copyVerbs(run),
      ...arrayVerbs(run),
    };
  },
  checkConnection: (context) =>
    checkLogin(context, async (gateway) => (await file.identity()).whoAnswers(gateway, context.credentials.username)),
});
