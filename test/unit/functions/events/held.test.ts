import { beforeEach, describe, expect, it } from 'vitest';
import type { Operation } from '../../../../core/operation/schema.ts';
import { findOperation, operationKey, operationWrites } from '../../../../core/operation/store.ts';
import type { ExecutionState, Jobs } from '../../../../core/ports.ts';
import type { EventPorts } from '../../../../functions/events/ports.ts';
import { reconcileAll } from '../../../../functions/events/reconcile-operations.ts';
import { aProvider, aWorld, providerId, startedAt, type World } from '../../../support/block-world.ts';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const soon = '2026-03-01T13:00:00.000Z';

let world: World;
let ports: EventPorts;
let execution: ExecutionState;
beforeEach(() => {
  world = aWorld();
  execution = 'failed';
  const jobs: Jobs = { send: async () => undefined };
  const queues = { depths: async () => [], redrive: async () => 0 };
  const workflows = { ...world.ports.workflows, state: async () => execution };
  ports = { ...world.ports, workflows, jobs, queues, count: () => undefined, storeName: 'tables', sleep: async () => undefined };
});

const stored = async (change: Partial<Operation>): Promise<void> => {
  const operation: Operation = {
    id,
    workflow: 'volume-create',
    state: 'needs-repair',
    owner: id,
    repairs: 1,
    tenantId: 'tenant',
    requestedBy: 'root',
    correlationId: 'c',
    acceptedAt: startedAt,
    nextTryAt: soon,
    taskIds: [],
    ...change,
  };
  await world.rows.transact(operationWrites(operation, {}, []));
  const row = await world.rows.get('Tasks', operationKey(id));
  world.rows.seed('Tasks', [{ ...operationKey(id), ...row, ...(change.heldBy ? { heldBy: change.heldBy } : {}) }]);
};

const installation = (change: Record<string, string | number>) => {
  const row = world.rows.all('Inventory').find(({ pk }) => pk === 'INSTALLATION');
  if (row) world.rows.seed('Inventory', [{ ...row, ...change }]);
};

describe('an operation that needs repair and was held by a brake', () => {
  it('waits while the provider is frozen, however late it is', async () => {
    world.put(aProvider({ operations: 'frozen' }));
    await stored({ heldBy: [providerId], nextTryAt: startedAt });
    await reconcileAll(ports);
    expect(world.started).toEqual([]);
  });

  it('is repaired as soon as the provider is free, before its next try', async () => {
    await stored({ heldBy: [providerId] });
    await reconcileAll(ports);
    expect(world.started).toEqual([{ workflow: 'volume-create', execution: `${id}-r2`, input: { operationId: id, repair: true } }]);
    expect(await findOperation(world.rows, id)).toMatchObject({ state: 'undoing', owner: `${id}-r2` });
    expect(await findOperation(world.rows, id)).not.toHaveProperty('heldBy');
  });

  it('waits while the installation is frozen, and is due when it is not', async () => {
    installation({ operations: 'frozen' });
    await stored({ heldBy: ['INSTALLATION'] });
    await reconcileAll(ports);
    expect(world.started).toEqual([]);
    installation({ operations: 'normal' });
    await reconcileAll(ports);
    expect(world.started).toHaveLength(1);
  });

  it('is left alone while its execution runs', async () => {
    execution = 'running';
    await stored({ heldBy: [providerId] });
    await reconcileAll(ports);
    expect(world.started).toEqual([]);
  });
});

describe('an operation of another epoch', () => {
  it.each<Partial<Operation>>([
    { state: 'accepted', repairs: 0 },
    { state: 'undoing', owner: `${id}-r1` },
    { state: 'needs-repair', nextTryAt: startedAt },
  ])('is neither started nor repaired: %o', async (change) => {
    installation({ epoch: 2 });
    await stored(change);
    const before = world.rows.dump();
    await reconcileAll(ports);
    expect(world.started).toEqual([]);
    expect(world.rows.dump()).toBe(before);
  });
});
