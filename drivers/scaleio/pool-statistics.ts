import { DriverError } from '../sdk/errors.ts';
import type { Gateway } from './gateway.ts';
import { has } from './releases.ts';
import { type Selection, selectStatistics } from './select-statistics.ts';
import { type PoolStatisticsWire, poolStatisticsWire } from './wire.ts';

export const countProperties = ['numOfThickBaseVolumes', 'numOfThinBaseVolumes', 'numOfSnapshots'];

const healthProperties = [
  'degradedHealthyCapacityInKb',
  'degradedFailedCapacityInKb',
  'failedCapacityInKb',
  'unreachableUnusedCapacityInKb',
];

const sharedProperties = [...countProperties, ...healthProperties, 'capacityLimitInKb', 'spareCapacityInKb'];
const netProperties = [...sharedProperties, 'netCapacityInUseInKb', 'netUnusedCapacityInKb', 'volumeAddressSpaceInKb'];
const rawProperties = [
  ...sharedProperties,
  'capacityAvailableForVolumeAllocationInKb',
  'thickCapacityInUseInKb',
  'thinCapacityAllocatedInKb',
  'snapCapacityInUseInKb',
];

export const capacityProperties = (apiVersion: string): readonly string[] =>
  has(apiVersion, 'net capacity figures') ? netProperties : rawProperties;

/** Some 2.x releases misspell the one figure by which thin volumes count. */
const thinMisspelt = 'thinCapacityAllocatedInKm';

const withThin = async (gateway: Gateway, selection: Selection): Promise<Selection> => {
  const told = [...selection.values()].every((figures) => 'thinCapacityAllocatedInKb' in figures);
  if (told || has(gateway.version, 'net capacity figures')) return selection;
  const misspelt = await selectStatistics(gateway, 'StoragePool', [thinMisspelt]);
  return new Map([...selection].map(([id, figures]) => [id, { thinCapacityAllocatedInKb: misspelt.get(id)?.[thinMisspelt], ...figures }]));
};

const readable = (id: string, figures: unknown): PoolStatisticsWire => {
  const checked = poolStatisticsWire.safeParse(figures);
  if (checked.success) return checked.data;
  throw new DriverError(`the array does not tell what is in pool ${id}`, {
    outcome: 'DriverRejected',
    code: 'array.answerUnreadable',
    cause: checked.error,
  });
};

const byPool = (selection: Selection): ReadonlyMap<string, PoolStatisticsWire> =>
  new Map([...selection].map(([id, figures]) => [id, readable(id, figures)]));

/** Of all pools, in one call. */
export const poolStatistics = async (gateway: Gateway): Promise<ReadonlyMap<string, PoolStatisticsWire>> =>
  byPool(await withThin(gateway, await selectStatistics(gateway, 'StoragePool', capacityProperties(gateway.version))));

/** Volumes and snapshots of all pools, in one call. */
export const poolCounts = async (gateway: Gateway): Promise<ReadonlyMap<string, PoolStatisticsWire>> =>
  byPool(await selectStatistics(gateway, 'StoragePool', countProperties));
