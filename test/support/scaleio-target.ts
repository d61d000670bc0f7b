import { randomUUID } from 'node:crypto';
import { driver } from '../../drivers/scaleio/driver.ts';
import { contentOf } from '../../drivers/scaleio/simulator/contents.ts';
import { defaultSeed } from '../../drivers/scaleio/simulator/default-seed.ts';
import type { SeedInput } from '../../drivers/scaleio/simulator/seed-schema.ts';
import { snapshotVolumes } from '../../drivers/scaleio/simulator/snapshots.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../drivers/scaleio/simulator/start.ts';
import type { ConformanceTarget, Contents, Effect, FaultInjector, Outsider, Spoiling } from '../../drivers/sdk/conformance/target.ts';
import { serveRequest } from '../../drivers/sdk/serve-request.ts';

const verbs: { readonly [E in Effect]: string } = {
  create: 'create',
  remove: 'removeVolume',
  expand: 'setVolumeSize',
  map: 'addMappedSdc',
  unmap: 'removeMappedSdc',
  snapshot: 'snapshotVolumes',
  restore: 'overwriteVolumeContent',
  rename: 'setVolumeName',
  limit: 'setMappedSdcLimits',
  migrate: 'migrateVTree',
};

export const controlOf =
  (simulator: Simulator) =>
  async (method: string, path: string, body?: unknown): Promise<{ id?: string }> => {
    const answer = await fetch(`${simulator.controlUrl}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return (await answer.json()) as { id?: string };
  };

const shapes = {
  cut: { before: { effect: 'failBefore' }, after: { effect: 'failAfter' } },
  garbage: { before: { effect: 'garbage', when: 'before' }, after: { effect: 'garbage', when: 'after' } },
  unavailable: { before: { effect: 'garbage', when: 'before', status: 503 }, after: { effect: 'garbage', when: 'after', status: 503 } },
} as const satisfies Record<Spoiling, unknown>;

export const faultsOf = (simulator: Simulator): FaultInjector => {
  const systemId = simulator.state.system.id;
  return {
    loseAnswer: async (effect, when, how = 'cut') => simulator.addFault({ match: { verb: verbs[effect] }, ...shapes[how][when] }),
    spoilAnswers: async (how) => simulator.addFault({ ...shapes[how].before, times: 'always' }),
    delayAnswers: async (seconds) => simulator.addFault({ effect: 'delay', delayMs: seconds * 1000, times: 'always' }),
    expireSessions: async (before) => {
      if (before === undefined) simulator.sessions.expireAll();
      else simulator.addFault({ match: { verb: verbs[before] }, effect: 'error', error: { status: 401, message: 'Unauthorized' } });
    },
    swapArray: async () => {
      simulator.state.system.id = '00000000deadbeef';
    },
    clear: async () => {
      simulator.clearFaults();
      simulator.state.system.id = systemId;
    },
  };
};

const snapshotOf = ({ state }: Simulator, volumeId: string, snapshotName: string): string => {
  const { volumeIdList } = snapshotVolumes(state, state.system, { snapshotDefs: [{ volumeId, snapshotName }] });
  return String(Array.isArray(volumeIdList) ? volumeIdList[0] : '');
};

export const outsiderOf = (simulator: Simulator): Outsider => {
  const control = controlOf(simulator);
  return {
    createVolume: async ({ name, poolNativeId, sizeBytes, provisioningType }) => {
      const volumeType = provisioningType === 'thick' ? 'ThickProvisioned' : 'ThinProvisioned';
      const body = { name, storagePoolId: poolNativeId, volumeSizeInKb: String(sizeBytes / 1024), volumeType };
      return (await control('POST', '/volumes', body)).id ?? '';
    },
    renameVolume: async (nativeId, name) => {
      await control('POST', `/volumes/${nativeId}/rename`, { name });
    },
    removeVolume: async (nativeId) => {
      await control('DELETE', `/volumes/${nativeId}`);
    },
    map: async (nativeId, sdc) => {
      await control('POST', `/volumes/${nativeId}/mappings`, { sdc });
    },
    unmap: async (nativeId, sdc) => {
      await control('DELETE', `/volumes/${nativeId}/mappings/${sdc}`);
    },
    snapshot: async (nativeId, name) => snapshotOf(simulator, nativeId, name),
  };
};

export const contentsOf = (simulator: Simulator): Contents => {
  const control = controlOf(simulator);
  return {
    write: async (nativeId, content) => {
      await control('POST', `/volumes/${nativeId}/write`, { content });
    },
    read: async (nativeId) => {
      const volume = simulator.state.volumes.get(nativeId);
      return volume === undefined ? '' : contentOf(volume, simulator.state.clock.nowMs());
    },
  };
};

export const credentials = { username: 'admin', password: 'Secret123!' };

export interface StartedTarget extends ConformanceTarget {
  simulator: Simulator;
  faults: FaultInjector;
  outsider: Outsider;
}

/** Releases from 4.x on have NVMe hosts, which register with nothing but a name. */
const newInitiator = { newInitiator: () => ({ type: 'nvme-tcp' as const, id: `nqn.2014-08.org.nvmexpress:uuid:${randomUUID()}` }) };

/** Moves between pools take a while, so that they can be followed and cancelled. */
export const slowMoves: SeedInput = { ...defaultSeed, behaviour: { migrationSeconds: 60 } };

/** A simulated array and the driver before it. */
export const startTarget = async (options: SimulatorOptions): Promise<StartedTarget> => {
  const simulator = await startSimulator({ user: credentials.username, password: credentials.password, ...options });
  return {
    simulator,
    declaration: driver.declaration,
    connection: {
      endpoints: [{ host: '127.0.0.1', port: simulator.port }],
      tls: { mode: 'pinned', sha256: [simulator.fingerprint256] },
    },
    credentials,
    arrayId: simulator.state.system.id,
    options: {},
    ...(options.apiVersion === '4.5' ? newInitiator : {}),
    pass: async (seconds) => simulator.advanceClock(seconds),
    lacks: options.apiVersion === '2.5' ? ['read-only mappings'] : [],
    allowedCidrs: ['127.0.0.0/8'],
    serve: (request, allowedCidrs) => serveRequest(driver, request, { credentials: async () => credentials, now: Date.now, allowedCidrs }),
    faults: faultsOf(simulator),
    outsider: outsiderOf(simulator),
    contents: contentsOf(simulator),
  };
};
