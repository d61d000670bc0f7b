import { describe, expect, it } from 'vitest';
import { readInventory } from '../../../../drivers/scaleio/discovery.ts';
import type { Run } from '../../../../drivers/scaleio/run.ts';
import type { InventoryPage } from '../../../../drivers/sdk/verbs.ts';
import { fakeGateway, systemId } from '../../../support/fake-gateway.ts';

const hex = (kind: number, index: number) => `${kind}${index.toString(16).padStart(15, '0')}`;
const many = <T>(count: number, one: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => one(index)).reverse();

interface World {
  domains: number;
  pools: number;
  sdss: number;
  sdcs: number;
  /** By the array's own count. */
  countedSdcs?: number;
  clusterState?: string;
}

const large: World = { domains: 3, pools: 40, sdss: 200, sdcs: 1000 };

const poolCounts = { numOfThickBaseVolumes: 0, numOfThinBaseVolumes: 0, numOfSnapshots: 0 };

const answersOf = (world: World): readonly (readonly [string, unknown])[] => [
  ['querySelectedStatistics', Object.fromEntries(many(world.pools, (index) => [hex(3, index), poolCounts]))],
  ['ProtectionDomain/instances', many(world.domains, (index) => ({ id: hex(2, index), protectionDomainState: 'Active' }))],
  [
    'StoragePool/instances',
    many(world.pools, (index) => ({ id: hex(3, index), protectionDomainId: hex(2, index % world.domains), mediaType: 'SSD' })),
  ],
  [
    'Sds/instances',
    many(world.sdss, (index) => ({ id: hex(4, index), protectionDomainId: hex(2, index % world.domains), ipList: [], sdsState: 'Normal' })),
  ],
  ['Sdc/instances', many(world.sdcs, (index) => ({ id: hex(5, index), sdcGuid: `G${index}`, mdmConnectionState: 'Connected' }))],
  [
    'relationships/Statistics',
    {
      numOfProtectionDomains: world.domains,
      numOfStoragePools: world.pools,
      numOfSds: world.sdss,
      numOfSdc: world.countedSdcs ?? world.sdcs,
    },
  ],
  ['System/instances', [{ id: systemId, mdmCluster: { clusterState: world.clusterState ?? 'ClusteredNormal' } }]],
];

/** An array, told from what it would answer; `world` may change while it is read. */
const arrayOf = (world: World) => {
  const { gateway, calls } = fakeGateway({ answer: (path) => answersOf(world).find(([part]) => path.includes(part))?.[1] });
  const run: Run = { gateway, limits: { atOnce: 1, startUntil: Number.MAX_SAFE_INTEGER, now: () => 0 } };
  return { world, run, calls };
};

const pageAfter = (run: Run, limit: number, cursor?: string): Promise<InventoryPage> =>
  readInventory(run, { scope: 'physical', limit, ...(cursor === undefined ? {} : { cursor }) });

const walk = async (run: Run, limit: number, between: (pages: number) => Promise<unknown> = async () => undefined) => {
  const pages: InventoryPage[] = [];
  let cursor: string | undefined;
  do {
    const page = await pageAfter(run, limit, cursor);
    pages.push(page);
    cursor = page.nextCursor;
    await between(pages.length);
  } while (cursor !== undefined);
  return pages;
};

const objectsOf = ({ systems, pools, ports, hosts }: InventoryPage) => [...systems, ...pools, ...ports, ...hosts];
const idsOf = (pages: readonly InventoryPage[]) => pages.flatMap((page) => objectsOf(page).map(({ nativeId }) => nativeId));

/** Other walks, so that this process forgets the one that is under way. */
const forgetWalks = async () => {
  for (const _ of [1, 2, 3]) await pageAfter(arrayOf(large).run, 1);
};

describe('a walk through everything but volumes', () => {
  it.each([1, 7, 200, 1000, 10_000])(
    'gives each object once in pages of at most %i, and says at the end that nothing was missed',
    async (limit) => {
      const pages = await walk(arrayOf({ domains: 2, pools: 9, sdss: 20, sdcs: 30 }).run, limit);
      expect(new Set(idsOf(pages)).size).toBe(61);
      expect(idsOf(pages)).toHaveLength(61);
      for (const page of pages) expect(objectsOf(page).length).toBeLessThanOrEqual(limit);
      expect(pages.map(({ complete }) => complete)).toEqual([...pages.slice(1).map(() => false), true]);
    },
  );

  it('takes 1,000 hosts and 200 ports in two pages, without asking the array more often than for one', async () => {
    const atOnce = arrayOf(large);
    await walk(atOnce.run, 10_000);
    const paged = arrayOf(large);
    const pages = await walk(paged.run, 1000);
    expect(pages.map((page) => objectsOf(page).length)).toEqual([1000, 243]);
    expect(paged.calls).toEqual(atOnce.calls);
  });

  it('gives systems before what belongs to them', async () => {
    const [first] = await walk(arrayOf(large).run, 43);
    expect([first?.systems.length, first?.pools.length, first?.ports.length]).toEqual([3, 40, 0]);
  });

  it('goes on in a process that has not seen its beginning', async () => {
    const pages = await walk(arrayOf(large).run, 500, forgetWalks);
    expect(new Set(idsOf(pages)).size).toBe(1243);
    expect(pages.at(-1)?.complete).toBe(true);
  });

  it.each([
    ['a host that came', { sdcs: 1001 }],
    ['a host that went', { sdcs: 999 }],
    ['a pool that came', { pools: 41 }],
  ])('is not complete when a later page finds %s', async (_, change) => {
    const array = arrayOf({ ...large });
    const pages = await walk(array.run, 500, async (count) => {
      await forgetWalks();
      if (count === 1) Object.assign(array.world, change);
    });
    expect(pages.at(-1)).toMatchObject({ complete: false });
  });

  it('stays incomplete when what changed is as it was at the end', async () => {
    const array = arrayOf({ ...large });
    const pages = await walk(array.run, 400, async (count) => {
      await forgetWalks();
      array.world.sdcs = count === 1 ? 1001 : 1000;
    });
    expect(pages.length).toBeGreaterThan(3);
    expect(pages.at(-1)).toMatchObject({ complete: false });
  });

  it('is not complete when the array counts more than it lists, or its management changed since the first page', async () => {
    expect((await walk(arrayOf({ ...large, countedSdcs: 1001 }).run, 500)).at(-1)?.complete).toBe(false);
    const array = arrayOf({ ...large });
    const pages = await walk(array.run, 500, async () => {
      array.world.clusterState = 'ClusteredDegraded';
    });
    expect(pages.at(-1)?.complete).toBe(false);
  });

  it('takes no cursor of a walk through the volumes', async () => {
    const cursor = Buffer.from(JSON.stringify({ listing: 0, after: '' })).toString('base64url');
    await expect(pageAfter(arrayOf(large).run, 10, cursor)).rejects.toMatchObject({ code: 'request.invalid' });
  });
});
