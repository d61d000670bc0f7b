import { beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../../../../core/change.ts';
import { candidatesOf } from '../../../../core/discovery/compare.ts';
import { discoveredId } from '../../../../core/discovery/discovered-id.ts';
import { listStubs } from '../../../../core/inventory/read.ts';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import type { HostComponent, StoragePool, StoragePort } from '../../../../drivers/sdk/model.ts';
import type { InventoryPage } from '../../../../drivers/sdk/verbs.ts';
import { anAuthor } from '../../../support/author.ts';
import { aProvider, gib, startedAt, tenantId } from '../../../support/block-world.ts';
import { MemoryRows } from '../../../support/memory-rows.ts';

const aPool = (patch: Partial<StoragePool> = {}): StoragePool => ({
  nativeId: 'p1',
  systemNativeId: 's1',
  name: 'fast',
  state: 'online',
  provisioningTypes: ['thin'],
  driveTypes: ['SSD'],
  totalBytes: 1000 * gib,
  freeBytes: 900 * gib,
  subscribedBytes: 0,
  minVolumeBytes: 8 * gib,
  maxVolumeBytes: 1024 * gib,
  sizeGranularityBytes: 8 * gib,
  unwrittenReadsZero: 'yes',
  compression: false,
  statisticsLagSeconds: 60,
  volumeCount: 0,
  ...patch,
});

const aPort = (patch: Partial<StoragePort> = {}): StoragePort => ({
  nativeId: 'n1',
  systemNativeId: 's1',
  name: 'node-1',
  addresses: ['192.0.2.9'],
  transport: 'ip',
  state: 'online',
  ...patch,
});

const aHost: HostComponent = {
  nativeId: 'h1',
  name: '192.0.2.11',
  osType: 'Linux',
  addresses: ['192.0.2.11'],
  state: 'online',
  initiators: [{ type: 'sdc', id: 'h1', protocol: 'ScaleIO', approved: true, state: 'online' }],
};

const nothing: InventoryPage = { systems: [], pools: [], ports: [], hosts: [], volumes: [], complete: true };
const poolId = discoveredId('StoragePool', 'array-1', 'p1');
const portId = discoveredId('StoragePort', 'array-1', 'n1');
const hostId = discoveredId('Host', 'array-1', 'h1');
const initiatorId = discoveredId('Initiator', 'array-1', 'sdc/h1');

let rows: MemoryRows;
let observation: number;
beforeEach(() => {
  rows = new MemoryRows();
  observation = 0;
});

const author = anAuthor();

/** Stores a page as discovery does; `known` is what was there before the array was read. */
const discover = async (page: Partial<InventoryPage>, known = rows.all('Inventory')): Promise<void> => {
  observation += 1;
  const finding = { provider: aProvider(), systemType: 'scaleio', rootTenantId: tenantId, at: startedAt, observation };
  const before = new Map(known.map((row) => [row.pk, row]));
  for (const candidate of candidatesOf({ ...nothing, ...page }, { finding, protocols: ['ScaleIO'], before })) {
    const writes = candidate.writes(await rows.get('Inventory', resourceKey(candidate.id)), author);
    if (writes.length > 0) await rows.transact(writes);
  }
};

const stored = (id: string): Promise<Row | undefined> => rows.get('Inventory', resourceKey(id));

const change = (id: string, set: Row | Record<string, number | boolean>): Promise<void> =>
  rows.transact([{ do: 'update', table: 'Inventory', key: resourceKey(id), set }]);

describe('what is found', () => {
  it('keeps what only some arrays tell: how many volumes a pool holds, and what fails together with a port', async () => {
    await discover({ pools: [aPool({ maxVolumes: 64 })], ports: [aPort({ faultDomain: 'rack-7' })] });
    expect(await stored(poolId)).toMatchObject({ maxVolumes: 64 });
    expect(await stored(portId)).toMatchObject({ faultDomain: 'rack-7' });
  });

  it('may be a system of which the driver tells whether it supports it, or does not', async () => {
    const system = { name: 's', serialNumber: '1', firmwareVersion: '9', model: 'm', state: 'online' } as const;
    await discover({
      systems: [
        { ...system, nativeId: 's1', support: 'unsupported' },
        { ...system, nativeId: 's2' },
      ],
    });
    expect(await stored(discoveredId('StorageSystem', 'array-1', 's1'))).toMatchObject({ support: 'unsupported' });
    expect(await stored(discoveredId('StorageSystem', 'array-1', 's2'))).not.toHaveProperty('support');
  });

  it('may be a host whose initiator has no name of its own', async () => {
    await discover({ hosts: [aHost] });
    expect(await stored(initiatorId)).toMatchObject({ hostId, port: 'h1' });
    expect(await stored(initiatorId)).not.toHaveProperty('node');
  });
});

describe('a pool that is found again', () => {
  it('under a new name is the same pool, found by the new name, with all that we set', async () => {
    await discover({ pools: [aPool()] });
    await change(poolId, { managedBytes: 8 * gib, maxUtilizationPercent: 60 });
    await discover({ pools: [aPool({ name: 'faster' })] });
    expect(await stored(poolId)).toMatchObject({ name: 'faster', managedBytes: 8 * gib, maxUtilizationPercent: 60 });
    const { stubs } = await listStubs(rows, { type: 'StoragePool', scope: 'all' });
    expect(stubs).toEqual([{ id: poolId, name: 'faster' }]);
  });

  it('counts as observed only what was ours before the array was read', async () => {
    await discover({ pools: [aPool()] });
    await change(poolId, { managedBytes: 8 * gib });
    const known = rows.all('Inventory');
    await change(poolId, { managedBytes: 24 * gib });
    await discover({ pools: [aPool({ freeBytes: 890 * gib })] }, known);
    expect(await stored(poolId)).toMatchObject({ managedBytes: 24 * gib, observedManagedBytes: 8 * gib });
  });

  it.each([['managedBytes'], ['managedThickBytes']])(
    'counts as observed no more than is ours, also when only that has changed: %s',
    async (attribute) => {
      const observed = { managedBytes: 'observedManagedBytes', managedThickBytes: 'observedManagedThickBytes' }[attribute] ?? '';
      await discover({ pools: [aPool()] });
      await change(poolId, { [attribute]: 24 * gib });
      await discover({ pools: [aPool({ freeBytes: 890 * gib })] });
      expect(await stored(poolId)).toMatchObject({ [observed]: 24 * gib });
      await change(poolId, { [attribute]: 8 * gib });
      await discover({ pools: [aPool({ freeBytes: 890 * gib })] });
      expect(await stored(poolId)).toMatchObject({ [observed]: 8 * gib });
    },
  );

  it('counts nothing as observed when it was unknown before the array was read', async () => {
    await discover({ pools: [aPool()] });
    await change(poolId, { managedBytes: 8 * gib });
    await discover({ pools: [aPool({ freeBytes: 890 * gib })] }, []);
    expect(await stored(poolId)).toMatchObject({ managedBytes: 8 * gib, observedManagedBytes: 0 });
  });
});

describe('something that was removed', () => {
  it.each([
    { what: 'a pool', page: { pools: [aPool()] }, id: poolId, type: 'StoragePool', scope: 'all' },
    { what: 'a host', page: { hosts: [aHost] }, id: hostId, type: 'Host', scope: tenantId },
  ] as const)('and is seen again, $what, comes back to life and to the lists', async ({ page, id, type, scope }) => {
    await discover(page);
    await change(id, { inactive: true });
    for (const { pk, sk } of rows.all('Inventory'))
      if (pk.startsWith('LIST#')) await rows.transact([{ do: 'delete', table: 'Inventory', key: { pk, sk } }]);
    await discover(page);
    expect(await stored(id)).toMatchObject({ inactive: false, visibility: 'visible' });
    expect((await listStubs(rows, { type, scope })).stubs.map((stub) => stub.id)).toEqual([id]);
  });
});
