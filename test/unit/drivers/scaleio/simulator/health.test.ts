import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../../../drivers/scaleio/simulator/default-seed.ts';
import { type GatewayClient, gib, open } from './client.ts';

type Figures = Record<string, number> & { fwdRebuildReadBwc: { totalWeightInKb: number } };

/** Four SDSs of 100 GiB; 80 GiB raw are in use, 20 GiB of them on each. */
const seed = {
  ...defaultSeed,
  pools: [{ name: 'pool1', domain: 'pd1' }],
  sdss: [1, 2, 3, 4].map((number) => ({ name: `sds${number}`, domain: 'pd1', ips: [`192.0.2.10${number}`] })),
  devices: [1, 2, 3, 4].map((number) => ({ sds: `sds${number}`, pool: 'pool1', capacityGb: 100 })),
  volumes: [{ name: 'data', pool: 'pool1', sizeGb: 40, thick: true }],
};

let gateway: GatewayClient;
beforeEach(async () => {
  gateway = await open({ wallMs: () => 1_700_000_000_000, seed });
});
afterEach(() => gateway.simulator.close());

const figures = async () => (await gateway.get<Figures>(`/api/instances/StoragePool::${gateway.poolId()}/relationships/Statistics`)).body;
const connect = (sds: string, connected: boolean) => gateway.control('POST', `/sdss/${sds}/connection`, { connected });
const advance = (seconds: number) => gateway.advance(seconds);
const sdsId = (name: string) => [...gateway.simulator.state.sdss.values()].find((sds) => sds.name === name)?.id ?? '';
const sds = async (name: string) => (await gateway.get(`/api/instances/Sds::${sdsId(name)}`)).body;
const actOnSds = (name: string, verb: string) => gateway.act(`Sds::${sdsId(name)}`, verb);

const healthy = { failedCapacityInKb: 0, degradedFailedCapacityInKb: 0, fwdRebuildCapacityInKb: 0, unreachableUnusedCapacityInKb: 0 };

describe('a lost SDS', () => {
  it('leaves its share with one copy, and its free space out of reach', async () => {
    const before = await figures();
    expect(before).toMatchObject({ ...healthy, protectedCapacityInKb: gib(80) });
    await connect('sds1', false);
    const now = await figures();
    expect(now).toMatchObject({
      degradedFailedCapacityInKb: gib(20),
      degradedHealthyCapacityInKb: gib(20),
      protectedCapacityInKb: gib(40),
      failedCapacityInKb: 0,
    });
    expect(now['unreachableUnusedCapacityInKb']).toBe(Number(before['unusedCapacityInKb']) / 4);
    expect(now['unusedCapacityInKb']).toBe((Number(before['unusedCapacityInKb']) * 3) / 4);
    expect(await sds('sds1')).toMatchObject({ mdmConnectionState: 'Disconnected' });
  });

  it('is rebuilt on the others as time passes, with traffic that can be seen', async () => {
    await connect('sds1', false);
    await advance(300);
    const half = await figures();
    expect(half).toMatchObject({ degradedFailedCapacityInKb: gib(10), fwdRebuildCapacityInKb: gib(10) });
    expect(half['activeFwdRebuildCapacityInKb']).toBeGreaterThan(0);
    expect(Number(half['activeFwdRebuildCapacityInKb']) + Number(half['pendingFwdRebuildCapacityInKb'])).toBe(gib(10));
    expect(half.fwdRebuildReadBwc.totalWeightInKb).toBeGreaterThan(0);
    await advance(300);
    expect(await figures()).toMatchObject({ degradedFailedCapacityInKb: 0, fwdRebuildCapacityInKb: 0, protectedCapacityInKb: gib(80) });
  });

  it('that comes back early is brought up to date, and one that comes back late gets its share again', async () => {
    await connect('sds1', false);
    await advance(300);
    await connect('sds1', true);
    expect(await figures()).toMatchObject({ bckRebuildCapacityInKb: gib(10), rebalanceCapacityInKb: gib(10), fwdRebuildCapacityInKb: 0 });
    await advance(150);
    expect(await figures()).toMatchObject({ bckRebuildCapacityInKb: gib(5), rebalanceCapacityInKb: gib(5) });
    await advance(150);
    expect(await figures()).toMatchObject({ ...healthy, bckRebuildCapacityInKb: 0, rebalanceCapacityInKb: 0 });
  });

  it('loses data for good only together with another one', async () => {
    await connect('sds1', false);
    await connect('sds2', false);
    const { failedCapacityInKb, degradedFailedCapacityInKb } = await figures();
    expect(failedCapacityInKb).toBeGreaterThan(0);
    expect(degradedFailedCapacityInKb).toBeGreaterThan(0);
    expect(Number(failedCapacityInKb) + Number(degradedFailedCapacityInKb)).toBeLessThanOrEqual(gib(40));
  });

  it('stays degraded when the others have no room', async () => {
    await gateway.control('POST', '/volumes', { storagePoolId: gateway.poolId(), volumeSizeInGb: '128', volumeType: 'ThickProvisioned' });
    await connect('sds1', false);
    await advance(10_000);
    expect((await figures())['degradedFailedCapacityInKb']).toBeGreaterThan(0);
    expect(await figures()).toMatchObject({ fwdRebuildCapacityInKb: 0 });
  });
});

describe('a failed device', () => {
  it('is told by itself, and rebuilt like a lost SDS', async () => {
    const [device] = gateway.simulator.state.devices.values();
    await gateway.control('POST', `/devices/${device?.id}/failure`, { failed: true });
    expect((await gateway.get(`/api/instances/Device::${device?.id}`)).body).toMatchObject({ errorState: 'Error' });
    expect(await figures()).toMatchObject({ degradedFailedCapacityInKb: gib(20) });
    await advance(600);
    expect(await figures()).toMatchObject({ degradedFailedCapacityInKb: 0 });
    await gateway.control('POST', `/devices/${device?.name}/failure`, { failed: false });
    await advance(300);
    expect(await figures()).toMatchObject({ ...healthy, rebalanceCapacityInKb: 0 });
  });
});

describe('maintenance of an SDS', () => {
  it('is entered and left over time, and lets the SDS be away without a rebuild', async () => {
    await gateway.control('POST', '/behaviour', { maintenanceSeconds: 60 });
    expect((await actOnSds('sds1', 'enterMaintenanceMode')).status).toBe(200);
    expect(await sds('sds1')).toMatchObject({ maintenanceState: 'SetMaintenanceInProgress' });
    await advance(60);
    expect(await sds('sds1')).toMatchObject({ maintenanceState: 'InMaintenance', maintenanceType: 'InstantMaintenance' });
    expect(await figures()).toMatchObject({ inMaintenanceCapacityInKb: gib(20), degradedFailedCapacityInKb: 0 });
    await connect('sds1', false);
    expect(await figures()).toMatchObject({ degradedFailedCapacityInKb: 0, fwdRebuildCapacityInKb: 0 });
    await connect('sds1', true);
    await actOnSds('sds1', 'exitMaintenanceMode');
    expect(await sds('sds1')).toMatchObject({ maintenanceState: 'ExitMaintenanceInProgress' });
    await advance(60);
    expect(await sds('sds1')).toMatchObject({ maintenanceState: 'NoMaintenance', maintenanceType: 'NoMaintenance' });
    expect(await figures()).toMatchObject({ inMaintenanceCapacityInKb: 0 });
  });

  it('is for one SDS of a domain at a time, and only while the others are whole', async () => {
    await actOnSds('sds1', 'enterMaintenanceMode');
    expect((await actOnSds('sds2', 'enterMaintenanceMode')).status).toBe(500);
    expect((await actOnSds('sds1', 'exitProtectedMaintenanceMode')).status).toBe(500);
    await actOnSds('sds1', 'exitMaintenanceMode');
    await connect('sds3', false);
    expect((await actOnSds('sds2', 'enterMaintenanceMode')).status).toBe(500);
  });
});
