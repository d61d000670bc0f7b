import * as z from 'zod';
import type { ObservedVolume } from '../../drivers/sdk/model.ts';
import type { Key, Row, Write } from '../change.ts';
import type { Rows } from '../ports.ts';
import { unlikePlanned } from './same.ts';

/**
 * What a creation that was taken back leaves: should its volume appear on the array all the same, it is known whose it is. Kept for 30 days.
 */
export const tombstoneSchema = z.object({
  nativeName: z.string(),
  volumeId: z.string(),
  operationId: z.string(),
  poolNativeId: z.string(),
  bytes: z.number().int(),
  provisioning: z.enum(['thin', 'thick']),
  /** When the operation began. */
  notBefore: z.string(),
  /** Discovery saw it mapped. */
  wasMapped: z.boolean().optional(),
  /** Why the array did not remove it. */
  refusal: z.string().optional(),
});
export type Tombstone = z.infer<typeof tombstoneSchema>;

const keptDays = 30;

const tombstonePk = (arrayId: string): string => `TOMBSTONE#${arrayId}`;
const keyOf = (arrayId: string, nativeName: string): Key => ({ pk: tombstonePk(arrayId), sk: nativeName });

/** Also to note what speaks against removing it. */
export const putTombstone = (arrayId: string, { nativeName, ...rest }: Tombstone, at: string): Write => ({
  do: 'put',
  table: 'Coordination',
  row: { ...keyOf(arrayId, nativeName), ...rest, expiresAtEpochSeconds: Math.floor(Date.parse(at) / 1000) + keptDays * 86_400 },
});

export const dropTombstone = (arrayId: string, nativeName: string): Write => ({
  do: 'delete',
  table: 'Coordination',
  key: keyOf(arrayId, nativeName),
});

const tombstoneOf = (row: Row): Tombstone => tombstoneSchema.parse({ ...row, nativeName: row.sk });

/** Of one array, by name. */
export const readTombstones = async (rows: Rows, arrayId: string): Promise<ReadonlyMap<string, Tombstone>> => {
  const found = new Map<string, Tombstone>();
  let cursor: string | undefined;
  do {
    const page = await rows.query({ table: 'Coordination', pk: tombstonePk(arrayId), ...(cursor ? { cursor } : {}) });
    for (const row of page.rows) found.set(row.sk, tombstoneOf(row));
    cursor = page.cursor;
  } while (cursor);
  return found;
};

export interface Remains {
  readonly observed: ObservedVolume;
  readonly tombstone: Tombstone | undefined;
  /** State of the record of the volume whose name it has; undefined without one. */
  readonly recordState: string | undefined;
  /** Something on the array was taken from it. */
  readonly hasDescendants: boolean;
}

/**
 * Why an object that bears our mark and has no record is not removed by itself; undefined when all of it holds: a creation of this
 * installation that failed left a tombstone, it is what was planned in name, pool, size and type, it came after that creation began, it was
 * never mapped as far as was seen, and nothing was taken from it.
 */
export const keptBecause = ({ observed, tombstone, recordState, hasDescendants }: Remains): string | undefined => {
  if (!tombstone) return 'no creation that failed is known to have left it';
  if (recordState !== 'deleted') return `the record of the volume is ${recordState ?? 'not there'}`;
  const difference = unlikePlanned(observed, tombstone);
  if (difference !== undefined) return `it is not what was planned: its ${difference} differs`;
  if (observed.mappings.length > 0) return 'it is mapped';
  if (tombstone.wasMapped) return 'it was mapped';
  if (hasDescendants) return 'something was taken from it';
  return tombstone.refusal === undefined ? undefined : `the array did not remove it: ${tombstone.refusal}`;
};
