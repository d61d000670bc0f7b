import { describe, expect, it } from 'vitest';
import { readSamples } from '../../../../drivers/scaleio/samples.ts';
import { arrayRefuses, fakeGateway, volumeMissing } from '../../../support/fake-gateway.ts';

const id = (digit: number) => String(digit).repeat(16);
const at = '2026-01-01T00:00:00.000Z';

const volumes = [
  { id: id(2), sizeInKb: 8388608, vtreeId: id(8) },
  { id: id(1), sizeInKb: 8388608 },
];

const gatewayWith = (version: string, statistics: Readonly<Record<string, unknown>>) =>
  fakeGateway({
    version,
    answer: (path) => {
      if (path === '/api/types/Volume/instances') return volumes;
      const type = /types\/(\w+)\//.exec(path)?.[1] ?? '';
      if (statistics[type] === undefined) throw arrayRefuses();
      return statistics[type];
    },
  }).gateway;

describe('samples', () => {
  it('of volumes tell what they promise, also where the release measures nothing, in the order of their ids', async () => {
    const samples = await readSamples(gatewayWith('2.5', {}), ['volume', 'volume'], at);
    expect(samples).toEqual(
      [1, 2].map((digit) => ({
        objectType: 'volume',
        nativeId: id(digit),
        measuredAt: at,
        periodSeconds: 0,
        metrics: { subscribedBytes: 8 * 1024 ** 3 },
      })),
    );
  });

  it('of volumes tell what is written where the volume is alone in its tree', async () => {
    const trees = { [id(8)]: { numOfVolumes: 1, netUserDataCapacityInKb: 7 } };
    const samples = await readSamples(gatewayWith('3.6', { VTree: trees, Volume: {} }), ['volume'], at);
    expect(samples.map(({ metrics }) => metrics.allocatedBytes)).toEqual([undefined, 7168]);
  });

  it('leave out an object of which nothing is measured', async () => {
    expect(await readSamples(gatewayWith('3.6', { Sds: { [id(4)]: {} } }), ['port'], at)).toEqual([]);
  });

  it('of more volumes than an answer should hold are read in slices of their ids, again when one of them is gone', async () => {
    const ids = Array.from({ length: 12_000 }, (_, index) => (index + 1).toString(16).padStart(16, '0'));
    const slices: number[] = [];
    const { gateway } = fakeGateway({
      version: '2.5',
      answer: (path, body) => {
        if (!path.endsWith('queryBySelectedIds')) return Object.fromEntries(ids.map((one) => [one, {}]));
        const wanted = (body as { ids: readonly string[] }).ids;
        slices.push(wanted.length);
        if (slices.length === 1) throw volumeMissing();
        return wanted.map((one) => ({ id: one, sizeInKb: 8388608 }));
      },
    });
    expect(await readSamples(gateway, ['volume'], at)).toHaveLength(12_000);
    expect(slices).toEqual([5000, 5000, 5000, 2000]);
  });
});
