import { getMany, listStubs } from '../../../../core/inventory/read.ts';
import type { StoragePool } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';

/** The storage pools assigned to any of the virtual arrays. */
export const poolsInVarrays = async (rows: Rows, varrayIds: readonly string[]): Promise<StoragePool[]> => {
  const lists = await Promise.all(varrayIds.map((scope) => listStubs(rows, { type: 'StoragePool', scope })));
  const ids = [...new Set(lists.flatMap(({ stubs }) => stubs.map(({ id }) => id)))];
  return getMany(rows, 'system', { type: 'StoragePool', ids });
};
