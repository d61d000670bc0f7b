import { describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../../../drivers/scaleio/simulator/default-seed.ts';
import type { SeedInput } from '../../../../../drivers/scaleio/simulator/seed-schema.ts';
import { startSimulator } from '../../../../../drivers/scaleio/simulator/start.ts';
import { gib, open } from './client.ts';

const tebibyte = gib(1024);

describe('the default seed', () => {
  it('suits every known client: one system, one domain, two padded pools with more than 1 TiB net, three SDSs, three connected SDCs', async () => {
    const gateway = await open();
    const { domains, pools, sdss, sdcs } = gateway.simulator.state;
    expect([domains.size, pools.size, sdss.size]).toEqual([1, 2, 3]);
    expect([...pools.values()].map(({ name, zeroPaddingEnabled }) => [name, zeroPaddingEnabled])).toEqual([
      ['pool1', true],
      ['pool2', true],
    ]);
    for (const id of pools.keys()) {
      const { body } = await gateway.get<{ netUnusedCapacityInKb: number }>(`/api/instances/StoragePool::${id}/relationships/Statistics`);
      expect(body.netUnusedCapacityInKb).toBeGreaterThan(tebibyte);
    }
    const all = [...sdcs.values()];
    expect(all.every(({ connected }) => connected)).toBe(true);
    expect([new Set(all.map(({ guid }) => guid)).size, new Set(all.map(({ ips }) => ips[0])).size]).toEqual([3, 3]);
    await gateway.simulator.close();
  });

  it('gives the same array at every start, and another for another system', async () => {
    const dumps = [];
    for (const seed of [defaultSeed, defaultSeed, { ...defaultSeed, systemId: '00000000000000aa' }]) {
      const simulator = await startSimulator({ plainHttp: true, seed });
      dumps.push(JSON.stringify(simulator.dump()));
      await simulator.close();
    }
    expect(dumps[1]).toBe(dumps[0]);
    expect(dumps[2]).not.toBe(dumps[0]);
  });
});

describe('a seed', () => {
  it('puts foreign volumes, their snapshots, mappings and marks on the array', async () => {
    const volumes: SeedInput['volumes'] = [
      { name: 'base', pool: 'pd1/pool1', sizeGb: 16, thick: true, mappings: [{ sdc: 'host2', accessMode: 'ReadOnly', limitIops: 100 }] },
      { id: '00000000000000b2', name: 'snap', ancestor: 'base', consistencyGroupId: '00000000000000c3' },
      { name: 'policy', ancestor: 'snap', marks: { lockedAutoSnapshot: true } },
      { name: 'replicated', pool: 'pool2', sizeGb: 8, marks: { volumeReplicationState: 'MarkedForReplication' } },
    ];
    const gateway = await open({ seed: { ...defaultSeed, volumes } });
    const { body } = await gateway.get<{ id: string; name: string }[]>('/api/types/Volume/instances');
    const [base, snap, policy, replicated] = body;
    expect(base).toMatchObject({
      sizeInKb: gib(16),
      volumeType: 'ThickProvisioned',
      mappedSdcInfo: [{ accessMode: 'ReadOnly', limitIops: 100 }],
    });
    expect(snap).toMatchObject({ id: '00000000000000b2', ancestorVolumeId: base?.id, consistencyGroupId: '00000000000000c3' });
    expect(policy).toMatchObject({ ancestorVolumeId: snap?.id, lockedAutoSnapshot: true, sizeInKb: gib(16) });
    expect(replicated).toMatchObject({ volumeReplicationState: 'MarkedForReplication' });
    for (const id of [policy?.id, replicated?.id]) expect((await gateway.act(`Volume::${id}`, 'removeVolume')).status).toBe(500);
    await gateway.simulator.close();
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown field', { ...defaultSeed, colour: 'red' }, /colour/],
    ['a size that is no multiple of 8', { ...defaultSeed, volumes: [{ name: 'v', pool: 'pool1', sizeGb: 9 }] }, /volumes\.0\.sizeGb/],
    ['a pool that is not there', { ...defaultSeed, volumes: [{ name: 'v', pool: 'none', sizeGb: 8 }] }, /no pool named none/],
    ['an ancestor that is not there', { ...defaultSeed, volumes: [{ name: 'v', ancestor: 'none' }] }, /no volume none/],
    ['a volume without place', { ...defaultSeed, volumes: [{ name: 'v' }] }, /volume v needs pool and sizeGb/],
    [
      'an SDC that is not there',
      { ...defaultSeed, volumes: [{ name: 'v', pool: 'pool1', sizeGb: 8, mappings: [{ sdc: 'x' }] }] },
      /no SDC x/,
    ],
    ['a domain that is not there', { domains: [{ name: 'a' }], pools: [{ name: 'p', domain: 'b' }] }, /no domain named b/],
    ['an id that is no id', { ...defaultSeed, systemId: 'abc' }, /systemId: must be 16 lower-case hex digits/],
    ['two pools of one name without their domain', twoDomains(), /several pools named p/],
    ['NVMe hosts before 4.x', { ...defaultSeed, nvmeHosts: [{ nqn: 'nqn.x' }] }, /4\.5/],
  ])('with %s is refused with a sentence', async (_case, seed, sentence) => {
    await expect(startSimulator({ plainHttp: true, seed: seed as SeedInput })).rejects.toThrow(sentence);
  });
});

function twoDomains(): SeedInput {
  const names = ['a', 'b'];
  return {
    domains: names.map((name) => ({ name })),
    pools: names.map((domain) => ({ name: 'p', domain })),
    volumes: [{ name: 'v', pool: 'p', sizeGb: 8 }],
  };
}
