import assert from 'node:assert/strict';
import type { InventoryPage } from '../verbs.ts';
import { allVolumes } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { changesNothing, failsWith } from './expect.ts';
import { allPhysical, inventoryPages } from './inventory-pages.ts';

const unique = (ids: readonly string[]): void => assert.equal(new Set(ids).size, ids.length, `not unique: ${ids.join()}`);

export const discoveryCases: readonly ConformanceCase[] = [
  {
    name: 'finds systems, pools, ports and hosts that belong together',
    capability: 'discovery',
    async run(bench) {
      const found = await allPhysical(bench);
      const systems = found.systems.map(({ nativeId }) => nativeId);
      assert.ok(systems.length > 0 && found.pools.length > 0);
      for (const { systemNativeId } of [...found.pools, ...found.ports]) assert.ok(systems.includes(systemNativeId));
      for (const objects of [found.systems, found.pools, found.ports, found.hosts]) unique(objects.map(({ nativeId }) => nativeId));
      unique(found.hosts.flatMap((host) => host.initiators.map(({ type, id }) => `${type} ${id}`)));
      assert.equal(found.complete, true);
      changesNothing(await bench.serve('readInventory', { scope: 'physical', limit: 1000 }));
    },
  },
  {
    name: 'gives the same systems, pools, ports and hosts in pages of two as at once',
    capability: 'discovery',
    async run(bench) {
      const idsOf = ({ systems, pools, ports, hosts }: InventoryPage) =>
        [systems, pools, ports, hosts].flatMap((objects, kind) => objects.map(({ nativeId }) => `${kind} ${nativeId}`));
      const pages = await inventoryPages(bench, { scope: 'physical', limit: 2 });
      for (const page of pages) assert.ok(idsOf(page).length <= 2, `${idsOf(page).length} objects on a page of at most 2`);
      const atOnce = await inventoryPages(bench, { scope: 'physical', limit: 10_000 });
      assert.deepEqual(pages.flatMap(idsOf).sort(), atOnce.flatMap(idsOf).sort());
    },
  },
  {
    name: 'tells capacities in whole bytes, net, with no more free than there is',
    capability: 'discovery',
    async run({ pools }) {
      for (const pool of pools) {
        const { totalBytes, freeBytes, subscribedBytes, minVolumeBytes, maxVolumeBytes, sizeGranularityBytes } = pool;
        for (const value of [totalBytes, freeBytes, subscribedBytes]) assert.ok(Number.isSafeInteger(value) && value >= 0);
        assert.ok(freeBytes <= totalBytes);
        assert.ok(minVolumeBytes <= maxVolumeBytes && sizeGranularityBytes > 0);
        assert.equal(minVolumeBytes % sizeGranularityBytes, 0);
      }
    },
  },
  {
    name: 'lists a volume it made, and says that nothing was missed',
    capability: 'discovery',
    async run({ make, output }) {
      const made = await make();
      const page = await output<InventoryPage>('readInventory', { scope: 'volumes', limit: 1000 });
      assert.deepEqual(
        page.volumes.find(({ nativeId }) => nativeId === made.nativeId),
        made,
      );
      assert.equal(page.complete, true);
    },
  },
  {
    name: 'lists what others made',
    capability: 'discovery',
    needs: ['outsider'],
    async run({ makeForeign, newName, named }) {
      const name = newName();
      const nativeId = await makeForeign({ name });
      assert.deepEqual(
        (await named(name)).map((volume) => volume.nativeId),
        [nativeId],
      );
    },
  },
  {
    name: 'gives the same volumes page by page as at once',
    capability: 'discovery',
    async run(bench) {
      for (const _ of [1, 2, 3]) await bench.make();
      const ids = async (limit: number) => (await allVolumes(bench, limit)).map(({ nativeId }) => nativeId).sort();
      assert.deepEqual(await ids(2), await ids(1000));
    },
  },
  {
    name: 'says only on the last page that nothing was missed',
    capability: 'discovery',
    async run(bench) {
      for (const _ of [1, 2]) await bench.make();
      for (const scope of ['physical', 'volumes'] as const)
        for (const page of await inventoryPages(bench, { scope, limit: 1 })) assert.equal(page.complete, page.nextCursor === undefined);
    },
  },
  {
    name: 'calls the array no more often for more volumes',
    capability: 'discovery',
    async run({ make, serve }) {
      await make();
      const reads = async () => (await serve('readInventory', { scope: 'volumes', limit: 1000 })).gatewayCalls.read;
      const few = await reads();
      for (const _ of [1, 2, 3]) await make();
      assert.equal(await reads(), few);
    },
  },
  {
    name: 'refuses a cursor it did not give out',
    capability: 'discovery',
    async run({ serve }) {
      for (const scope of ['physical', 'volumes'])
        failsWith(await serve('readInventory', { scope, limit: 10, cursor: 'made-up' }), 'DriverRejected', 'request.invalid');
    },
  },
];
