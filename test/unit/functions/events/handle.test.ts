import { describe, expect, it } from 'vitest';
import { toRow } from '../../../../core/inventory/resource.ts';
import type { StorageProvider } from '../../../../core/inventory/schemas.ts';
import type { Operation } from '../../../../core/operation/schema.ts';
import { findOperation, operationWrites } from '../../../../core/operation/store.ts';
import type { ExecutionState, StartRequest } from '../../../../core/ports.ts';
import { handleEvent } from '../../../../functions/events/handle.ts';
import type { EventPorts } from '../../../../functions/events/ports.ts';
import { aProvider, providerId } from '../../../support/control.ts';
import { MemoryRows } from '../../../support/memory-rows.ts';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const tick = { source: 'aws.events', 'detail-type': 'Scheduled Event' };
const job = (messageId: string) => ({ messageId, body: JSON.stringify({ kind: 'discovery', targetId: providerId }) });

interface World extends EventPorts {
  readonly rows: MemoryRows;
  readonly started: StartRequest[];
  readonly sent: unknown[];
}

const world = (execution: ExecutionState | Error): World => {
  const rows = new MemoryRows();
  const started: StartRequest[] = [];
  const sent: unknown[] = [];
  let now = Date.parse('2026-01-01T01:00:00.000Z');
  let n = 0;
  const next = () => `00000000-0000-4000-8000-${String(++n).padStart(12, '0')}`;
  const silent = () => undefined;
  return {
    rows,
    started,
    sent,
    ids: { uuid: next, ulid: next, secret: next },
    clock: { now: () => now },
    sleep: async (ms) => {
      now += ms;
    },
    log: { info: silent, warn: silent, error: silent },
    count: silent,
    storeName: 'tables',
    queues: { depths: async () => [], redrive: async () => 0 },
    jobs: {
      send: async (message) => {
        sent.push(message);
      },
    },
    workflows: {
      start: async (request) => {
        started.push(request);
      },
      state: async () => {
        if (execution instanceof Error) throw execution;
        return execution;
      },
      redrive: async () => false,
    },
  };
};

const accepted = async (ports: World, change: Partial<Operation> = {}): Promise<void> => {
  const operation: Operation = {
    id,
    workflow: 'volume-create',
    state: 'accepted',
    owner: id,
    repairs: 0,
    tenantId: 't',
    requestedBy: 'root',
    correlationId: 'c',
    acceptedAt: '2026-01-01T00:00:00.000Z',
    taskIds: [],
    ...change,
  };
  await ports.rows.transact(operationWrites(operation, {}, []));
};

describe('every minute', () => {
  it('starts what was accepted and never started, under its own name', async () => {
    const ports = world('unknown');
    await accepted(ports);
    await handleEvent(ports, tick);
    expect(ports.started).toEqual([{ workflow: 'volume-create', execution: id, input: { operationId: id } }]);
  });

  it('notices that the store was restored or copied before it carries on anything', async () => {
    const ports = world('unknown');
    await accepted(ports);
    const row = { pk: 'INSTALLATION', sk: 'INSTALLATION', mark: 'abc123', rootTenantId: 't', epoch: 1, createdAt: 'x' };
    await ports.rows.transact([{ do: 'put', table: 'Inventory', row: { ...row, storeName: 'other tables' } }]);
    await handleEvent(ports, tick);
    expect(await ports.rows.get('Inventory', row)).toMatchObject({ epoch: 2, operations: 'frozen', storeName: 'tables' });
    expect(ports.started).toEqual([]);
  });

  it('waits for what was accepted a moment ago, and starts it half a minute after it was accepted', async () => {
    const ports = world('unknown');
    await accepted(ports, { acceptedAt: '2026-01-01T00:59:50.000Z' });
    await handleEvent(ports, tick);
    expect(ports.started).toEqual([{ workflow: 'volume-create', execution: id, input: { operationId: id } }]);
    expect(new Date(ports.clock.now()).toISOString()).toBe('2026-01-01T01:00:20.000Z');
  });

  it('does not start what was started while it waited', async () => {
    const ports = world('unknown');
    await accepted(ports, { acceptedAt: '2026-01-01T00:59:50.000Z' });
    const states: ExecutionState[] = ['unknown', 'running'];
    const state = async (): Promise<ExecutionState> => states.shift() ?? 'running';
    await handleEvent({ ...ports, workflows: { ...ports.workflows, state } }, tick);
    expect(ports.started).toEqual([]);
    expect(states).toEqual([]);
  });

  it('repairs what lost its execution: first it takes the operation over, then it starts the repair', async () => {
    const ports = world('failed');
    await accepted(ports);
    await handleEvent(ports, tick);
    expect(await findOperation(ports.rows, id)).toMatchObject({ owner: `${id}-r1`, repairs: 1 });
    expect(ports.started).toEqual([{ workflow: 'volume-create', execution: `${id}-r1`, input: { operationId: id, repair: true } }]);
  });

  it('starts a repair whose start was lost under the same name', async () => {
    const ports = world('unknown');
    await accepted(ports, { owner: `${id}-r1`, repairs: 1, state: 'undoing' });
    await handleEvent(ports, tick);
    expect(ports.started).toEqual([{ workflow: 'volume-create', execution: `${id}-r1`, input: { operationId: id, repair: true } }]);
  });

  it('goes on with the others when one cannot be looked at', async () => {
    const ports = world(new Error('no answer'));
    await accepted(ports);
    await expect(handleEvent(ports, tick)).resolves.toEqual({});
  });

  it('looks at many operations at once, the oldest first, but never at more than sixteen', async () => {
    const ports = world('running');
    const ids = Array.from({ length: 130 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
    for (const each of ids) await accepted(ports, { id: each, owner: each });
    const looked: string[] = [];
    let running = 0;
    let most = 0;
    const state = async (_workflow: string, owner: string): Promise<ExecutionState> => {
      looked.push(owner);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return 'running';
    };
    await handleEvent({ ...ports, workflows: { ...ports.workflows, state } }, tick);
    expect(looked).toEqual(ids);
    expect(most).toBe(16);
  });

  it('queues the rediscoveries that are due, and no others', async () => {
    const ports = world('running');
    const due = (minute: string, name: string): StorageProvider => ({
      ...aProvider(),
      id: `urn:storageos:StorageProvider:00000000-0000-4000-8000-0000000000${name}:vdc1`,
      duePk: 'discovery',
      dueSk: `2026-01-01T${minute}:00.000Z#${name}`,
    });
    ports.rows.seed('Inventory', [toRow(due('00:59', '01')), toRow(due('01:01', '02'))]);
    await handleEvent(ports, tick);
    expect(ports.sent).toEqual([expect.objectContaining({ kind: 'discovery', targetId: due('00:59', '01').id })]);
  });

  it('queues every rediscovery that is due, however many are', async () => {
    const ports = world('running');
    const many = Array.from({ length: 230 }, (_, n): StorageProvider => {
      const digits = String(n).padStart(12, '0');
      return {
        ...aProvider(),
        id: `urn:storageos:StorageProvider:00000000-0000-4000-8000-${digits}:vdc1`,
        duePk: 'discovery',
        dueSk: `2026-01-01T00:00:00.000Z#${digits}`,
      };
    });
    ports.rows.seed('Inventory', many.map(toRow));
    await handleEvent(ports, tick);
    expect(ports.sent).toHaveLength(many.length);
  });

  it('starts what is late although the queue does not answer, and then fails, so that it comes again', async () => {
    const ports = world('unknown');
    await accepted(ports, { acceptedAt: '2026-01-01T00:59:50.000Z' });
    const queues = { ...ports.queues, depths: () => Promise.reject(new Error('no answer')) };
    await expect(handleEvent({ ...ports, queues }, tick)).rejects.toThrow('no answer');
    expect(ports.started).toHaveLength(1);
  });
});

describe('when an execution failed', () => {
  const ended = (name: string) => ({ source: 'aws.states', detail: { name, status: 'FAILED' } });

  it('repairs its operation at once', async () => {
    const ports = world('failed');
    await accepted(ports);
    await handleEvent(ports, ended(id));
    expect(ports.started).toHaveLength(1);
  });

  it('has nothing to do when the operation ended properly', async () => {
    const ports = world('failed');
    await handleEvent(ports, ended(`${id}-r2`));
    expect(ports.started).toEqual([]);
  });
});

describe('the queue', () => {
  const withProvider = (change: Partial<StorageProvider>): World => {
    const ports = world('running');
    const rootTenantId = 'urn:storageos:TenantOrg:00000000-0000-4000-8000-000000000009:global';
    ports.rows.seed('Inventory', [
      toRow(aProvider(change)),
      { pk: 'INSTALLATION', sk: 'INSTALLATION', mark: 'abc123', rootTenantId, epoch: 1, createdAt: '2026-01-01T00:00:00.000Z' },
    ]);
    return ports;
  };

  it('discovers a provider as a task of its own', async () => {
    const ports = withProvider({});
    expect(await handleEvent(ports, { Records: [job('m1')] })).toEqual({ batchItemFailures: [] });
    expect(ports.started).toEqual([expect.objectContaining({ workflow: 'discover-provider' })]);
  });

  it.each<{ reason: string; change: Partial<StorageProvider> }>([
    { reason: 'was discovered a moment ago', change: { discovery: { status: 'complete', lastRunAt: '2026-01-01T00:30:00.000Z' } } },
    { reason: 'is being discovered', change: { activeTaskId: 'task' } },
    { reason: 'was removed', change: { inactive: true } },
  ])('drops the job of a provider that $reason', async ({ change }) => {
    const ports = withProvider(change);
    await handleEvent(ports, { Records: [job('m1')] });
    expect(ports.started).toEqual([]);
  });

  it('keeps the order: a failed job and all behind it come again', async () => {
    const ports = withProvider({});
    const answer = await handleEvent(ports, { Records: [job('m1'), { messageId: 'm2', body: 'not JSON' }, job('m3')] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }] });
  });
});

it('refuses an event it does not know', async () => {
  await expect(handleEvent(world('running'), { source: 'elsewhere' })).rejects.toThrow('unknown kind');
});

describe('the day', () => {
  it('sends a job for each storage provider, which compares its books with its volumes, and one for all quotas', async () => {
    const ports = world('running');
    const provider = aProvider();
    ports.rows.seed('Inventory', [toRow(provider), { pk: 'LIST#all#StorageProvider', sk: 'north', id: provider.id, name: 'north' }]);
    await handleEvent(ports, { source: 'patina.daily' });
    expect(ports.sent).toMatchObject([
      { kind: 'capacity-sum', targetId: providerId, deduplicationId: expect.stringContaining('2026-01-01') },
      { kind: 'quota-sum', deduplicationId: 'quota-sum/2026-01-01' },
    ]);
    const body = JSON.stringify({ kind: 'capacity-sum', targetId: providerId });
    expect(await handleEvent(ports, { Records: [{ messageId: '1', body }] })).toEqual({ batchItemFailures: [] });
  });
});
