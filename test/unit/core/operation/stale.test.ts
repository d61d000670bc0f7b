import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../../core/operation/schema.ts';
import { staleOperations } from '../../../../core/operation/stale.ts';
import { operationWrites } from '../../../../core/operation/store.ts';
import { startedAt, tenantId } from '../../../support/block-world.ts';
import { MemoryRows } from '../../../support/memory-rows.ts';

const idOf = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;

const anOperation = (n: number, epoch: number | undefined): Operation => ({
  id: idOf(n),
  workflow: 'volume-create',
  state: 'accepted',
  owner: idOf(n),
  repairs: 0,
  tenantId,
  requestedBy: 'root',
  correlationId: 'c',
  ...(epoch === undefined ? {} : { epoch }),
  acceptedAt: startedAt,
  taskIds: [],
});

const rowsWith = async (...epochs: (number | undefined)[]): Promise<MemoryRows> => {
  const rows = new MemoryRows();
  for (const [n, epoch] of epochs.entries()) await rows.transact(operationWrites(anOperation(n, epoch), {}, []));
  return rows;
};

describe('open operations of another epoch', () => {
  it('are those that the installation does not carry on by itself; without an epoch they are of the first', async () => {
    const { operations, cursor } = await staleOperations(await rowsWith(1, 2, undefined, 3), 2, {});
    expect(operations.map(({ id }) => id)).toEqual([idOf(0), idOf(2), idOf(3)]);
    expect(cursor).toBeUndefined();
  });

  it('come page after page, of which one may be empty', async () => {
    const rows = await rowsWith(2, 1);
    const first = await staleOperations(rows, 2, { limit: 1 });
    expect(first).toEqual({ operations: [], cursor: expect.any(String) });
    const { operations } = await staleOperations(rows, 2, { limit: 1, cursor: first.cursor });
    expect(operations.map(({ id }) => id)).toEqual([idOf(1)]);
  });

  it('do not show what has ended or gone since the index was written', async () => {
    const rows = await rowsWith(1, 1);
    const query = rows.query.bind(rows);
    const listed = await query({ table: 'Tasks', index: 'Open', pk: 'OPEN' });
    await rows.transact([
      { do: 'update', table: 'Tasks', key: { pk: `OPERATION#${idOf(0)}`, sk: 'OPERATION' }, remove: ['openPk', 'openSk'] },
      { do: 'delete', table: 'Tasks', key: { pk: `OPERATION#${idOf(1)}`, sk: 'OPERATION' } },
    ]);
    rows.query = () => Promise.resolve(listed);
    expect(await staleOperations(rows, 2, {})).toEqual({ operations: [] });
  });
});
