import { describe, expect, it } from 'vitest';
import { findOperation } from '../../../../core/operation/store.ts';
import { runStep } from '../../../../functions/control/run-step.ts';
import { runners } from '../../../../functions/control/runners.ts';
import { answered, failed, providerId } from '../../../support/control.ts';
import { aPage, aPool, aPort, discover, gib, idOf, installation, operationId, taskId, worldOf } from '../../../support/discovery-world.ts';

describe('a discovery', () => {
  it('stores what is there under ids that the array’s own ids decide, and ends the task', async () => {
    const world = await worldOf(() => answered(aPage()));
    await discover(world);
    expect(await world.rows.get('Inventory', idOf('StoragePool', 'p1'))).toMatchObject({
      name: 'pool1',
      protocols: ['ScaleIO'],
      observation: 2,
      managedBytes: 0,
    });
    expect(await world.rows.get('Inventory', idOf('Host', 'sdc1'))).toMatchObject({
      name: '192.0.2.11',
      tenantId: installation['rootTenantId'],
    });
    expect(await world.rows.get('Inventory', idOf('Initiator', 'sdc/sdc1'))).toMatchObject({
      port: 'sdc1',
      node: 'GUID',
      protocol: 'ScaleIO',
    });
    expect(await findOperation(world.rows, operationId)).toMatchObject({ state: 'committed' });
    expect(await world.rows.get('Inventory', { pk: providerId, sk: 'RESOURCE' })).toMatchObject({
      connection: 'connected',
      observation: 2,
      discovery: { status: 'complete' },
    });
  });

  it('reads page after page', async () => {
    const first = aPage({ nextCursor: 'more', complete: false });
    const world = await worldOf(
      () => answered(first),
      () => answered(aPage({ systems: [], pools: [], ports: [aPort('sds2')], hosts: [] })),
    );
    await discover(world);
    expect(world.drivers.requests.map(({ input }) => input)).toEqual([
      { scope: 'physical', limit: 1000 },
      { scope: 'physical', limit: 1000, cursor: 'more' },
      { scope: 'volumes', limit: 10_000 },
    ]);
    expect(await world.rows.get('Inventory', idOf('StoragePort', 'sds2'))).toBeDefined();
  });

  it('writes nothing but its own end when nothing changed', async () => {
    const world = await worldOf(() => answered(aPage()));
    await discover(world);
    const before = world.rows.transactions.length;
    await discover(world);
    const writes = world.rows.transactions.slice(before).flat();
    const touched = writes.flatMap((write) => (write.table === 'Inventory' && write.do === 'update' ? [write.key.pk] : []));
    expect(touched).toEqual([providerId]);
  });

  it('takes new figures of a pool without touching what we manage there or what an administrator set', async () => {
    const world = await worldOf(
      () => answered(aPage()),
      () => answered(aPage({ pools: [aPool({ freeBytes: 800 * gib })] })),
    );
    await discover(world);
    const key = idOf('StoragePool', 'p1');
    const stored = await world.rows.get('Inventory', key);
    world.rows.seed('Inventory', [{ ...stored, ...key, managedBytes: 16 * gib, maxUtilizationPercent: 60 }]);
    await discover(world);
    expect(await world.rows.get('Inventory', key)).toMatchObject({
      freeBytes: 800 * gib,
      managedBytes: 16 * gib,
      observedManagedBytes: 16 * gib,
      maxUtilizationPercent: 60,
      observation: 3,
    });
  });

  it('marks what a complete discovery no longer finds, and removes nothing', async () => {
    const world = await worldOf(
      () => answered(aPage()),
      () => answered(aPage({ ports: [] })),
      () => answered(aPage()),
    );
    await discover(world);
    await discover(world);
    expect(await world.rows.get('Inventory', idOf('StoragePort', 'sds1'))).toMatchObject({ visibility: 'not-visible', inactive: false });
    await discover(world);
    expect(await world.rows.get('Inventory', idOf('StoragePort', 'sds1'))).toMatchObject({ visibility: 'visible' });
  });

  it('ages nothing after an incomplete view', async () => {
    const world = await worldOf(
      () => answered(aPage()),
      () => answered(aPage({ ports: [], complete: false })),
    );
    await discover(world);
    await discover(world);
    expect(await world.rows.get('Inventory', idOf('StoragePort', 'sds1'))).toMatchObject({ visibility: 'visible' });
  });

  it('does not believe that a great part of the array is gone', async () => {
    const ports = Array.from({ length: 30 }, (_, n) => aPort(`sds${n}`));
    const world = await worldOf(
      () => answered(aPage({ ports })),
      () => answered(aPage({ ports: [] })),
    );
    await discover(world);
    const alarms: string[] = [];
    await discover(world, { log: { ...world.log, error: (_message, facts) => void alarms.push(String(facts?.['refusal'])) } });
    expect(await world.rows.get('Inventory', idOf('StoragePort', 'sds1'))).toMatchObject({ visibility: 'visible' });
    expect(alarms).toEqual(['30 of 34 known objects are missing at once; more than 10 are not aged']);
  });

  it('that fails says why on the provider and the task, and keeps what was known', async () => {
    const world = await worldOf(() => failed({ name: 'DriverBusy', code: 'array.unreachable', message: 'no answer from 192.0.2.1:443' }));
    await expect(discover(world)).rejects.toMatchObject({ name: 'DriverBusy' });
    const common = { workflow: 'discover-provider', operationId, execution: operationId } as const;
    const failure = {
      Error: 'DriverBusy',
      Cause: JSON.stringify({ errorMessage: JSON.stringify({ code: 'array.unreachable', message: 'no answer from 192.0.2.1:443' }) }),
    };
    expect(await runStep(runners, world, { ...common, phase: 'recordFailure', failure })).toEqual({ graceSeconds: 1 });
    await runStep(runners, world, { ...common, phase: 'rollBack' });
    const provider = await world.rows.get('Inventory', { pk: providerId, sk: 'RESOURCE' });
    expect(provider).toMatchObject({
      connection: 'not-connected',
      discovery: { status: 'error', message: 'no answer from 192.0.2.1:443' },
    });
    expect(provider?.['activeTaskId']).toBeUndefined();
    expect(await world.rows.get('Tasks', { pk: taskId, sk: 'TASK' })).toMatchObject({
      state: 'error',
      serviceError: { details: 'no answer from 192.0.2.1:443' },
    });
  });
});
