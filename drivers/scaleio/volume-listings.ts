import * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';
import { isVolumeMissing } from './failures.ts';
import type { Gateway } from './gateway.ts';
import { keep } from './kept.ts';
import { selectStatistics } from './select-statistics.ts';
import { type PoolWire, type VolumeWire, volumeWire } from './wire.ts';

/** No single answer of the array holds more volumes than this. */
export const largestListing = 10_000;

/** All at once, pool by pool, or by their ids in slices: the last for a pool whose volumes would be too much for one answer. */
export type WaysToList = 'array' | 'pool' | 'id';

/** Volumes that are listed in one answer, or all ids of the array. */
export type Listing = { path: string } | 'ids';

export const listingsOf = (by: WaysToList, pools: readonly PoolWire[]): readonly Listing[] => {
  if (by === 'array') return [{ path: '/api/types/Volume/instances' }];
  if (by === 'id') return ['ids'];
  const paths = pools.map(({ id }) => `/api/instances/StoragePool::${id}/relationships/Volume`);
  return paths.sort().map((path) => ({ path }));
};

/** Up to a limit of what lies behind a place in a listing, in the order of the ids. */
export interface Part {
  volumes: readonly VolumeWire[];
  /** The id that the part reaches to. */
  through: string;
  /** Whether nothing lies behind it. */
  isLast: boolean;
}

interface Place {
  /** Under which the listing is kept. */
  key: string;
  after: string;
  limit: number;
}

const keptVolumes = keep<readonly VolumeWire[]>();
const keptIds = keep<readonly string[]>();

export const forget = (key: string): void => {
  keptVolumes.drop(key);
  keptIds.drop(key);
};

const inOrder = (volumes: readonly VolumeWire[]): readonly VolumeWire[] => volumes.toSorted((left, right) => (left.id < right.id ? -1 : 1));

const ofListing = async (gateway: Gateway, path: string, { key, after, limit }: Place): Promise<Part> => {
  const listed = await keptVolumes.get(key, async () => inOrder(await gateway.get(z.array(volumeWire), path)));
  const rest = listed.filter(({ id }) => id > after);
  const volumes = rest.slice(0, limit);
  return { volumes, through: volumes.at(-1)?.id ?? after, isLast: volumes.length === rest.length };
};

/** Most volumes of one selection: some 8 MB of an answer. */
const mostSelected = 5000;

/** The volumes of these ids, in one call for each 5,000; refused by the array when one of them is gone. */
export const selectVolumes = async <T>(gateway: Gateway, schema: z.ZodType<T[]>, ids: readonly string[]): Promise<readonly T[]> => {
  const selected: T[] = [];
  for (let from = 0; from < ids.length; from += mostSelected) {
    const slice = ids.slice(from, from + mostSelected);
    selected.push(...(await gateway.ask(schema, '/api/types/Volume/instances/action/queryBySelectedIds', { ids: slice })));
  }
  return selected;
};

/** A figure that every release has; it comes with the ids of all volumes and snapshots, and with little else. */
const smallFigure = 'numOfMappedSdcs';

const readIds = async (gateway: Gateway): Promise<readonly string[]> =>
  [...(await selectStatistics(gateway, 'Volume', [smallFigure])).keys()].sort();

const attempts = 3;

/** A volume that goes between the listing of the ids and a selection makes the array refuse that; then all is tried again. */
export const whileNoneGoes = async <T>(attempt: (isAgain: boolean) => Promise<T>): Promise<T> => {
  for (let tried = 0; tried < attempts; tried += 1) {
    try {
      return await attempt(tried > 0);
    } catch (error) {
      if (!isVolumeMissing(error)) throw error;
    }
  }
  throw new DriverError('volumes are removed faster than they can be listed', { outcome: 'DriverBusy', code: 'array.busy' });
};

const ofIds = (gateway: Gateway, { key, after, limit }: Place): Promise<Part> =>
  whileNoneGoes(async (isAgain) => {
    if (isAgain) keptIds.drop(key);
    const rest = (await keptIds.get(key, () => readIds(gateway))).filter((id) => id > after);
    const ids = rest.slice(0, Math.min(limit, mostSelected));
    const volumes = inOrder(await selectVolumes(gateway, z.array(volumeWire), ids));
    return { volumes, through: ids.at(-1) ?? after, isLast: ids.length === rest.length };
  });

export const readPart = (gateway: Gateway, listing: Listing, place: Place): Promise<Part> =>
  listing === 'ids' ? ofIds(gateway, place) : ofListing(gateway, listing.path, place);
