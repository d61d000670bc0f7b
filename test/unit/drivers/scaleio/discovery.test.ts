import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { readInventory } from '../../../../drivers/scaleio/discovery.ts';
import { newFacts } from '../../../../drivers/scaleio/facts.ts';
import type { Gateway } from '../../../../drivers/scaleio/gateway.ts';
import type { Run } from '../../../../drivers/scaleio/run.ts';
import { systemWire } from '../../../../drivers/scaleio/wire-session.ts';
import type { InventoryPage } from '../../../../drivers/sdk/verbs.ts';
import { arrayRefuses, volumeMissing } from '../../../support/fake-gateway.ts';

const hex = (value: number): string => value.toString(16).padStart(16, '0');

interface World {
  pools: readonly { volumes: number }[];
  /** Most ids that one call selected. */
  mostSelected?: number;
  /** By the array's own count; more than it lists when something is hidden. */
  counted?: number;
  clusterState: string;
}

const volumeOf = (pool: number, index: number) => ({
  id: hex(pool * 1_000_000 + index + 1),
  name: `v${index}`,
  sizeInKb: 8388608,
  storagePoolId: hex(pool),
  volumeType: 'ThinProvisioned',
  creationTime: 1_700_000_000,
});

/** An array of any size, told from what it would answer. */
const arrayOf = (world: World) => {
  const paths: string[] = [];
  const system = (state: string) => systemWire.parse({ id: hex(1), mdmCluster: { clusterState: state } });
  const listed = (pool: number) =>
    Array.from({ length: world.pools[pool - 1]?.volumes ?? 0 }, (_, index) => volumeOf(pool, index)).reverse();
  const all = () => world.pools.flatMap((_, index) => listed(index + 1));
  const answers: readonly [RegExp, (pool: number) => unknown][] = [
    [/System\/instances$/, () => [system(world.clusterState)]],
    [/StoragePool\/instances$/, () => world.pools.map((_, index) => ({ id: hex(index + 1), protectionDomainId: hex(99) }))],
    [/types\/Volume\/instances$/, all],
    [/StoragePool::([0-9a-f]+)\/relationships\/Volume$/, listed],
  ];
  const answer = <T>(schema: z.ZodType<T>, path: string): T => {
    paths.push(path);
    const [pattern, give] = answers.find(([candidate]) => candidate.test(path)) ?? [/./, () => undefined];
    return schema.parse(give(Number.parseInt(pattern.exec(path)?.[1] ?? '0', 16)));
  };
  const selected = (body: unknown) => {
    const { ids } = body as { ids: readonly string[] };
    world.mostSelected = Math.max(world.mostSelected ?? 0, ids.length);
    const there = new Map(all().map((volume) => [volume.id, volume]));
    return ids.map((id) => {
      const volume = there.get(id);
      if (volume === undefined) throw volumeMissing();
      return volume;
    });
  };
  const statistics = () =>
    Object.fromEntries(
      world.pools.map(({ volumes }, index) => [
        hex(index + 1),
        { numOfThickBaseVolumes: 0, numOfThinBaseVolumes: index === 0 ? (world.counted ?? volumes) : volumes, numOfSnapshots: 0 },
      ]),
    );
  const gateway: Gateway = {
    system: system('ClusteredNormal'),
    version: '3.6',
    facts: newFacts(),
    get: async (schema, path) => answer(schema, path),
    ask: async (schema, path, body) => {
      paths.push(path);
      if (path.endsWith('queryBySelectedIds')) return schema.parse(selected(body));
      if (path.includes('Volume')) return schema.parse(Object.fromEntries(all().map(({ id }) => [id, { numOfMappedSdcs: 0 }])));
      return schema.parse(statistics());
    },
    create: () => Promise.reject(new Error('discovery creates nothing')),
    act: () => Promise.reject(new Error('discovery changes nothing')),
  };
  const run: Run = { gateway, limits: { atOnce: 1, startUntil: Number.MAX_SAFE_INTEGER, now: () => 0 } };
  return { run, paths };
};

const walk = async (run: Run, limit: number, from?: string): Promise<readonly InventoryPage[]> => {
  const pages: InventoryPage[] = [];
  let cursor = from;
  do {
    const page = await readInventory(run, { scope: 'volumes', limit, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(page);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return pages;
};

const normal = 'ClusteredNormal';
const listings = (paths: readonly string[]) => paths.filter((path) => /Volume(\/instances)?$/.test(path));

describe('a walk through the volumes', () => {
  it('gives each volume once, in any page size, and says at the end that nothing was missed', async () => {
    for (const limit of [1, 3, 7, 100]) {
      const pages = await walk(arrayOf({ pools: [{ volumes: 5 }, { volumes: 2 }], clusterState: normal }).run, limit);
      const ids = pages.flatMap(({ volumes }) => volumes.map(({ nativeId }) => nativeId));
      expect(new Set(ids).size).toBe(7);
      expect(ids).toHaveLength(7);
      expect(pages.map(({ complete }) => complete)).toEqual([...pages.slice(1).map(() => false), true]);
    }
  });

  it('lists the array once, however many pages it takes', async () => {
    const { run, paths } = arrayOf({ pools: [{ volumes: 50 }], clusterState: normal });
    expect(await walk(run, 10)).toHaveLength(5);
    expect(listings(paths)).toHaveLength(1);
  });

  it('is not disturbed by others that go on meanwhile, nor by a process that has forgotten it', async () => {
    const worlds = Array.from({ length: 5 }, () => arrayOf({ pools: [{ volumes: 9 }], clusterState: normal }));
    const cursors = new Map<number, string | undefined>();
    const seen = worlds.map((): string[] => []);
    for (let page = 0; page < 3; page += 1) {
      for (const [index, { run }] of worlds.entries()) {
        const cursor = cursors.get(index);
        const answer = await readInventory(run, { scope: 'volumes', limit: 3, ...(cursor === undefined ? {} : { cursor }) });
        seen[index]?.push(...answer.volumes.map(({ nativeId }) => nativeId));
        cursors.set(index, answer.nextCursor);
      }
    }
    for (const ids of seen) expect(new Set(ids).size).toBe(9);
  });

  it('lists pool by pool above ten thousand volumes', async () => {
    const { run, paths } = arrayOf({ pools: [{ volumes: 6000 }, { volumes: 6000 }], clusterState: normal });
    const pages = await walk(run, 10_000);
    expect(pages.flatMap(({ volumes }) => volumes)).toHaveLength(12_000);
    expect(pages.at(-1)?.complete).toBe(true);
    expect(listings(paths)).toHaveLength(2);
  });

  it('keeps a page below four megabytes', async () => {
    const pages = await walk(arrayOf({ pools: [{ volumes: 10_000 }], clusterState: normal }).run, 10_000);
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(4 * 1024 ** 2);
  });

  it('proves nothing when the array counts more volumes than it lists', async () => {
    const pages = await walk(arrayOf({ pools: [{ volumes: 5 }], counted: 6, clusterState: normal }).run, 100);
    expect(pages.at(-1)?.complete).toBe(false);
  });

  it('proves nothing when the management of the array changed in between', async () => {
    const pages = await walk(arrayOf({ pools: [{ volumes: 5 }], clusterState: 'ClusteredDegraded' }).run, 100);
    expect(pages.at(-1)?.complete).toBe(false);
  });

  it('of an array without pools ends at once', async () => {
    const pages = await walk(arrayOf({ pools: [], clusterState: normal }).run, 100);
    expect(pages).toMatchObject([{ volumes: [], complete: true }]);
  });

  describe('with more volumes in one pool than an answer should hold', () => {
    const huge = (volumes = 12_000): World => ({ pools: [{ volumes }, { volumes: 3 }], clusterState: normal });

    it('selects them by their ids in slices, each once, and says that nothing was missed', async () => {
      const world = huge();
      const { run, paths } = arrayOf(world);
      const pages = await walk(run, 1000);
      expect(new Set(pages.flatMap(({ volumes }) => volumes.map(({ nativeId }) => nativeId))).size).toBe(12_003);
      expect(pages.at(-1)?.complete).toBe(true);
      expect(listings(paths)).toEqual([]);
      expect(paths.filter((path) => path.includes('Volume/instances/action/querySelectedStatistics'))).toHaveLength(1);
      expect(world.mostSelected).toBe(1000);
    });

    it('selects no more at once than an answer should hold, whatever the page', async () => {
      const world = huge();
      expect(await walk(arrayOf(world).run, 10_000)).toHaveLength(3);
      expect(world.mostSelected).toBe(5000);
    });

    it.each([
      { gone: 'before it was told', pools: [{ volumes: 11_999 }, { volumes: 3 }], complete: true },
      { gone: 'after it was told', pools: [{ volumes: 12_000 }, { volumes: 3 }], counted: 11_999, complete: false },
    ])('goes on when one is gone $gone; complete: $complete', async ({ pools, counted, complete }) => {
      const world = huge();
      const { run } = arrayOf(world);
      const { nextCursor = '' } = await readInventory(run, { scope: 'volumes', limit: 10_000 });
      Object.assign(world, { pools, counted });
      expect((await walk(run, 10_000, nextCursor)).at(-1)?.complete).toBe(complete);
    });

    it('is to be asked again when they go faster than they are listed', async () => {
      const world = huge();
      const { run } = arrayOf(world);
      const { ask } = run.gateway;
      const shrinking: Run = {
        ...run,
        gateway: {
          ...run.gateway,
          ask: async (schema, path, body) => {
            if (path.endsWith('queryBySelectedIds')) throw volumeMissing();
            return ask(schema, path, body);
          },
        },
      };
      await expect(readInventory(shrinking, { scope: 'volumes', limit: 10 })).rejects.toMatchObject({ name: 'DriverBusy' });
      const refusing: Run = {
        ...run,
        gateway: {
          ...shrinking.gateway,
          ask: (schema, path, body) => (path.endsWith('queryBySelectedIds') ? Promise.reject(arrayRefuses()) : ask(schema, path, body)),
        },
      };
      await expect(readInventory(refusing, { scope: 'volumes', limit: 10 })).rejects.toMatchObject({ name: 'DriverRejected' });
    });
  });
});
