import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../../../drivers/scaleio/simulator/default-seed.ts';
import type { ApiVersion } from '../../../../../drivers/scaleio/simulator/versions.ts';
import { type GatewayClient, gib, open, refusal } from './client.ts';

interface Figures {
  capacityAvailableForVolumeAllocationInKb: number;
  thickCapacityInUseInKb: number;
  thinCapacityAllocatedInKb: number;
  netUnusedCapacityInKb: number;
  unusedCapacityInKb: number;
  maxCapacityInKb: number;
  spareCapacityInKb: number;
  capacityInUseInKb: number;
}

/** One pool of 3 × 100 GiB raw: 135 GiB net after 10 % spare, of which 128 can be allocated; twice that for thin volumes. */
const smallPool = {
  ...defaultSeed,
  pools: [{ name: 'pool1', domain: 'pd1', overprovisioning: 2 }],
  devices: [1, 2, 3].map((number) => ({ sds: `sds${number}`, pool: 'pool1', capacityGb: 100 })),
};

let gateway: GatewayClient;
beforeEach(async () => {
  gateway = await open({ seed: smallPool });
});
afterEach(() => gateway.simulator.close());

const figures = async () => (await gateway.get<Figures>(`/api/instances/StoragePool::${gateway.poolId()}/relationships/Statistics`)).body;
const create = (volumeType: string, sizeGib: number) =>
  gateway.post('/api/types/Volume/instances', { storagePoolId: gateway.poolId(), volumeType, volumeSizeInGb: String(sizeGib) });

describe('the capacity of a pool', () => {
  it('is free, at first, but for the spare; what can be allocated is a multiple of 8 GiB', async () => {
    const free = await figures();
    expect(free.maxCapacityInKb).toBe(gib(300));
    expect(free.unusedCapacityInKb).toBe(free.maxCapacityInKb - free.spareCapacityInKb);
    expect(free.netUnusedCapacityInKb).toBe(gib(135));
    expect(free.capacityAvailableForVolumeAllocationInKb).toBe(gib(128));
  });

  it('is reserved twice over by a thick volume, and given back with it', async () => {
    const before = await figures();
    const id = await gateway.createVolume({ volumeType: 'ThickProvisioned', volumeSizeInKb: String(gib(16)) });
    const during = await figures();
    expect(during.thickCapacityInUseInKb).toBe(gib(32));
    expect(before.capacityAvailableForVolumeAllocationInKb - during.capacityAvailableForVolumeAllocationInKb).toBe(gib(16));
    expect(during.maxCapacityInKb).toBe(during.spareCapacityInKb + during.capacityInUseInKb + during.unusedCapacityInKb);
    await gateway.act(`Volume::${id}`, 'removeVolume');
    expect(await figures()).toEqual(before);
  });

  it('is only allocated by a thin volume, until something is written', async () => {
    const id = await gateway.createVolume({ volumeSizeInKb: String(gib(16)) });
    expect(await figures()).toMatchObject({ thinCapacityAllocatedInKb: gib(32), netUnusedCapacityInKb: gib(135) });
    await gateway.control('POST', `/volumes/${id}/write`, { usedInKb: gib(1) });
    expect(await figures()).toMatchObject({ thinCapacityAllocatedInKb: gib(32), netUnusedCapacityInKb: gib(134) });
  });

  it('refuses a thick volume that does not fit whole, also as growth', async () => {
    expect(await create('ThickProvisioned', 136)).toMatchObject(refusal(314));
    const id = await gateway.createVolume({ volumeType: 'ThickProvisioned', volumeSizeInKb: String(gib(120)) });
    expect(await gateway.act(`Volume::${id}`, 'setVolumeSize', { sizeInGB: '136' })).toMatchObject(refusal(314));
    expect(await gateway.act(`Volume::${id}`, 'setVolumeSize', { sizeInGB: '128' })).toMatchObject({ status: 200 });
  });

  it('refuses thin volumes and snapshots beyond the overprovisioning limit', async () => {
    const id = await gateway.createVolume({ volumeSizeInKb: String(gib(264)) });
    expect(await create('ThinProvisioned', 8)).toMatchObject(refusal(300));
    await expect(gateway.snapshot(id)).rejects.toThrow('300');
  });

  it('refuses thin volumes when nothing is left at all', async () => {
    await gateway.createVolume({ volumeType: 'ThickProvisioned', volumeSizeInKb: String(gib(128)) });
    expect(await create('ThinProvisioned', 8)).toMatchObject(refusal(337));
  });
});

describe('selected statistics', () => {
  const select = (client: GatewayClient, type: string, body: Record<string, unknown>) =>
    client.post(`/api/types/${type}/instances/action/querySelectedStatistics`, body);

  it('come by id, as the full statistics say', async () => {
    const id = gateway.poolId();
    const { maxCapacityInKb } = await figures();
    expect(await select(gateway, 'StoragePool', { ids: [id], properties: ['maxCapacityInKb'] })).toEqual({
      status: 200,
      body: { [id]: { maxCapacityInKb } },
    });
  });

  it('come for all objects with allIds', async () => {
    const one = await gateway.createVolume();
    const two = await gateway.createVolume();
    const { body } = await select(gateway, 'Volume', { allIds: '', properties: ['numOfMappedSdcs'] });
    expect(body).toEqual({ [one]: { numOfMappedSdcs: 0 }, [two]: { numOfMappedSdcs: 0 } });
  });

  it('come flat for the system when no id is given', async () => {
    expect(await select(gateway, 'System', { ids: [], properties: ['numOfSdc'] })).toEqual({ status: 200, body: { numOfSdc: 3 } });
  });

  it.each<[ApiVersion, string, number]>([
    ['2.5', 'thinCapacityAllocatedInKm', 200],
    ['3.6', 'thinCapacityAllocatedInKm', 200],
    ['2.5', 'netUnusedCapacityInKb', 400],
    ['3.0', 'netUnusedCapacityInKb', 200],
    ['3.0', 'snapCapacityInUseInKb', 200],
    ['3.0', 'snapshotCapacityInKb', 400],
    ['3.6', 'snapCapacityInUseInKb', 200],
    ['4.5', 'snapshotCapacityInKb', 200],
  ])('at %s with %s answer %i: one unknown property fails the call', async (apiVersion, property, status) => {
    const client = await open({ apiVersion });
    const properties = ['maxCapacityInKb', property];
    expect((await select(client, 'StoragePool', { ids: [client.poolId()], properties })).status).toBe(status);
    await client.simulator.close();
  });
});
