import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { ObservedVolume } from '../sdk/model.ts';
import type { InventoryPage, InventoryRequest } from '../sdk/verbs.ts';
import { clusterStateOf } from './array-identity.ts';
import { objectCount } from './capacity.ts';
import { cursorsOf } from './cursor.ts';
import type { Gateway } from './gateway.ts';
import { pageOf } from './page.ts';
import { isClusterStill, readPools } from './physical.ts';
import { poolCounts } from './pool-statistics.ts';
import { forget, type Listing, largestListing, listingsOf, type Part, readPart, type WaysToList } from './volume-listings.ts';
import { toVolume } from './volume-mapping.ts';
import type { PoolWire } from './wire.ts';

const walkState = z.object({
  /** Which listing is under way, of those the first page decided on. */
  listing: z.int().min(0),
  /** Id of the last volume given out of it. */
  after: z.string(),
  /** Volumes given out so far. */
  seen: z.int().min(0),
  /** How the first page decided to list them. */
  by: z.enum(['array', 'pool', 'id']),
  /** State of the array's management when the first page was read. */
  clusterState: z.string(),
  /** Tells one walk through the volumes from the next. */
  walk: z.string(),
});
type WalkState = z.infer<typeof walkState>;

const cursors = cursorsOf(walkState);

interface Census {
  pools: readonly PoolWire[];
  /** Volumes and snapshots by the array's own count, and of the fullest pool. */
  objects: number;
  mostInPool: number;
}

const census = async (gateway: Gateway): Promise<Census> => {
  const pools = await readPools(gateway);
  const counts = [...(await poolCounts(gateway)).values()].map(objectCount);
  return { pools, objects: counts.reduce((sum, count) => sum + count, 0), mostInPool: Math.max(0, ...counts) };
};

const wayFor = ({ objects, mostInPool }: Census): WaysToList => {
  if (objects <= largestListing) return 'array';
  return mostInPool <= largestListing ? 'pool' : 'id';
};

const firstPage = (gateway: Gateway, counted: Census): WalkState => ({
  listing: 0,
  after: '',
  seen: 0,
  by: wayFor(counted),
  clusterState: clusterStateOf(gateway.system),
  walk: randomUUID(),
});

const next = (state: WalkState, part: Part, page: readonly ObservedVolume[]): WalkState => {
  const seen = state.seen + page.length;
  if (page.length < part.volumes.length) return { ...state, seen, after: page.at(-1)?.nativeId ?? state.after };
  return part.isLast ? { ...state, seen, listing: state.listing + 1, after: '' } : { ...state, seen, after: part.through };
};

const nothing: Part = { volumes: [], through: '', isLast: true };

const empty = { systems: [], pools: [], ports: [], hosts: [] };

/** Bulk reads: the calls grow with pools and pages, not with volumes; neither an answer nor what is kept grows with the array. */
export const readVolumePage = async (gateway: Gateway, { cursor, limit }: InventoryRequest): Promise<InventoryPage> => {
  const counted = await census(gateway);
  const state = cursor === undefined ? firstPage(gateway, counted) : cursors.read(cursor);
  const listings = listingsOf(state.by, counted.pools);
  const listing: Listing | undefined = listings[state.listing];
  const key = `${gateway.system.id} ${state.walk} ${state.listing}`;
  const domains = new Map(counted.pools.map(({ id, protectionDomainId }) => [id, protectionDomainId]));
  const part = listing === undefined ? nothing : await readPart(gateway, listing, { key, after: state.after, limit });
  const volumes = pageOf(
    part.volumes.map((volume) => toVolume(volume, gateway.system.id, domains.get(volume.storagePoolId))),
    limit,
  );
  const following = next(state, part, volumes);
  if (following.listing > state.listing) forget(key);
  if (following.listing < listings.length) return { ...empty, volumes, nextCursor: cursors.write(following), complete: false };
  return { ...empty, volumes, complete: following.seen === counted.objects && (await isClusterStill(gateway, state.clusterState)) };
};
