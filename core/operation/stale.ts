import type { Rows } from '../ports.ts';
import { epochOf } from './reconcile.ts';
import type { Operation } from './schema.ts';
import { findOperation, openPk } from './store.ts';

export interface StalePage {
  readonly operations: readonly Operation[];
  readonly cursor?: string;
}

/** Open operations of another epoch, the oldest first; found through an index that may lag. A page may be empty and yet not the last. */
export const staleOperations = async (
  rows: Rows,
  epoch: number,
  page: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
): Promise<StalePage> => {
  const cursor = page.cursor ? { cursor: page.cursor } : {};
  const found = await rows.query({ table: 'Tasks', index: 'Open', pk: openPk, limit: page.limit ?? 1000, ...cursor });
  const all = await Promise.all(found.rows.map(({ pk }) => findOperation(rows, pk.slice('OPERATION#'.length))));
  return {
    operations: all.flatMap((operation) => (operation?.openPk && epochOf(operation) !== epoch ? [operation] : [])),
    ...(found.cursor ? { cursor: found.cursor } : {}),
  };
};
