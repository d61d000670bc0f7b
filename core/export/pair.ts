import * as z from 'zod';
import { initiatorTypes } from '../../drivers/sdk/model.ts';
import { absent, type Condition, type Key, type Row, type Write } from '../change.ts';
import type { Rows } from '../ports.ts';
import { exportPrefix } from '../volume/require.ts';

/**
 * That a volume is mapped to an initiator: one row, however many export groups want it. `found`: the mapping was there before any group
 * wanted it, and is left there when none does any more. Written only under the volume's lock.
 */
const pairSchema = z.object({
  version: z.number().int(),
  tenantId: z.string(),
  hostId: z.string(),
  initiatorType: z.enum(initiatorTypes),
  port: z.string(),
  groups: z.array(z.string()),
  origin: z.enum(['made', 'found']),
  access: z.enum(['read-write', 'read-only']),
  lun: z.number().int().optional(),
  devicePath: z.string().optional(),
});

export interface ExportPair extends z.infer<typeof pairSchema> {
  readonly volumeId: string;
  readonly initiatorId: string;
}

export interface PairId {
  readonly volumeId: string;
  readonly initiatorId: string;
}

export const pairKey = ({ volumeId, initiatorId }: PairId): Key => ({ pk: volumeId, sk: `${exportPrefix}${initiatorId}` });

export const pairOf = (row: Row): ExportPair => ({
  ...pairSchema.parse(row),
  volumeId: row.pk,
  initiatorId: row.sk.slice(exportPrefix.length),
});

/** Every mapping of a volume that export groups want. */
export const readPairs = async (rows: Rows, volumeId: string): Promise<ExportPair[]> => {
  const pairs: ExportPair[] = [];
  let cursor: string | undefined;
  do {
    const page = await rows.query({ table: 'Inventory', pk: volumeId, skPrefix: exportPrefix, ...(cursor ? { cursor } : {}) });
    pairs.push(...page.rows.map(pairOf));
    cursor = page.cursor;
  } while (cursor);
  return pairs;
};

const atVersion = (version: number): Condition[] => [{ attribute: 'version', is: '=', value: version }];

export const putPair = ({ volumeId, initiatorId, ...rest }: ExportPair): Write => ({
  do: 'put',
  table: 'Inventory',
  row: { ...pairKey({ volumeId, initiatorId }), ...rest },
  when: absent,
});

export const setPairGroups = (id: PairId, version: number, groups: readonly string[]): Write => ({
  do: 'update',
  table: 'Inventory',
  key: pairKey(id),
  set: { groups },
  add: { version: 1 },
  when: atVersion(version),
});

export const dropPair = (id: PairId, version: number): Write => ({
  do: 'delete',
  table: 'Inventory',
  key: pairKey(id),
  when: atVersion(version),
});
