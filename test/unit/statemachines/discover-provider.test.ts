import { beforeEach, describe, expect, it } from 'vitest';
import { acceptDiscovery } from '../../../core/discovery/accept.ts';
import type { StorageProvider } from '../../../core/inventory/schemas.ts';
import { discoverProviderSteps } from '../../../statemachines/discover-provider/steps.ts';
import { lastTask } from '../../support/block-volumes.ts';
import { aProvider, asked, aWorld, endStarted, providerId, startedAt, tenantId, type World } from '../../support/block-world.ts';

let world: World;
beforeEach(async () => {
  world = aWorld();
  await acceptDiscovery(world.ports, asked(), { provider: aProvider(), requestedBy: 'operator', rootTenantId: tenantId });
});

const end = (how: 'commit' | 'rollBack', failure?: { code: string; message: string }) =>
  endStarted(world, discoverProviderSteps, { how, ...(failure ? { failure } : {}) });

const provider = () => world.row(providerId) as Partial<StorageProvider> & { dueSk?: string };

describe('the workflow that discovers a provider', () => {
  it('locks the provider while it runs, and asks no array by itself', () => {
    expect(provider()).toMatchObject({ activeTaskId: expect.stringContaining(':Task:'), discovery: { status: 'in-progress' } });
    expect(discoverProviderSteps.steps['DiscoverProvider']?.run({ providerId, requestedBy: 'operator' }, {})).toEqual([]);
  });

  it('unlocks the provider, counts the discovery and is due again in an hour', async () => {
    await end('commit');
    expect(provider()).toMatchObject({
      connection: 'connected',
      observation: 2,
      discovery: { status: 'complete', lastRunAt: startedAt, successAt: startedAt },
      dueSk: `2026-03-01T13:00:00.000Z#${providerId}`,
    });
    expect(provider()).not.toHaveProperty('activeTaskId');
    expect(lastTask(world, providerId)).toMatchObject({ state: 'ready' });
  });

  it('that failed says why, keeps what was found before, and is due again too', async () => {
    await end('rollBack', { code: 'array.unreachable', message: 'no answer from 192.0.2.1:443' });
    expect(provider()).toMatchObject({
      connection: 'not-connected',
      observation: 1,
      discovery: { status: 'error', message: 'no answer from 192.0.2.1:443' },
      dueSk: `2026-03-01T13:00:00.000Z#${providerId}`,
    });
    expect(provider()).not.toHaveProperty('activeTaskId');
    expect(lastTask(world, providerId)).toMatchObject({ state: 'error', serviceError: { details: 'no answer from 192.0.2.1:443' } });
  });

  it('ends as failed even when nobody could note why', async () => {
    await end('rollBack');
    expect(lastTask(world, providerId)).toMatchObject({ state: 'error', serviceError: { details: 'the discovery failed' } });
  });

  it.each(['commit', 'rollBack'] as const)('ends (%s) although the provider’s row is gone', async (how) => {
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: { pk: providerId, sk: 'RESOURCE' } }]);
    await end(how);
    expect(provider()).toBeUndefined();
    expect(lastTask(world, providerId)).toMatchObject({ state: how === 'commit' ? 'ready' : 'error' });
  });
});

describe('a discovery that is asked for', () => {
  it('while one runs is that one', async () => {
    const running = {
      provider: aProvider({ activeTaskId: provider().activeTaskId }),
      requestedBy: 'operator',
      rootTenantId: tenantId,
    } as const;
    const answer = await acceptDiscovery(world.ports, asked(), running);
    expect(answer).toMatchObject({ id: provider().activeTaskId, state: 'pending' });
    expect(world.started).toHaveLength(1);
  });
});
