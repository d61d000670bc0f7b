import { implementDriver } from '../sdk/driver.ts';
import { ensureVolumes } from './create.ts';
import { readInventory } from './discovery.ts';
import { ensureExports } from './exports.ts';
import { scaleio } from './index.ts';
import { logIn, logOut } from './login.ts';
import { toIdentity } from './mapping.ts';
import { ensureVolumesAbsent } from './remove.ts';
import { openRun } from './run.ts';
import { ensureExportsAbsent, readExports } from './unexport.ts';
import { expandVolumes, readVolumes } from './volumes.ts';

export const driver = implementDriver(scaleio, {
  async open(context) {
    const run = await openRun(context);
    return {
      identify: async () => toIdentity(run.gateway.system, run.gateway.version),
      readInventory: (request) => readInventory(run, request),
      ensureVolumes: (request) => ensureVolumes(run, request),
      ensureVolumesAbsent: (request) => ensureVolumesAbsent(run, request),
      readVolumes: (request) => readVolumes(run, request),
      expandVolumes: (request) => expandVolumes(run, request),
      ensureExports: (request) => ensureExports(run, request),
      ensureExportsAbsent: (request) => ensureExportsAbsent(run, request),
      readExports: (request) => readExports(run, request),
    };
  },
  async checkConnection(context) {
    const session = await logIn(context);
    await logOut(session, context);
    return toIdentity(session.system, session.version);
  },
});
