import { getMany, listStubs } from '../inventory/read.ts';
import type { StoragePool } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';

/** All storage pools behind a provider, as they are now. */
export const poolsOf = async (rows: Rows, providerId: string): Promise<StoragePool[]> => {
  const { stubs } = await listStubs(rows, { type: 'StorageSystem', scope: providerId });
  const lists = await Promise.all(stubs.map(({ id }) => listStubs(rows, { type: 'StoragePool', scope: id })));
  return getMany(rows, 'system', { type: 'StoragePool', ids: [...new Set(lists.flatMap((list) => list.stubs.map(({ id }) => id)))] });
};
