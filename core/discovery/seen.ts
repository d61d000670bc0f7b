import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Key, Row, Write } from '../change.ts';
import type { Rows } from '../ports.ts';

/**
 * What discovery has seen of the volumes of one array, in few rows: a rediscovery compares with these and reads a volume's own row only
 * if it changed. A cache that follows what was stored: what is lost of it is looked at anew.
 */

const kinds = ['ours', 'drifted', 'missing', 'foreign', 'orphan', 'same-name'] as const;

/**
 * `ours` is as recorded, `drifted` is not, `missing` is on record and not on the array. `foreign` is nobody's here; `orphan` bears a name
 * of this installation and has no record, `same-name` bears the name of a volume on record and is another object.
 */
export type SeenKind = (typeof kinds)[number];

export interface Seen {
  readonly kind: SeenKind;
  /** Over the object as it was seen, and whose it is. */
  readonly digest: string;
  readonly name: string;
  readonly poolNativeId: string;
}

export type SeenVolumes = ReadonlyMap<string, Seen>;

const seenPk = (arrayId: string): string => `SEEN#${arrayId}`;

/** 256 rows: of the largest array some 500 volumes each, far below what an item may hold. */
const bucketOf = (nativeId: string): string => createHash('sha256').update(nativeId).digest('hex').slice(0, 2);

const entrySchema = z.tuple([z.enum(kinds), z.string(), z.string(), z.string()]);
const bucketSchema = z.object({ volumes: z.record(z.string(), entrySchema) });

const seenIn = (row: Row): [string, Seen][] =>
  Object.entries(bucketSchema.parse(row).volumes).map(([nativeId, [kind, digest, name, poolNativeId]]) => [
    nativeId,
    { kind, digest, name, poolNativeId },
  ]);

/** The rows of one query's pages: a map of 10,000 volumes is some 200 read units. */
const bucketRows = async (rows: Rows, arrayId: string): Promise<Row[]> => {
  const found: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await rows.query({ table: 'Inventory', pk: seenPk(arrayId), ...(cursor ? { cursor } : {}) });
    found.push(...page.rows);
    cursor = page.cursor;
  } while (cursor);
  return found;
};

export const readSeen = async (rows: Rows, arrayId: string): Promise<SeenVolumes> =>
  new Map((await bucketRows(rows, arrayId)).flatMap(seenIn));

type Buckets = ReadonlyMap<string, Readonly<Record<string, readonly string[]>>>;

const inBuckets = (seen: SeenVolumes): Buckets => {
  const buckets = new Map<string, Record<string, readonly string[]>>();
  for (const [nativeId, { kind, digest, name, poolNativeId }] of [...seen].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const bucket = bucketOf(nativeId);
    const volumes = buckets.get(bucket) ?? {};
    volumes[nativeId] = [kind, digest, name, poolNativeId];
    buckets.set(bucket, volumes);
  }
  return buckets;
};

const keyOf = (arrayId: string, bucket: string): Key => ({ pk: seenPk(arrayId), sk: bucket });

/** One write for each row that differs; none for what is as it was. */
export const seenWrites = (arrayId: string, before: SeenVolumes, after: SeenVolumes): Write[] => {
  const [old, now] = [inBuckets(before), inBuckets(after)];
  const changed = [...now].filter(([bucket, volumes]) => JSON.stringify(volumes) !== JSON.stringify(old.get(bucket)));
  const emptied = [...old.keys()].filter((bucket) => !now.has(bucket));
  return [
    ...changed.map(([bucket, volumes]): Write => ({ do: 'put', table: 'Inventory', row: { ...keyOf(arrayId, bucket), volumes } })),
    ...emptied.map((bucket): Write => ({ do: 'delete', table: 'Inventory', key: keyOf(arrayId, bucket) })),
  ];
};
