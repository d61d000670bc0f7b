import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../../../drivers/scaleio/simulator/default-seed.ts';
import { type GatewayClient, open } from './client.ts';

interface Alert {
  id: string;
  alertType: string;
  severity: string;
  startTime: string;
  lastObserved: string;
  affectedObject: { id: string };
}

const seed = { ...defaultSeed, volumes: [{ name: 'data', pool: 'pool1', sizeGb: 1024, thick: true }] };

let gateway: GatewayClient;
beforeEach(async () => {
  gateway = await open({ wallMs: () => 1_700_000_000_000, seed });
});
afterEach(() => gateway.simulator.close());

const alerts = async () => (await gateway.get<Alert[]>('/api/types/Alert/instances')).body;
const types = async () => (await alerts()).map(({ alertType }) => alertType).sort();

describe('alerts', () => {
  it('are none on a healthy array', async () => {
    expect(await alerts()).toEqual([]);
  });

  it('tell of lost units and degraded pools, with the object, and end with their cause', async () => {
    await gateway.control('POST', '/sdss/sds1/connection', { connected: false });
    await gateway.control('POST', '/sdcs/host1/connection', { connected: false });
    expect(await types()).toEqual([
      'SDC_DISCONNECTED',
      'SDS_DISCONNECTED',
      'STORAGE_POOL_HAS_DEGRADED_CAPACITY',
      'STORAGE_POOL_HAS_UNAVAILABLE_UNUSED_CAPACITY',
      'STORAGE_POOL_HAS_UNAVAILABLE_UNUSED_CAPACITY',
    ]);
    expect((await alerts()).find(({ alertType }) => alertType === 'SDC_DISCONNECTED')?.affectedObject.id).toBe(gateway.sdcIds()[0]);
    await gateway.control('POST', '/sdss/sds1/connection', { connected: true });
    await gateway.control('POST', '/sdcs/host1/connection', { connected: true });
    await gateway.advance(300);
    expect(await alerts()).toEqual([]);
  });

  it('keep id and beginning while they hold, and can be read one by one', async () => {
    await gateway.control('POST', '/sdss/sds1/connection', { connected: false });
    const [before] = await alerts();
    await gateway.advance(100);
    const [after] = await alerts();
    expect(after).toEqual({ ...before, lastObserved: '2023-11-14T22:15:00.000Z' });
    expect((await gateway.get(`/api/instances/Alert::${after?.id}`)).body).toEqual(after);
  });

  it.each([
    [82, 'CAPACITY_UTILIZATION_ABOVE_HIGH_THRESHOLD', 'High'],
    [92, 'CAPACITY_UTILIZATION_ABOVE_CRITICAL_THRESHOLD', 'Critical'],
  ])('tell of a pool that is %i %% full', async (percent, alertType, capacityUsageState) => {
    const volumeSizeInGb = String(Math.floor((11_059 * percent) / 100) - 1024);
    await gateway.control('POST', '/volumes', { storagePoolId: gateway.poolId(), volumeSizeInGb, volumeType: 'ThickProvisioned' });
    expect(await types()).toEqual([alertType]);
    expect((await gateway.get(`/api/instances/StoragePool::${gateway.poolId()}`)).body).toMatchObject({ capacityUsageState });
  });

  it('tell of a cluster that lost its master', async () => {
    await gateway.control('POST', '/failover', { calls: 1 });
    await gateway.get('/api/types/System/instances');
    expect(await types()).toEqual(['CLUSTER_DEGRADED']);
  });
});
