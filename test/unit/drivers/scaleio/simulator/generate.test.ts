import { describe, expect, it } from 'vitest';
import { countsIn, generateSeed } from '../../../../../drivers/scaleio/simulator/generate.ts';
import { optionsOf } from '../../../../../drivers/scaleio/simulator/options.ts';
import { open, type VolumeOnWire } from './client.ts';

describe('a generated array', () => {
  it('has the counts asked for, with snapshots, mappings and I/O', async () => {
    const gateway = await open({ ...optionsOf(['--generate', 'volumes=500,sdcs=40,sds=12', '--plain-http']) });
    const { volumes, sdcs, sdss } = gateway.simulator.state;
    expect([volumes.size, sdcs.size, sdss.size]).toEqual([500, 40, 12]);
    const { body } = await gateway.get<VolumeOnWire[]>('/api/types/Volume/instances');
    expect(body.filter(({ volumeType }) => volumeType === 'Snapshot')).toHaveLength(100);
    expect(body.filter(({ mappedSdcInfo }) => mappedSdcInfo !== null).length).toBeGreaterThan(200);
    const properties = { allIds: '', properties: ['userDataReadBwc'] };
    const all = await gateway.post<Record<string, { userDataReadBwc: { numOccured: number } }>>(
      '/api/types/Volume/instances/action/querySelectedStatistics',
      properties,
    );
    expect(Object.values(all.body).filter(({ userDataReadBwc }) => userDataReadBwc.numOccured > 0).length).toBeGreaterThan(200);
    await gateway.simulator.close();
  });

  it('is the same for the same counts', () => {
    const counts = countsIn('volumes=50,sdcs=5');
    expect(generateSeed(counts)).toEqual(generateSeed(countsIn('sdcs=5,volumes=50')));
    expect(generateSeed(counts)).not.toEqual(generateSeed(countsIn('volumes=51,sdcs=5')));
  });

  it('has domains that every pool can live in, also just beyond a hundred SDSs', async () => {
    const gateway = await open({ seed: generateSeed(countsIn('volumes=10,sds=101')) });
    for (const { id } of gateway.simulator.state.domains.values()) {
      const { body } = await gateway.get<unknown[]>(`/api/instances/ProtectionDomain::${id}/relationships/Sds`);
      expect(body.length).toBeGreaterThanOrEqual(3);
    }
    await gateway.simulator.close();
  });

  it('answers at 10,000 volumes, 1,000 SDCs and 200 SDSs, every list and figure in one call', async () => {
    const gateway = await open({ seed: generateSeed(countsIn('volumes=10000,sdcs=1000,sds=200')) });
    const lists = ['Volume', 'VTree', 'Sdc', 'Sds', 'Device', 'StoragePool'];
    const counts = await Promise.all(
      lists.map(async (type) => {
        const query = `/api/types/${type}/instances/action/querySelectedStatistics`;
        const [list, statistics] = await Promise.all([
          gateway.get<unknown[]>(`/api/types/${type}/instances`),
          gateway.post<object>(query, { allIds: '', properties: [] }),
        ]);
        return [type, list.body.length, Object.keys(statistics.body).length];
      }),
    );
    expect(counts).toEqual([
      ['Volume', 10_000, 10_000],
      ['VTree', 8000, 8000],
      ['Sdc', 1000, 1000],
      ['Sds', 200, 200],
      ['Device', 800, 800],
      ['StoragePool', 8, 8],
    ]);
    await gateway.simulator.close();
  });

  it.each([
    ['volumes=many', 'volumes=many is none of volumes, sdcs, sds with a number, such as volumes=10000'],
    ['disks=5', 'disks=5 is none of volumes, sdcs, sds with a number, such as volumes=10000'],
    ['sds=2', 'sds=2 must be from 3 to 512'],
    ['sdcs=5000', 'sdcs=5000 must be from 1 to 2048'],
  ])('is refused for %s', (text, sentence) => {
    expect(() => countsIn(text)).toThrow(sentence);
  });

  it('is not taken together with a seed', () => {
    expect(() => optionsOf(['--generate', 'sds=3', '--seed', 'a.json'])).toThrow('--seed and --generate exclude each other');
  });
});
