import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import type { Capability, VerbInput, VerbName, VerbOutput } from '../capability-verbs.ts';
import { contractVersion, type DriverAnswer, type DriverDeclaration, type DriverRequest } from '../driver.ts';
import type { ArrayIdentity, HostComponent, ObservedVolume, StoragePool, StoragePort } from '../model.ts';
import type { BatchAnswer, CommittedVolume, ItemAnswer, PlannedVolume, VolumeIntent } from '../verbs.ts';
import { isVersionAtLeast } from '../version.ts';
import { verbOutputs } from '../wire/verbs.ts';
import { driverAnswer } from '../wire.ts';
import { allPhysical, inventoryPages } from './inventory-pages.ts';
import type { ConformanceTarget, Contents, FaultInjector, Outsider } from './target.ts';

const runSeconds = 120;

type ObservedOf<V extends VerbName> = VerbOutput<V> extends BatchAnswer<infer Observed> ? Observed : never;

/** Those whose request and answer have items that belong together. */
type BatchVerb = {
  [V in VerbName]: [VerbInput<V>, VerbOutput<V>] extends [{ items: readonly { ref: string }[] }, BatchAnswer<unknown>] ? V : never;
}[VerbName];

/** What cases work with: the driver's verbs, the array's first pool, and a memory of what has to be removed again. */
export interface Bench {
  target: ConformanceTarget;
  pools: readonly StoragePool[];
  pool: StoragePool;
  ports: readonly StoragePort[];
  hosts: readonly HostComponent[];
  identity: ArrayIdentity;
  /** Whether the driver declares it, and this array is new enough for it. */
  has(capability: Capability): boolean;
  faults: FaultInjector;
  outsider: Outsider;
  contents: Contents;
  request(verb: string, input: unknown, changed?: Partial<DriverRequest>): DriverRequest;
  serve(verb: string, input: unknown, changed?: Partial<DriverRequest>): Promise<DriverAnswer>;
  output<T>(verb: string, input: unknown): Promise<T>;
  /** Calls a verb that answers for each item of its request, one by one. */
  items<V extends BatchVerb>(verb: V, input: VerbInput<V>): Promise<readonly ItemAnswer<ObservedOf<V>>[]>;
  newName(): string;
  intent(changed?: Partial<VolumeIntent>): VolumeIntent;
  /** Makes a volume through the driver. */
  make(changed?: Partial<VolumeIntent>): Promise<ObservedVolume>;
  /** Makes a volume past the driver. */
  makeForeign(changed?: Partial<VolumeIntent>): Promise<string>;
  /** Every volume of these names, whoever made it. */
  named(...names: readonly string[]): Promise<readonly ObservedVolume[]>;
  cleanUp(): Promise<void>;
}

export const committed = (volume: ObservedVolume): CommittedVolume => ({
  kind: 'committed',
  nativeId: volume.nativeId,
  expectedName: volume.name,
  createdAt: volume.createdAt,
  sizeBytes: volume.sizeBytes,
  poolNativeId: volume.poolNativeId,
});

export const planned = (intent: VolumeIntent, notBefore = new Date(0).toISOString()): PlannedVolume => ({
  kind: 'planned',
  name: intent.name,
  poolNativeId: intent.poolNativeId,
  sizeBytes: intent.sizeBytes,
  provisioningType: intent.provisioningType,
  notBefore,
});

export const only = <T>(values: readonly T[]): T => {
  const [value] = values;
  assert.equal(values.length, 1);
  assert.ok(value !== undefined);
  return value;
};

const answered = <T>(answer: DriverAnswer): T => {
  assert.equal(answer.error, undefined, JSON.stringify(answer.error));
  return answer.output as T;
};

const absentHook = (): never => {
  throw new Error('the target does not offer this');
};

const noFaults: FaultInjector = {
  loseAnswer: absentHook,
  spoilAnswers: absentHook,
  delayAnswers: absentHook,
  expireSessions: absentHook,
  swapArray: absentHook,
  clear: absentHook,
};

const noOutsider: Outsider = {
  createVolume: absentHook,
  renameVolume: absentHook,
  removeVolume: absentHook,
  map: absentHook,
  unmap: absentHook,
  snapshot: absentHook,
};

const noContents: Contents = { write: absentHook, read: absentHook };

export interface Client {
  request: Bench['request'];
  serve: Bench['serve'];
  output: Bench['output'];
}

const outputSchemas: ReadonlyMap<string, z.ZodType> = new Map(Object.entries(verbOutputs));

/** Whatever else a case looks at, an answer has the shape that the contract gives it. */
const hasShape = (verb: string, answer: DriverAnswer): void => {
  driverAnswer.parse(answer);
  if (answer.error === undefined) outputSchemas.get(verb)?.parse(answer.output);
};

export const clientOf = (target: ConformanceTarget): Client => {
  const request: Bench['request'] = (verb, input, changed = {}) => ({
    contractVersion,
    verb,
    arrayId: target.arrayId,
    correlationId: 'conformance',
    deadline: Date.now() + runSeconds * 1000,
    connection: target.connection,
    options: target.options,
    secretId: 'conformance',
    input,
    ...changed,
  });
  const serve: Bench['serve'] = async (verb, input, changed) => {
    const answer = await target.serve(request(verb, input, changed), target.allowedCidrs);
    hasShape(verb, answer);
    return answer;
  };
  return { request, serve, output: async (verb, input) => answered(await serve(verb, input)) };
};

export const allVolumes = async (client: Pick<Client, 'output'>, limit = 1000): Promise<readonly ObservedVolume[]> =>
  (await inventoryPages(client, { scope: 'volumes', limit })).flatMap(({ volumes }) => volumes);

interface Remover {
  client: Client;
  target: ConformanceTarget;
}

const removeSnapshot = async ({ client, target }: Remover, volume: ObservedVolume): Promise<void> => {
  if (!target.declaration.capabilities.includes('snapshot')) return target.outsider?.removeVolume(volume.nativeId);
  const items = [{ ref: 'remove', snapshot: committed(volume) }];
  const answer = await client.output<BatchAnswer<never>>('ensureSnapshotsAbsent', { items });
  assert.equal(only(answer.items).status, 'done', JSON.stringify(answer));
};

const removeOne = async ({ client, target }: Remover, volume: ObservedVolume): Promise<void> => {
  for (const { initiatorType, initiatorId } of volume.mappings) {
    const item = { ref: 'unmap', volume: committed(volume), initiator: { type: initiatorType, id: initiatorId } };
    await client.output('ensureExportsAbsent', { items: [item] });
  }
  if (volume.kind === 'snapshot') return removeSnapshot({ client, target }, volume);
  const answer = await client.output<BatchAnswer<never>>('ensureVolumesAbsent', { items: [{ ref: 'remove', volume: committed(volume) }] });
  assert.equal(only(answer.items).status, 'done', JSON.stringify(answer));
};

interface Namer {
  newName: Bench['newName'];
  given: readonly string[];
}

const namerOf = ({ declaration }: ConformanceTarget): Namer => {
  const given: string[] = [];
  const newName = (): string => {
    const name = `${declaration.namePrefix}${randomBytes(32).toString('hex')}`.slice(0, Math.min(declaration.maxNameLength, 31));
    given.push(name);
    return name;
  };
  return { newName, given };
};

const intentOn =
  (pool: StoragePool, newName: () => string): Bench['intent'] =>
  (changed = {}) => ({
    ref: 'volume',
    systemNativeId: pool.systemNativeId,
    poolNativeId: pool.nativeId,
    sizeBytes: pool.minVolumeBytes,
    provisioningType: pool.provisioningTypes[0] ?? 'thin',
    ...changed,
    name: changed.name ?? newName(),
  });

const batchesOf =
  ({ output }: Client): Bench['items'] =>
  async (verb, input: { items: readonly { ref: string }[] }) => {
    const answer: BatchAnswer<never> = await output(verb, input);
    const refs = answer.items.map(({ ref }) => ref);
    const asked = input.items.map(({ ref }) => ref);
    assert.deepEqual(refs, asked, 'a batch answers for each item, in order');
    return answer.items;
  };

const cleanerOf =
  (client: Client, target: ConformanceTarget, given: readonly string[]): Bench['cleanUp'] =>
  async () => {
    await target.faults?.clear();
    const left = (await allVolumes(client)).filter(({ name }) => given.includes(name));
    const snapshotsFirst = [...left].sort((one, other) => Number(one.kind === 'volume') - Number(other.kind === 'volume'));
    for (const volume of snapshotsFirst) await removeOne({ client, target }, volume);
  };

/** Why a capability cannot be tried on this array: not declared, or the version that would have it. */
export const lackOf = (declaration: DriverDeclaration, identity: ArrayIdentity, capability: Capability): string | undefined => {
  if (!declaration.capabilities.includes(capability)) return 'not declared';
  const since = declaration.capabilityDefinitions?.[capability]?.since;
  if (since !== undefined && !isVersionAtLeast(identity.version, since)) return `version ${since}`;
  const told = identity.capabilities?.find((instance) => instance.capability === capability && instance.scope === 'array');
  return told?.available === false ? 'this array' : undefined;
};

export const openBench = async (target: ConformanceTarget): Promise<Bench> => {
  const client = clientOf(target);
  const { pools, ports, hosts } = await allPhysical(client);
  const identity: ArrayIdentity = await client.output('identify', null);
  const [pool] = pools;
  assert.ok(pool, 'the array has no pool to make volumes in');
  const { newName, given } = namerOf(target);
  const intent = intentOn(pool, newName);
  const items = batchesOf(client);
  const outsider = target.outsider ?? noOutsider;
  return {
    ...client,
    target,
    pools,
    pool,
    ports,
    hosts,
    identity,
    has: (capability) => lackOf(target.declaration, identity, capability) === undefined,
    faults: target.faults ?? noFaults,
    outsider,
    contents: target.contents ?? noContents,
    items,
    newName,
    intent,
    async make(changed) {
      const item = only(await items('ensureVolumes', { items: [intent(changed)] }));
      assert.ok(item.status === 'done' && item.observed, JSON.stringify(item));
      return item.observed;
    },
    makeForeign: (changed) => outsider.createVolume(intent(changed)),
    named: async (...wanted) => (await allVolumes(client)).filter(({ name }) => wanted.includes(name)),
    cleanUp: cleanerOf(client, target, given),
  };
};
