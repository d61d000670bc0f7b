import { beforeEach, describe, expect, it } from 'vitest';
import type { Write } from '../../../../core/change.ts';
import { acceptOperation, type OperationIntent } from '../../../../core/operation/accept.ts';
import { endOperation } from '../../../../core/operation/end.ts';
import { finishTasks } from '../../../../core/operation/finish-tasks.ts';
import { needsRepairWrites } from '../../../../core/operation/progress.ts';
import type { Operation } from '../../../../core/operation/schema.ts';
import { findOperation, operationWrites } from '../../../../core/operation/store.ts';
import { conclude } from '../../../../core/request.ts';
import { makeUrn } from '../../../../core/urn.ts';
import { asked, aWorld, startedAt, tenantId, type World } from '../../../support/block-world.ts';

const operationId = '00000000-0000-4000-8000-00000000cafe';
const idOf = (n: number): string => makeUrn('Volume', `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);

let world: World;
beforeEach(() => {
  world = aWorld();
});

const put = (n: number): Write => ({ do: 'put', table: 'Inventory', row: { pk: idOf(n), sk: 'X' } });

/** Thirteen parts, one task for all. */
const intent: OperationIntent = {
  operationId,
  workflow: 'volume-create',
  tenantId,
  plan: {},
  preview: {},
  tasks: [{ resourceId: makeUrn('ExportGroup', operationId), resourceName: 'web', name: 'CREATE EXPORT GROUP' }],
  writes: [],
  parted: {
    parts: Array.from({ length: 13 }, (_, n) => ({ resourceId: idOf(n), writes: [put(n)] })),
    takeBack: { resourceIds: [idOf(0)], settle: () => ({ writes: [], tasks: [] }) },
  },
  changes: [],
  answer: 'task',
};

/** The answer of the n-th transaction is lost, whether it took effect or not. */
const losing = (at: number, takesEffect: boolean): World['ports'] => {
  let count = 0;
  const transact = async (writes: readonly Write[]): Promise<void> => {
    count += 1;
    if (count !== at || takesEffect) await world.rows.transact(writes);
    if (count === at) throw new Error('the line was cut');
  };
  const { rows } = world;
  return {
    ...world.ports,
    rows: { get: (t, k) => rows.get(t, k), getMany: (t, k) => rows.getMany(t, k), query: (p) => rows.query(p), transact },
  };
};

describe('an order that is stored in chunks', () => {
  it('is accepted when only the answer to its last transaction was lost, and is started', async () => {
    await expect(acceptOperation(losing(3, true), asked(), intent)).resolves.toMatchObject({ state: 'pending' });
    expect(await findOperation(world.rows, operationId)).toMatchObject({ state: 'accepted' });
    expect(world.started).toHaveLength(1);
  });

  it('is taken back when a transaction fails for whatever reason, and its key is free again', async () => {
    const request = asked({ idempotency: { pk: 'IDEMPOTENCY#k', requestHash: 'h' } });
    await expect(acceptOperation(losing(2, false), request, intent)).rejects.toThrow('the line was cut');
    expect(await findOperation(world.rows, operationId)).toMatchObject({ state: 'rolled-back' });
    expect([world.rows.all('Coordination'), world.started]).toEqual([[], []]);
  });
});

const anOperation = (patch: Partial<Operation>): Operation => ({
  ...{ id: operationId, workflow: 'w', state: 'undoing', owner: operationId, repairs: 0, tenantId, requestedBy: 'root' },
  ...{ correlationId: 'c', acceptedAt: startedAt, taskIds: [] },
  ...patch,
});

const stored = async (patch: Partial<Operation>): Promise<Operation> => {
  await world.rows.transact(operationWrites(anOperation(patch), {}, []));
  return anOperation(patch);
};

describe('an operation', () => {
  it('that was decided ends also when there is nothing left to write', async () => {
    const operation = await stored({ state: 'rolling-back' });
    await endOperation(world.ports, operation, { state: 'rolled-back', settlement: { writes: [], tasks: [] } });
    expect(await findOperation(world.rows, operationId)).toMatchObject({ state: 'rolled-back' });
  });

  it('whose tasks are forgotten has none to finish', async () => {
    const operation = await stored({ state: 'committed', taskIds: ['urn:gone'] });
    const before = world.rows.dump();
    await finishTasks(world.ports, operation);
    expect(world.rows.dump()).toBe(before);
  });

  it.each([
    { tasks: 0, transactions: 1 },
    { tasks: 12, transactions: 1 },
    { tasks: 100, transactions: 2 },
  ])('with $tasks tasks needs repair in $transactions transaction(s), its own state in the last', ({ tasks, transactions }) => {
    const note = { at: startedAt, nextTryAt: startedAt, believedLeft: [], heldBy: [], details: '' };
    const taskIds = Array.from({ length: tasks }, (_, n) => `urn:task-${n}`);
    const chunks = needsRepairWrites(anOperation({ taskIds }), note);
    expect(chunks).toHaveLength(transactions);
    expect(chunks.map(([first]) => first?.do)).toEqual([...Array.from({ length: transactions - 1 }, () => 'check'), 'update']);
    expect(chunks.flat()).toHaveLength(tasks + transactions);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(100);
  });
});

describe('notes that belong to a change', () => {
  it.each([
    { later: 99, transactions: 1 },
    { later: 100, transactions: 2 },
    { later: 201, transactions: 4 },
  ])('are stored with it, or right after it when they are $later', async ({ later, transactions }) => {
    const notes = Array.from({ length: later }, (_, n) => put(n + 1));
    await conclude(world.ports, asked(), { writes: [put(0)], later: notes, answer: {}, plan: {} });
    expect(world.rows.transactions).toHaveLength(transactions);
    expect(world.rows.transactions.flat()).toHaveLength(later + 1);
  });
});
