import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { ObservedVolume } from '../sdk/model.ts';
import type { InventoryPage, InventoryRequest } from '../sdk/verbs.ts';
import { objectCount } from './capacity.ts';
import { type WalkState, walkCursors } from './cursor.ts';
import type { Gateway } from './gateway.ts';
import { keep } from './kept.ts';
import { clusterStateOf } from './mapping.ts';
import { pageOf } from './page.ts';
import { isClusterStill, readPhysical, readPools } from './physical.ts';
import { poolCounts } from './pool-statistics.ts';
import type { Run } from './run.ts';
import { toVolume } from './volume-mapping.ts';
import { type PoolWire, type VolumeWire, volumeWire } from './wire.ts';

/** Above this the volumes are listed pool by pool, so that no single answer grows too large. */
const largestListing = 10_000;

const kept = keep<VolumeWire>();

const list = async (gateway: Gateway, path: string): Promise<readonly VolumeWire[]> => {
  const volumes = await gateway.get(z.array(volumeWire), path);
  return volumes.sort((left, right) => (left.id < right.id ? -1 : 1));
};

const keyOf = (gateway: Gateway, { walk, listing }: WalkState): string => `${gateway.system.id} ${walk} ${listing}`;

const listingsOf = (byPool: boolean, pools: readonly PoolWire[]): readonly string[] =>
  byPool ? pools.map(({ id }) => `/api/instances/StoragePool::${id}/relationships/Volume`).sort() : ['/api/types/Volume/instances'];

interface Census {
  pools: readonly PoolWire[];
  /** Volumes and snapshots by the array's own count. */
  objects: number;
}

const census = async (gateway: Gateway): Promise<Census> => {
  const pools = await readPools(gateway);
  const statistics = await poolCounts(gateway);
  return { pools, objects: [...statistics.values()].reduce((sum, figures) => sum + objectCount(figures), 0) };
};

const firstPage = (gateway: Gateway, { objects }: Census): WalkState => ({
  listing: 0,
  after: '',
  seen: 0,
  byPool: objects > largestListing,
  clusterState: clusterStateOf(gateway.system),
  walk: randomUUID(),
});

const next = (state: WalkState, page: readonly ObservedVolume[], atEnd: boolean): WalkState => ({
  ...state,
  listing: atEnd ? state.listing + 1 : state.listing,
  after: atEnd ? '' : (page.at(-1)?.nativeId ?? state.after),
  seen: state.seen + page.length,
});

const empty = { systems: [], pools: [], ports: [], hosts: [] };

const readVolumePage = async (gateway: Gateway, { cursor, limit }: InventoryRequest): Promise<InventoryPage> => {
  const { pools, objects } = await census(gateway);
  const state = cursor === undefined ? firstPage(gateway, { pools, objects }) : walkCursors.read(cursor);
  const listings = listingsOf(state.byPool, pools);
  const path = listings[state.listing];
  const domains = new Map(pools.map(({ id, protectionDomainId }) => [id, protectionDomainId]));
  const rest =
    path === undefined ? [] : (await kept.get(keyOf(gateway, state), () => list(gateway, path))).filter(({ id }) => id > state.after);
  const volumes = pageOf(
    rest.slice(0, limit).map((volume) => toVolume(volume, gateway.system.id, domains.get(volume.storagePoolId))),
    limit,
  );
  const following = next(state, volumes, volumes.length === rest.length);
  if (following.listing > state.listing) kept.drop(keyOf(gateway, state));
  if (following.listing < listings.length) return { ...empty, volumes, nextCursor: walkCursors.write(following), complete: false };
  return { ...empty, volumes, complete: following.seen === objects && (await isClusterStill(gateway, state.clusterState)) };
};

/** Bulk reads: the calls grow with pools and pages, not with volumes. */
export const readInventory = ({ gateway }: Run, request: InventoryRequest): Promise<InventoryPage> =>
  request.scope === 'physical' ? readPhysical(gateway) : readVolumePage(gateway, request);
