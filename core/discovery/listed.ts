import { getMany, listStubs, type PageRequest, type Stub, type StubPage } from '../inventory/read.ts';
import type { StoragePool, StorageSystem } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';
import { readSeen, type Seen } from './seen.ts';
import { isUnmanaged } from './sighting.ts';
import { unmanagedIdOf } from './unmanaged.ts';

/** What was seen of an array, in the order of the native ids, from a cursor on. */
export const seenPage = async <T>(
  rows: Rows,
  { arrayId, page, pick }: { readonly arrayId: string; readonly page: PageRequest; pick(nativeId: string, seen: Seen): T | undefined },
): Promise<{ items: T[]; cursor?: string }> => {
  const { limit = Number.POSITIVE_INFINITY, cursor = '' } = page;
  const items: T[] = [];
  let last = '';
  for (const [nativeId, seen] of [...(await readSeen(rows, arrayId))].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const item = nativeId > cursor ? pick(nativeId, seen) : undefined;
    if (item === undefined) continue;
    if (items.length === limit) return { items, cursor: last };
    items.push(item);
    last = nativeId;
  }
  return { items };
};

const unmanagedStub = (arrayId: string, nativeId: string, name: string): Stub => ({
  id: unmanagedIdOf(arrayId, nativeId),
  name: name || nativeId,
});

const unmanagedIn = async (
  rows: Rows,
  { arrayId, pools, page }: { readonly arrayId: string; readonly pools: ReadonlySet<string>; readonly page: PageRequest },
): Promise<StubPage> => {
  const { items, cursor } = await seenPage(rows, {
    arrayId,
    page,
    pick: (nativeId, { kind, name, poolNativeId }) =>
      isUnmanaged(kind) && pools.has(poolNativeId) ? unmanagedStub(arrayId, nativeId, name) : undefined,
  });
  return { stubs: items, ...(cursor ? { cursor } : {}) };
};

/** Volumes and snapshots in the pool that are not ours, as the last discovery saw them. */
export const unmanagedInPool = (rows: Rows, { arrayId, nativeId }: StoragePool, page: PageRequest): Promise<StubPage> =>
  unmanagedIn(rows, { arrayId, pools: new Set([nativeId]), page });

/** The same of all pools of a storage system. */
export const unmanagedInSystem = async (rows: Rows, { id, arrayId }: StorageSystem, page: PageRequest): Promise<StubPage> => {
  const { stubs } = await listStubs(rows, { type: 'StoragePool', scope: id });
  const pools = await getMany(rows, 'system', { type: 'StoragePool', ids: stubs.map((stub) => stub.id) });
  return unmanagedIn(rows, { arrayId, pools: new Set(pools.map(({ nativeId }) => nativeId)), page });
};
