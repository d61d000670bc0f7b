import * as z from 'zod';
import type { Key, Row, Write } from '../change.ts';
import type { Rows } from '../ports.ts';

export const bytesPerGb = 1024 ** 3;

/**
 * How much provisioned capacity the volumes of a virtual pool, project or tenant may have together. `usedBytes` is always what those of its
 * volumes have that bear its mark, with what is promised to those that grow. `counting`: not all of them are marked yet, and orders wait.
 * `counted`: all are, and nothing goes beyond the limit. `off`: nothing is refused, and new volumes get no mark.
 */
export const quotaSchema = z.object({
  /** Of what is limited. */
  id: z.string(),
  state: z.enum(['off', 'counting', 'counted']),
  limitGb: z.number().int(),
  usedBytes: z.number().int(),
  /** Counts the changes of `usedBytes`. */
  moves: z.number().int(),
  /** Counts the changes of all else. */
  version: z.number().int(),
  /** While it is being counted, once no order is accepted any more that does not know of it: from when on all that did are stored. */
  countableFrom: z.string().optional(),
});
export type Quota = z.infer<typeof quotaSchema>;

export const quotaSort = 'QUOTA';
export const quotaKey = (id: string): Key => ({ pk: id, sk: quotaSort });

/** Names the quotas that are being counted. */
export const countingPk = 'QUOTAS#COUNTING';
export const countingKey = (id: string): Key => ({ pk: countingPk, sk: id });

export const quotaOf = (row: Row): Quota => quotaSchema.parse({ ...row, id: row.pk });

export const quotaRow = ({ id, ...rest }: Quota): Row => ({ ...quotaKey(id), ...rest });

/** In the order of the ids; undefined where there never was one. */
export const findQuotas = async (rows: Rows, ids: readonly string[]): Promise<(Quota | undefined)[]> =>
  (await rows.getMany('Inventory', ids.map(quotaKey))).map((row) => row && quotaOf(row));

export const findQuota = async (rows: Rows, id: string): Promise<Quota | undefined> => {
  const row = await rows.get('Inventory', quotaKey(id));
  return row && quotaOf(row);
};

/** What of quotas goes with capacity that is given back. */
export interface QuotaShare {
  readonly bytes: number;
  readonly quotaIds: readonly string[];
}

/** One write for each quota, since a transaction writes a row but once. */
export const giveBackQuota = (shares: readonly QuotaShare[]): Write[] => {
  const totals = new Map<string, number>();
  for (const { bytes, quotaIds } of shares) for (const id of quotaIds) totals.set(id, (totals.get(id) ?? 0) + bytes);
  return [...totals].map(
    ([id, bytes]): Write => ({
      do: 'update',
      table: 'Inventory',
      key: quotaKey(id),
      add: { usedBytes: -bytes, moves: 1 },
      when: [{ attribute: 'usedBytes', is: 'present' }],
    }),
  );
};
