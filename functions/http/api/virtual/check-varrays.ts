import type { Write } from '../../../../core/change.ts';
import { getReferred } from '../../../../core/inventory/read.ts';
import { stillThere } from '../../../../core/inventory/withdraw.ts';
import type { Rows } from '../../../../core/ports.ts';

/** Refuses what is no virtual array. With the writes that check once more, for the transaction that refers to them. */
export const checkVarrays = async (rows: Rows, ids: readonly string[], field: string): Promise<Write[]> => {
  const varrays = await Promise.all([...new Set(ids)].map((id) => getReferred(rows, 'system', { type: 'VirtualArray', id, field })));
  return varrays.map((varray) => stillThere(varray, field));
};
