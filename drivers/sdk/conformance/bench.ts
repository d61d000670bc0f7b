import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { contractVersion, type DriverAnswer, type DriverRequest } from '../driver.ts';
import type { HostComponent, ObservedVolume, StoragePool } from '../model.ts';
import type {
  BatchAnswer,
  CommittedVolume,
  ExpandItem,
  ExportPair,
  InventoryPage,
  ItemAnswer,
  PlannedVolume,
  VolumeIntent,
  VolumeItem,
} from '../verbs.ts';
import type { ConformanceTarget, FaultInjector, Outsider } from './target.ts';

const runSeconds = 120;

type BatchItem = VolumeIntent | VolumeItem | ExpandItem | ExportPair;

/** What cases work with: the driver's verbs, the array's first pool, and a memory of what has to be removed again. */
export interface Bench {
  target: ConformanceTarget;
  pools: readonly StoragePool[];
  pool: StoragePool;
  hosts: readonly HostComponent[];
  faults: FaultInjector;
  outsider: Outsider;
  request(verb: string, input: unknown, changed?: Partial<DriverRequest>): DriverRequest;
  serve(verb: string, input: unknown, changed?: Partial<DriverRequest>): Promise<DriverAnswer>;
  output<T>(verb: string, input: unknown): Promise<T>;
  items<Observed = ObservedVolume>(verb: string, input: { items: readonly BatchItem[] }): Promise<readonly ItemAnswer<Observed>[]>;
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

interface Client {
  request: Bench['request'];
  serve: Bench['serve'];
  output: Bench['output'];
}

const clientOf = (target: ConformanceTarget): Client => {
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
  const serve: Bench['serve'] = (verb, input, changed) => target.serve(request(verb, input, changed), target.allowedCidrs);
  return { request, serve, output: async (verb, input) => answered(await serve(verb, input)) };
};

export const allVolumes = async ({ output }: Pick<Client, 'output'>, limit = 1000): Promise<readonly ObservedVolume[]> => {
  const volumes: ObservedVolume[] = [];
  let cursor: string | undefined;
  do {
    const page: InventoryPage = await output('readInventory', { scope: 'volumes', limit, ...(cursor === undefined ? {} : { cursor }) });
    volumes.push(...page.volumes);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return volumes;
};

const removeOne = async (client: Client, outsider: Outsider | undefined, volume: ObservedVolume): Promise<void> => {
  for (const { initiatorType, initiatorId } of volume.mappings) {
    const item = { ref: 'unmap', volume: committed(volume), initiator: { type: initiatorType, id: initiatorId } };
    await client.output('ensureExportsAbsent', { items: [item] });
  }
  if (volume.kind === 'snapshot') return outsider?.removeVolume(volume.nativeId);
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
  async (verb, input) => {
    const answer: BatchAnswer<never> = await output(verb, input);
    const refs = answer.items.map(({ ref }) => ref);
    assert.deepEqual(
      refs,
      input.items.map(({ ref }) => ref),
      'a batch answers for each item, in order',
    );
    return answer.items;
  };

const cleanerOf =
  (client: Client, target: ConformanceTarget, given: readonly string[]): Bench['cleanUp'] =>
  async () => {
    await target.faults?.clear();
    const left = (await allVolumes(client)).filter(({ name }) => given.includes(name));
    const snapshotsFirst = [...left].sort((one, other) => Number(one.kind === 'volume') - Number(other.kind === 'volume'));
    for (const volume of snapshotsFirst) await removeOne(client, target.outsider, volume);
  };

export const openBench = async (target: ConformanceTarget): Promise<Bench> => {
  const client = clientOf(target);
  const { pools, hosts }: InventoryPage = await client.output('readInventory', { scope: 'physical', limit: 1000 });
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
    hosts,
    faults: target.faults ?? noFaults,
    outsider,
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
