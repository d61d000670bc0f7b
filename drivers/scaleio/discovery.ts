import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { ObservedVolume } from '../sdk/model.ts';
import type { InventoryPage, InventoryRequest } from '../sdk/verbs.ts';
import { objectCount } from './capacity.ts';
import { type CursorState, readCursor, writeCursor } from './cursor.ts';
import type { Gateway } from './gateway.ts';
import { clusterStateOf } from './mapping.ts';
import { isClusterStill, poolStatistics, readPhysical, readPools } from './physical.ts';
import type { Run } from './run.ts';
import { toVolume } from './volume-mapping.ts';
import { type PoolWire, type VolumeWire, volumeWire } from './wire.ts';

/** Above this the volumes are listed pool by pool, so that no single answer grows too large. */
const largestListing = 10_000;
const largestPageBytes = 3_500_000;

/** Listings that walks are in the middle of, kept by this process so that their next pages cost no listing. */
const kept = new Map<string, readonly VolumeWire[]>();
const mostKept = 3;

const list = async (gateway: Gateway, path: string): Promise<readonly VolumeWire[]> => {
  const volumes = await gateway.get(z.array(volumeWire), path);
  return volumes.sort((left, right) => (left.id < right.id ? -1 : 1));
};

const keyOf = (gateway: Gateway, { walk }: CursorState): string => `${gateway.system.id} ${walk}`;

const keptListing = async (gateway: Gateway, walk: CursorState, path: string): Promise<readonly VolumeWire[]> => {
  const key = keyOf(gateway, walk);
  const known = walk.after === '' ? undefined : kept.get(key);
  if (known !== undefined) return known;
  const volumes = await list(gateway, path);
  kept.set(key, volumes);
  for (const oldest of [...kept.keys()].slice(0, -mostKept)) kept.delete(oldest);
  return volumes;
};

const listingsOf = (byPool: boolean, pools: readonly PoolWire[]): readonly string[] =>
  byPool ? pools.map(({ id }) => `/api/instances/StoragePool::${id}/relationships/Volume`).sort() : ['/api/types/Volume/instances'];

interface Census {
  pools: readonly PoolWire[];
  /** Volumes and snapshots by the array's own count. */
  objects: number;
}

const census = async (gateway: Gateway): Promise<Census> => {
  const pools = await readPools(gateway);
  const statistics = await poolStatistics(gateway, pools);
  return { pools, objects: [...statistics.values()].reduce((sum, figures) => sum + objectCount(figures), 0) };
};

const firstPage = (gateway: Gateway, { objects }: Census): CursorState => ({
  listing: 0,
  after: '',
  seen: 0,
  byPool: objects > largestListing,
  clusterState: clusterStateOf(gateway.system),
  walk: randomUUID(),
});

/** As many as fit one page. */
const cut = (volumes: readonly ObservedVolume[], limit: number): readonly ObservedVolume[] => {
  const page: ObservedVolume[] = [];
  let sizeBytes = 0;
  for (const volume of volumes.slice(0, limit)) {
    sizeBytes += Buffer.byteLength(JSON.stringify(volume)) + 1;
    if (sizeBytes > largestPageBytes && page.length > 0) break;
    page.push(volume);
  }
  return page;
};

const next = (state: CursorState, page: readonly ObservedVolume[], atEnd: boolean): CursorState => ({
  ...state,
  listing: atEnd ? state.listing + 1 : state.listing,
  after: atEnd ? '' : (page.at(-1)?.nativeId ?? state.after),
  seen: state.seen + page.length,
});

const empty = { systems: [], pools: [], ports: [], hosts: [] };

const readVolumePage = async (gateway: Gateway, { cursor, limit }: InventoryRequest): Promise<InventoryPage> => {
  const { pools, objects } = await census(gateway);
  const state = cursor === undefined ? firstPage(gateway, { pools, objects }) : readCursor(cursor);
  const listings = listingsOf(state.byPool, pools);
  const path = listings[state.listing];
  const domains = new Map(pools.map(({ id, protectionDomainId }) => [id, protectionDomainId]));
  const rest = path === undefined ? [] : (await keptListing(gateway, state, path)).filter(({ id }) => id > state.after);
  const volumes = cut(
    rest.slice(0, limit).map((volume) => toVolume(volume, gateway.system.id, domains.get(volume.storagePoolId))),
    limit,
  );
  const following = next(state, volumes, volumes.length === rest.length);
  if (following.listing < listings.length) return { ...empty, volumes, nextCursor: writeCursor(following), complete: false };
  kept.delete(keyOf(gateway, state));
  return { ...empty, volumes, complete: following.seen === objects && (await isClusterStill(gateway, state.clusterState)) };
};

/** Bulk reads: the calls grow with pools and pages, not with volumes. */
export const readInventory = ({ gateway }: Run, request: InventoryRequest): Promise<InventoryPage> =>
  request.scope === 'physical' ? readPhysical(gateway) : readVolumePage(gateway, request);
