import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { InventoryPage, InventoryRequest } from '../sdk/verbs.ts';
import { clusterStateOf } from './array-identity.ts';
import { cursorsOf } from './cursor.ts';
import type { Gateway } from './gateway.ts';
import { keep } from './kept.ts';
import { pageOf } from './page.ts';
import { isClusterStill, isWhole, type Physical, readPhysical } from './physical.ts';

const walkState = z.object({
  /** Tells one walk from the next. */
  walk: z.string(),
  /** Kind and id of the last object given out. */
  after: z.string(),
  /** Of all that was there when the first page was read. */
  digest: z.string().optional(),
  /** State of the array's management when the first page was read. */
  clusterState: z.string(),
  /** Whether a later page found other objects than the first. */
  changed: z.boolean(),
});

const cursors = cursorsOf(walkState);

const firstPage = (gateway: Gateway): z.infer<typeof walkState> => ({
  walk: randomUUID(),
  after: '',
  clusterState: clusterStateOf(gateway.system),
  changed: false,
});

const kept = keep<Physical>();

type Objects = Omit<Physical, 'counts'>;

const kinds = ['systems', 'pools', 'servers', 'targets', 'hosts'] as const satisfies readonly (keyof Objects)[];

/** In the order of the pages: what others belong to comes first. */
const placeOf = (kind: (typeof kinds)[number], { nativeId }: { nativeId: string }): string => `${kinds.indexOf(kind)} ${nativeId}`;

const placesOf = (objects: Objects): readonly string[] => kinds.flatMap((kind) => objects[kind].map((object) => placeOf(kind, object)));

const digestOf = (physical: Physical): string => createHash('sha256').update(placesOf(physical).join()).digest('base64url').slice(0, 16);

/** What lies behind one place, up to another. */
const between = ({ systems, pools, servers, targets, hosts }: Objects, after: string, last: string): Objects => {
  const within = (kind: (typeof kinds)[number]) => (object: { nativeId: string }) => {
    const place = placeOf(kind, object);
    return place > after && place <= last;
  };
  return {
    systems: systems.filter(within('systems')),
    pools: pools.filter(within('pools')),
    servers: servers.filter(within('servers')),
    targets: targets.filter(within('targets')),
    hosts: hosts.filter(within('hosts')),
  };
};

const beyondAll = '~';

/** As many as fit one page; `last` is the place of the last of them. */
const pageAfter = (physical: Physical, after: string, limit: number): { objects: Objects; last: string; isLast: boolean } => {
  const rest = between(physical, after, beyondAll);
  const given = pageOf(
    kinds.flatMap((kind): readonly object[] => rest[kind]),
    limit,
  ).length;
  const places = placesOf(rest);
  const last = places[given - 1] ?? after;
  return { objects: between(rest, after, last), last, isLast: given === places.length };
};

/**
 * Everything but volumes, page by page: the array is read with the first page, and again only by a process that has not seen that. The last
 * page is complete if the array counts what was given out, and no page found other objects than the first.
 */
export const readPhysicalPage = async (gateway: Gateway, { cursor, limit }: InventoryRequest): Promise<InventoryPage> => {
  const state = cursor === undefined ? firstPage(gateway) : cursors.read(cursor);
  const key = `${gateway.system.id} ${state.walk}`;
  const physical = await kept.get(key, () => readPhysical(gateway));
  const digest = digestOf(physical);
  const begun = { ...state, digest: state.digest ?? digest };
  const changed = state.changed || begun.digest !== digest;
  const { objects, last, isLast } = pageAfter(physical, state.after, limit);
  const { servers, targets, ...others } = objects;
  const page = { ...others, ports: [...servers, ...targets], volumes: [] };
  if (!isLast) return { ...page, nextCursor: cursors.write({ ...begun, after: last, changed }), complete: false };
  kept.drop(key);
  return { ...page, complete: !changed && (await isWhole(gateway, physical)) && (await isClusterStill(gateway, state.clusterState)) };
};
