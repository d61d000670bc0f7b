import { expect, it } from 'vitest';
import { readSeen, type Seen, seenWrites } from '../../../../core/discovery/seen.ts';
import { putNative, readOwners } from '../../../../core/volume/native-row.ts';
import { putTombstone, readTombstones } from '../../../../core/volume/tombstone.ts';
import { startedAt } from '../../../support/block-world.ts';
import { MemoryRows } from '../../../support/memory-rows.ts';
import { rowBytes } from '../../../support/row-bytes.ts';

const entry = (patch: Partial<Seen> = {}): Seen => ({
  kind: 'foreign',
  digest: '0123456789abcdef',
  name: 'theirs',
  poolNativeId: 'p1',
  ...patch,
});

const many = (count: number): Map<string, Seen> =>
  new Map(
    Array.from({ length: count }, (_, n) => [
      n.toString(16).padStart(16, '0'),
      entry({ name: `volume-of-somebody-else-${n}`.slice(0, 31) }),
    ]),
  );

const store = async (rows: MemoryRows, before: ReadonlyMap<string, Seen>, after: ReadonlyMap<string, Seen>): Promise<number> => {
  const writes = seenWrites('array-1', before, after);
  for (const write of writes) await rows.transact([write]);
  return writes.length;
};

it('what was seen is read as it was written', async () => {
  const rows = new MemoryRows();
  const seen = many(1000);
  await store(rows, new Map(), seen);
  expect(await readSeen(rows, 'array-1')).toEqual(new Map([...seen].sort(([a], [b]) => (a < b ? -1 : 1))));
  expect((await readSeen(rows, 'array-2')).size).toBe(0);
});

it('what does not fit one answer of the store is read all the same', async () => {
  const rows = new MemoryRows();
  await store(rows, new Map(), many(20));
  const owned = ['n1', 'n2'].map((nativeId) => putNative({ arrayId: 'array-1', nativeId, volumeId: nativeId }));
  const tombstone = { volumeId: 'v', operationId: 'o', poolNativeId: 'p', bytes: 8, provisioning: 'thin' as const, notBefore: startedAt };
  const left = ['a', 'b'].map((nativeName) => putTombstone('array-1', { ...tombstone, nativeName }, startedAt));
  await rows.transact([...owned, ...left]);
  const query = rows.query.bind(rows);
  rows.query = (page) => query({ ...page, limit: 1 });
  expect((await readSeen(rows, 'array-1')).size).toBe(20);
  expect([...(await readOwners(rows, 'array-1'))]).toEqual([
    ['n1', 'n1'],
    ['n2', 'n2'],
  ]);
  expect([...(await readTombstones(rows, 'array-1')).keys()]).toEqual(['a', 'b']);
});

it('what did not change is not written, whatever the order in which it was met', () => {
  const seen = many(1000);
  expect(seenWrites('array-1', seen, new Map([...seen].reverse()))).toEqual([]);
});

it('one volume that changed is one row; the last one that goes takes its row with it', async () => {
  const rows = new MemoryRows();
  const seen = many(50);
  await store(rows, new Map(), seen);
  const [[nativeId = ''] = []] = [...seen];
  const changed = new Map(seen).set(nativeId, entry({ kind: 'orphan' }));
  expect(await store(rows, seen, changed)).toBe(1);
  expect((await readSeen(rows, 'array-1')).get(nativeId)?.kind).toBe('orphan');
  await store(rows, changed, new Map());
  expect(rows.all('Inventory')).toEqual([]);
});

it('of the largest array there is no row is a quarter of what an item may be', () => {
  const largest = seenWrites('array-1', new Map(), many(131_072)).map((write) => (write.do === 'put' ? rowBytes(write.row) : 0));
  expect(Math.max(...largest)).toBeLessThan(100_000);
});
