import * as z from 'zod';
import { runBatch } from '../../../drivers/sdk/batch.ts';
import { capabilityNames } from '../../../drivers/sdk/capabilities.ts';
import { type DriverContext, declareDriver, implementDriver } from '../../../drivers/sdk/driver.ts';
import { DriverError } from '../../../drivers/sdk/errors.ts';
import { asDriverError, failedItem } from '../../../drivers/sdk/failure.ts';
import type { ArrayIdentity } from '../../../drivers/sdk/model.ts';
import type { BatchAnswer, InventoryPage, InventoryRequest, ItemAnswer } from '../../../drivers/sdk/verbs.ts';
import { gibibyte, type PaperArray, told } from './array.ts';
import * as block from './block.ts';
import { refused } from './checks.ts';
import * as copies from './copies.ts';
import * as operate from './operate.ts';

export const paper = declareDriver({
  type: 'paper',
  displayName: 'Paper array',
  interfaceType: 'paper',
  systemType: 'paper',
  protocols: ['iSCSI'],
  capabilities: capabilityNames,
  options: z.strictObject({ shelf: z.int().default(1).meta({ title: 'Shelf', description: 'Where the paper lies' }) }),
  defaultPort: 443,
  maxNameLength: 31,
  namePrefix: 'p',
  graceSeconds: 1,
  maxConcurrentOperations: 4,
});

export const credentials = { username: 'clerk', password: 'p4per-secret' };

const identityOf = ({ arrayId, version }: PaperArray): ArrayIdentity => ({
  arrayId,
  vendor: 'Patina',
  model: 'Paper',
  version,
  warnings: [],
  account: { role: 'clerk', moreThanNeeded: false },
  capabilities: [
    {
      capability: 'snapshot',
      scope: 'array',
      available: true,
      limits: { maxPerTree: copies.maxPerTree, accessModes: ['read-only', 'read-write'] },
    },
    { capability: 'native.folding', scope: 'array', available: true, limits: {} },
  ],
});

const everything = (array: PaperArray): InventoryPage => ({
  systems: [{ nativeId: 's1', name: 's1', serialNumber: '1', firmwareVersion: '1', model: 'Paper', state: 'online' }],
  pools: block.pools.map((nativeId) => ({
    ...{ nativeId, systemNativeId: 's1', name: nativeId, state: 'online', provisioningTypes: ['thin', 'thick'], driveTypes: ['SSD'] },
    ...{ totalBytes: 4096 * gibibyte, freeBytes: 2048 * gibibyte, subscribedBytes: 0, volumeCount: 0 },
    ...{ minVolumeBytes: gibibyte, maxVolumeBytes: 1024 * gibibyte, sizeGranularityBytes: gibibyte },
    ...{ unwrittenReadsZero: 'yes', compression: false, statisticsLagSeconds: 0 },
  })),
  ports: [{ nativeId: 'port-1', systemNativeId: 's1', name: 'port', addresses: [], transport: 'ip', state: 'online' }],
  hosts: array.hosts,
  volumes: [...array.volumes.values()].map(told),
  complete: true,
});

const scopes = { physical: ['systems', 'pools', 'ports', 'hosts'], volumes: ['volumes'] } as const;
const nothing: InventoryPage = { systems: [], pools: [], ports: [], hosts: [], volumes: [], complete: true };

const readInventory = (array: PaperArray, { scope, cursor, limit }: InventoryRequest): InventoryPage => {
  const from = block.requireInventoryCursor(cursor);
  const all = everything(array);
  let before = 0;
  const lists = scopes[scope].map((kind) => {
    const [start, end] = [Math.max(0, from - before), Math.max(0, from + limit - before)];
    before += all[kind].length;
    return [kind, all[kind].slice(start, end)];
  });
  const page: InventoryPage = { ...nothing, ...Object.fromEntries(lists) };
  return from + limit >= before ? page : { ...page, complete: false, nextCursor: String(from + limit) };
};

const logIn = (array: PaperArray, context: DriverContext<unknown>): void => {
  context.onGatewayCall('login');
  const { username, password } = context.credentials;
  if (username !== credentials.username || password !== credentials.password) throw refused('credentials.refused');
  if (context.arrayId !== undefined && context.arrayId !== array.arrayId) throw refused('array.identityChanged');
};

type Work<Item, Observed> = (array: PaperArray, item: Item) => block.Done<Observed>;

/** The group as a whole: made, found, or why it cannot be. */
const groupOutcome = (array: PaperArray, items: readonly copies.Intent[]): 'made' | 'found' | DriverError => {
  try {
    return copies.ensureGroup(array, items);
  } catch (error) {
    return asDriverError(error);
  }
};

const verbsOf = (array: PaperArray, context: DriverContext<unknown>) => {
  const batch = async <Item extends { ref: string }, Observed>(
    items: readonly Item[],
    work: Work<Item, Observed>,
  ): Promise<BatchAnswer<Observed>> => {
    context.onGatewayCall('read');
    const limits = { atOnce: 1, startUntil: context.deadline, now: context.now };
    return runBatch<Item, Observed>(items, limits, async (item) => work(array, item));
  };
  const each =
    <Item extends { ref: string }, Observed>(work: Work<Item, Observed>) =>
    ({ items }: { items: readonly Item[] }) =>
      batch(items, work);
  const grouped =
    <Item extends copies.Intent, Observed>(work: Work<Item, Observed>) =>
    async ({ items, groupRef }: { items: readonly Item[]; groupRef?: string }): Promise<BatchAnswer<Observed>> => {
      if (groupRef === undefined) return batch(items, work);
      const outcome = groupOutcome(array, items);
      if (outcome instanceof DriverError) return { items: items.map(({ ref }) => failedItem(ref, outcome)) };
      const answer = await batch(items, work);
      return { items: answer.items.map((item) => ({ ...item, outcome })) };
    };
  return { batch, each, grouped };
};

const migrate = (array: PaperArray, items: Parameters<typeof block.migrateVolume>[1][]): BatchAnswer<never> => {
  const answers = items.map((item): { answer: ItemAnswer<never>; handle?: string } => {
    try {
      const result = block.migrateVolume(array, item);
      if (!('running' in result)) return { answer: { ref: item.ref, status: 'done', ...(result as block.Done<never>) } };
      return { answer: { ref: item.ref, status: 'inProgress' }, handle: result.running };
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      return { answer: failedItem(item.ref, error) };
    }
  });
  const handle = answers.find((answer) => answer.handle !== undefined)?.handle;
  const operation = handle === undefined ? {} : { operation: { handle, percent: 0, retryAfterSeconds: 1, cancellable: false } };
  return { items: answers.map(({ answer }) => answer), ...operation };
};

/** A driver before an array in memory, with every capability of the contract. */
export const paperDriver = (array: PaperArray) =>
  implementDriver(paper, {
    async open(context) {
      logIn(array, context);
      array.onChange = () => context.onGatewayCall('change');
      const { batch, each, grouped } = verbsOf(array, context);
      return {
        identify: async () => identityOf(array),
        readInventory: async (request) => readInventory(array, request),
        ensureVolumes: each(block.ensureVolume),
        ensureVolumesAbsent: each(block.removeVolume),
        readVolumes: each(block.readVolume),
        expandVolumes: each(block.expandVolume),
        renameVolumes: each(block.renameVolume),
        ensureVolumeLimits: each(block.limitVolume),
        ensureExports: (intent) => batch(block.pairsOf(intent), block.ensurePair),
        ensureExportsAbsent: each(block.removePair),
        readExports: async (request) => {
          const { items } = await batch(request.items, block.readVolume);
          return {
            items: items.map(({ observed, ...item }) => (observed ? { ...item, observed: { mappings: observed.mappings } } : item)),
          };
        },
        ensureHosts: each(operate.ensureHost),
        ensureHostsAbsent: each(operate.removeHost),
        ensureSnapshots: grouped(copies.ensureSnapshot),
        ensureSnapshotsAbsent: each(copies.removeSnapshot),
        readSnapshots: each(copies.readSnapshot),
        restoreVolumes: each(copies.restore),
        ensureFullCopies: grouped(copies.ensureFullCopy),
        ensureFullCopiesAbsent: each(copies.removeFullCopy),
        detachFullCopies: each(copies.detachCopy),
        restoreFromFullCopies: each(copies.restore),
        readGroups: each(copies.readGroup),
        ensureGroupsAbsent: each(copies.removeGroup),
        detachGroups: each(copies.detachGroup),
        restoreGroups: each(copies.restoreGroup),
        migrateVolumes: async ({ items }) => migrate(array, [...items]),
        adoptVolumes: each(block.adoptVolume),
        releaseVolumes: each(block.releaseVolume),
        readStatistics: async (request) => operate.readStatistics(array, request),
        readEvents: async (request) => operate.readEvents(request),
        checkMaintenance: each(operate.checkMaintenance),
        enterMaintenance: each(operate.requireComponent),
        exitMaintenance: each(operate.requireComponent),
        pollOperation: async ({ handle }) => operate.pollMove(array, handle),
        cancelOperation: async ({ handle }) => operate.pollMove(array, handle),
      };
    },
    async checkConnection(context) {
      logIn(array, { ...context, arrayId: undefined });
      return identityOf(array);
    },
  });
