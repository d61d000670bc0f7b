import { getMany, listStubs } from '../../../../core/inventory/read.ts';
import type { StoragePool, VirtualPool } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';

export const allVpools = async (rows: Rows): Promise<VirtualPool[]> => {
  const { stubs } = await listStubs(rows, { type: 'VirtualPool', scope: 'all' });
  return getMany(rows, 'system', { type: 'VirtualPool', ids: stubs.map(({ id }) => id) });
};

/** The storage pools assigned to any of the virtual arrays. */
export const poolsInVarrays = async (rows: Rows, varrayIds: readonly string[]): Promise<StoragePool[]> => {
  const lists = await Promise.all(varrayIds.map((scope) => listStubs(rows, { type: 'StoragePool', scope })));
  const ids = [...new Set(lists.flatMap(({ stubs }) => stubs.map(({ id }) => id)))];
  return getMany(rows, 'system', { type: 'StoragePool', ids });
};
