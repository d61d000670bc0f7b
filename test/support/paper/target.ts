import {
  type ConformanceTarget,
  type Contents,
  type FaultInjector,
  NotOffered,
  type Outsider,
} from '../../../drivers/sdk/conformance/target.ts';
import type { Driver } from '../../../drivers/sdk/driver.ts';
import { serveRequest } from '../../../drivers/sdk/serve-request.ts';
import { newArray, type PaperArray } from './array.ts';
import { ensureVolume, removeVolume } from './block.ts';
import { ensureSnapshot } from './copies.ts';
import { credentials, paper, paperDriver } from './driver.ts';
import { pollMove } from './operate.ts';

const outsiderOf = (array: PaperArray): Outsider => {
  const volume = (nativeId: string) => {
    const there = array.volumes.get(nativeId);
    if (there === undefined) throw new Error(`there is no volume ${nativeId}`);
    return there;
  };
  const committed = (nativeId: string) => {
    const { name, createdAt, sizeBytes, poolNativeId } = volume(nativeId);
    return { kind: 'committed' as const, nativeId, expectedName: name, createdAt, sizeBytes, poolNativeId };
  };
  return {
    createVolume: async (wanted) => ensureVolume(array, { ...wanted, ref: 'foreign' }).nativeId ?? '',
    renameVolume: async (nativeId, name) => {
      volume(nativeId).name = name;
    },
    removeVolume: async (nativeId) => {
      removeVolume(array, { ref: 'foreign', volume: committed(nativeId) });
    },
    map: async (nativeId, initiatorId) => {
      volume(nativeId).mappings.push({ initiatorType: 'iscsi', initiatorId, access: 'read-write', limits: {} });
    },
    unmap: async (nativeId, initiatorId) => {
      const there = volume(nativeId);
      there.mappings = there.mappings.filter((mapping) => mapping.initiatorId !== initiatorId);
    },
    snapshot: async (nativeId, name) =>
      ensureSnapshot(array, { ref: 'foreign', name, source: committed(nativeId), access: 'read-only' }).nativeId ?? '',
  };
};

const contentsOf = ({ volumes }: PaperArray): Contents => ({
  write: async (nativeId, text) => {
    const volume = volumes.get(nativeId);
    if (volume) volume.content = text;
  },
  read: async (nativeId) => volumes.get(nativeId)?.content ?? '',
});

const nothingBetween = async (): Promise<never> => {
  throw new NotOffered('nothing is between the driver and this array');
};

const faultsOf = (array: PaperArray): FaultInjector => ({
  loseAnswer: async (effect, when) => {
    array.lost = { effect, when };
  },
  spoilAnswers: nothingBetween,
  delayAnswers: nothingBetween,
  expireSessions: async () => undefined,
  swapArray: async () => {
    array.arrayId = 'paper-2';
  },
  clear: async () => {
    array.lost = undefined;
    array.arrayId = 'paper-1';
  },
});

/** A fresh array and the driver before it, or one made of it. */
export const paperTarget = (made: (array: PaperArray) => Driver = paperDriver): ConformanceTarget & { array: PaperArray } => {
  const array = newArray();
  const driver = made(array);
  return {
    array,
    declaration: driver.declaration,
    connection: { endpoints: [{ host: '10.0.0.1', port: paper.defaultPort }], tls: { mode: 'none' } },
    credentials,
    arrayId: array.arrayId,
    options: {},
    allowedCidrs: ['10.0.0.0/8'],
    lacks: ['network'],
    serve: (request, allowedCidrs) => serveRequest(driver, request, { credentials: async () => credentials, now: Date.now, allowedCidrs }),
    faults: faultsOf(array),
    outsider: outsiderOf(array),
    contents: contentsOf(array),
    pass: async () => {
      for (const handle of [...array.moves.keys()]) pollMove(array, handle);
    },
    newInitiator: () => ({ type: 'iscsi', id: `iqn.new-${array.nextId}` }),
  };
};
