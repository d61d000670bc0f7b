import { implementDriver } from '../sdk/driver.ts';
import type { ArrayIdentity } from '../sdk/model.ts';
import { readAccount } from './account.ts';
import { ensureVolumes } from './create.ts';
import { readInventory } from './discovery.ts';
import { readEvents } from './events.ts';
import { ensureExports } from './exports.ts';
import type { Gateway } from './gateway.ts';
import { detachGroups, ensureGroupsAbsent, readGroups, restoreGroups } from './groups.ts';
import { scaleio } from './index.ts';
import { capabilityInstances } from './instances.ts';
import { checkLogin } from './login-check.ts';
import { checkMaintenance, enterMaintenance, exitMaintenance } from './maintenance.ts';
import { toIdentity } from './mapping.ts';
import { migrateVolumes } from './migrate.ts';
import { cancelOperation, pollOperation } from './operations.ts';
import { ensureVolumeLimits } from './qos.ts';
import { ensureHosts, ensureHostsAbsent } from './registered-hosts.ts';
import { ensureVolumesAbsent } from './remove.ts';
import { adoptVolumes, releaseVolumes, renameVolumes } from './rename.ts';
import { restoreVolumes } from './restore.ts';
import { openRun, type Run } from './run.ts';
import {
  detachFullCopies,
  ensureFullCopies,
  ensureFullCopiesAbsent,
  ensureSnapshots,
  ensureSnapshotsAbsent,
  readSnapshots,
} from './snapshots.ts';
import { readStatistics } from './statistics.ts';
import { ensureExportsAbsent, readExports } from './unexport.ts';
import { expandVolumes, readVolumes } from './volumes.ts';

const whoAnswers = async (gateway: Gateway, username: string): Promise<ArrayIdentity> =>
  toIdentity(gateway.system, gateway.version, await readAccount(gateway, username));

const identify = async ({ gateway }: Run, username: string): Promise<ArrayIdentity> => ({
  ...(await whoAnswers(gateway, username)),
  capabilities: await capabilityInstances(gateway),
});

type Verb<Request, Answer> = (run: Run, request: Request) => Answer;

const bound =
  (run: Run) =>
  <Request, Answer>(verb: Verb<Request, Answer>) =>
  (request: Request): Answer =>
    verb(run, request);

const volumeVerbs = (run: Run) => {
  const on = bound(run);
  return {
    readInventory: on(readInventory),
    ensureVolumes: on(ensureVolumes),
    ensureVolumesAbsent: on(ensureVolumesAbsent),
    readVolumes: on(readVolumes),
    expandVolumes: on(expandVolumes),
    renameVolumes: on(renameVolumes),
    ensureVolumeLimits: on(ensureVolumeLimits),
    adoptVolumes: on(adoptVolumes),
    releaseVolumes: on(releaseVolumes),
    ensureExports: on(ensureExports),
    ensureExportsAbsent: on(ensureExportsAbsent),
    readExports: on(readExports),
    ensureHosts: on(ensureHosts),
    ensureHostsAbsent: on(ensureHostsAbsent),
  };
};

const copyVerbs = (run: Run) => {
  const on = bound(run);
  return {
    ensureSnapshots: on(ensureSnapshots),
    ensureSnapshotsAbsent: on(ensureSnapshotsAbsent),
    readSnapshots: on(readSnapshots),
    restoreVolumes: on(restoreVolumes),
    ensureFullCopies: on(ensureFullCopies),
    ensureFullCopiesAbsent: on(ensureFullCopiesAbsent),
    detachFullCopies: on(detachFullCopies),
    restoreFromFullCopies: on(restoreVolumes),
    readGroups: on(readGroups),
    ensureGroupsAbsent: on(ensureGroupsAbsent),
    detachGroups: on(detachGroups),
    restoreGroups: on(restoreGroups),
  };
};

const arrayVerbs = (run: Run) => {
  const on = bound(run);
  return {
    migrateVolumes: on(migrateVolumes),
    pollOperation: on(pollOperation),
    cancelOperation: on(cancelOperation),
    readStatistics: on(readStatistics),
    readEvents: on(readEvents),
    checkMaintenance: on(checkMaintenance),
    enterMaintenance: on(enterMaintenance),
    exitMaintenance: on(exitMaintenance),
  };
};

export const driver = implementDriver(scaleio, {
  async open(context) {
    const run = await openRun(context);
    return {
      identify: () => identify(run, context.credentials.username),
      ...volumeVerbs(run),
      ...copyVerbs(run),
      ...arrayVerbs(run),
    };
  },
  checkConnection: (context) => checkLogin(context, (gateway) => whoAnswers(gateway, context.credentials.username)),
});
