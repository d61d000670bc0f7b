import type { VolumeMapping } from '../../drivers/sdk/model.ts';
import { pairRef } from '../../drivers/sdk/refs.ts';
import type { ExportHost, ObservedExport } from '../../drivers/sdk/verbs.ts';
import type { Value } from '../change.ts';
import { byProvider } from '../operation/by-provider.ts';
import type { ArrayCall, StepAnswers } from '../operation/steps.ts';
import { committed } from '../volume/identity.ts';
import type { ExportedVolume, ExportPlan, PairAction, PlannedInitiator, PlannedPair } from './plan.ts';

/** A planned pair with what it is a pair of. */
export interface Pair extends PlannedPair {
  readonly volume: ExportedVolume;
  readonly initiator: PlannedInitiator;
  readonly providerId: string;
  readonly ref: string;
}

/** References are places in the plan: short, since what is learned of many pairs is kept. */
const refOf = (v: number, i: number): string => pairRef(String(v), String(i));

export const pairsOf = (plan: ExportPlan, ...actions: readonly PairAction[]): Pair[] =>
  plan.pairs.flatMap((pair) => {
    const volume = plan.volumes[pair.v];
    const initiator = plan.initiators[pair.i];
    if (!volume || !initiator || !actions.includes(pair.action)) return [];
    return [{ ...pair, volume, initiator, providerId: volume.providerId, ref: refOf(pair.v, pair.i) }];
  });

/** Reads the mappings of the volumes of these pairs. */
export const readCalls = (pairs: readonly Pair[]): ArrayCall[] =>
  byProvider([...new Map(pairs.map((pair) => [pair.v, pair])).values()]).map(([providerId, firsts]) => ({
    providerId,
    verb: 'readExports',
    input: { items: firsts.map(({ v, volume }) => ({ ref: String(v), volume: committed(volume) })) },
  }));

export const absentCalls = (pairs: readonly Pair[]): ArrayCall[] =>
  byProvider(pairs).map(([providerId, items]) => ({
    providerId,
    verb: 'ensureExportsAbsent',
    input: {
      items: items.map(({ ref, volume, initiator }) => ({
        ref,
        volume: committed(volume),
        initiator: { type: initiator.type, id: initiator.port },
      })),
    },
  }));

const hostsOf = (pairs: readonly Pair[]): ExportHost[] => {
  const hosts = new Map<string, ExportHost>();
  for (const { i, initiator } of new Map(pairs.map((pair) => [pair.i, pair])).values()) {
    const { hostId, hostName, osType, type, port, node } = initiator;
    const host = hosts.get(hostId) ?? { ref: hostId, name: hostName, osType, addresses: [], initiators: [] };
    const named = { ref: String(i), type, id: port, ...(node === undefined ? {} : { nodeName: node }) };
    hosts.set(hostId, { ...host, initiators: [...host.initiators, named] });
  }
  return [...hosts.values()];
};

const exportVolumeOf = (v: number, volume: ExportedVolume) => ({
  ref: String(v),
  volume: committed(volume),
  ...(volume.lun === undefined ? {} : { lun: volume.lun }),
  access: 'read-write' as const,
  limits: {
    ...(volume.iops === undefined ? {} : { iops: volume.iops }),
    ...(volume.bandwidthBytesPerSecond === undefined ? {} : { bandwidthBytesPerSecond: volume.bandwidthBytesPerSecond }),
  },
});

/** Volumes that go to the same initiators in the same way are one call, since a call maps every volume to every initiator. */
export const ensureCalls = (plan: ExportPlan): ArrayCall[] => {
  const fresh = new Set(pairsOf(plan, 'map').map(({ v }) => v));
  const named = pairsOf(plan, 'map', 'keep', 'join', 'leave', 'unmap', 'forget').filter(
    ({ v, action, volume }) => fresh.has(v) && (action === 'map' || !volume.shared),
  );
  const calls = new Map<string, Pair[]>();
  for (const v of fresh) {
    const pairs = named.filter((pair) => pair.v === v);
    const key = JSON.stringify([pairs[0]?.providerId, pairs[0]?.volume.shared, pairs[0]?.volume.paths, pairs.map(({ i }) => i).sort()]);
    calls.set(key, [...(calls.get(key) ?? []), ...pairs]);
  }
  return [...calls.values()].flatMap((pairs) => intentOf(pairs));
};

const intentOf = (pairs: readonly Pair[]): ArrayCall[] => {
  const volumes = new Map(pairs.map(({ v, volume }) => [v, volume]));
  return pairs.slice(0, 1).map(({ providerId, volume }) => ({
    providerId,
    verb: 'ensureExports',
    input: {
      volumes: [...volumes].map(([v, one]) => exportVolumeOf(v, one)),
      hosts: hostsOf(pairs),
      targets: { recommended: [], available: [] },
      paths: volume.paths,
      mode: volume.shared ? 'shared' : 'exclusive',
    },
  }));
};

/** Initiators that a volume was mapped to, by the array's answer. */
export const mappedPorts = (answers: StepAnswers, v: number): readonly Pick<VolumeMapping, 'initiatorType' | 'initiatorId'>[] => {
  const observed = answers.find(({ ref }) => ref === String(v))?.observed as { mappings: readonly VolumeMapping[] } | undefined;
  return observed?.mappings ?? [];
};

const isMapped = (answers: StepAnswers, { v, initiator }: Pair): boolean =>
  mappedPorts(answers, v).some(({ initiatorType, initiatorId }) => initiatorType === initiator.type && initiatorId === initiator.port);

export const mappedPairs = (answers: StepAnswers, pairs: readonly Pair[]): Pair[] => pairs.filter((pair) => isMapped(answers, pair));

/** Of the planned new mappings, those that were there before anything was done. */
export const learnFound = (answers: StepAnswers, plan: ExportPlan): Value =>
  mappedPairs(answers, pairsOf(plan, 'map')).map(({ ref }) => ref);

const texts = (value: unknown): string[] | undefined => (Array.isArray(value) ? value.map(String) : undefined);

/** Undefined while it is not known; then nothing has been done either. */
export const foundBefore = (learned: Readonly<Record<string, unknown>>): readonly string[] | undefined => texts(learned['ReadExports']);

/** Takes back what the operation mapped: the planned new mappings but those that were there before. */
export const undoCalls = (plan: ExportPlan, learned: Readonly<Record<string, unknown>>): ArrayCall[] => {
  const found = foundBefore(learned);
  return found === undefined ? [] : absentCalls(pairsOf(plan, 'map').filter(({ ref }) => !found.includes(ref)));
};

export interface Connected {
  readonly [fact: string]: string | number | undefined;
  readonly lun?: number;
  readonly devicePath?: string;
}

/** What the array told of new mappings, by their references. */
export const connections = (answers: StepAnswers): Readonly<Record<string, Connected>> =>
  Object.fromEntries(
    answers.map(({ ref, observed }) => {
      const { lun, connection } = (observed ?? {}) as Partial<ObservedExport>;
      const devicePath = connection?.devicePath;
      return [ref, { ...(lun === undefined ? {} : { lun }), ...(devicePath === undefined ? {} : { devicePath }) }];
    }),
  );
