import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../../../drivers/scaleio/simulator/default-seed.ts';
import { type GatewayClient, open } from './client.ts';

interface Counter {
  numSeconds: number;
  totalWeightInKb: number;
  numOccured: number;
}

const io = { readIops: 1000, writeIops: 500, trimIops: 100, ioSizeInKb: 16, readLatencyInMicros: 400, writeLatencyInMicros: 800 };
const seed = {
  ...defaultSeed,
  volumes: [
    { name: 'busy', pool: 'pool1', sizeGb: 8, mappings: [{ sdc: 'host1' }], io },
    { name: 'shared', pool: 'pool1', sizeGb: 8, mappings: [{ sdc: 'host1' }, { sdc: 'host2', accessMode: 'ReadOnly' as const }], io },
    { name: 'unmapped', pool: 'pool1', sizeGb: 8, io },
  ],
};
const options = { wallMs: () => 1_700_000_000_000, seed };
const still: Counter = { numSeconds: 0, totalWeightInKb: 0, numOccured: 0 };

let gateway: GatewayClient;
beforeEach(async () => {
  gateway = await open(options);
});
afterEach(() => gateway.simulator.close());

const idOf = (name: string) => [...gateway.simulator.state.volumes.values()].find((volume) => volume.name === name)?.id ?? '';
const statistics = async (object: string) =>
  (await gateway.get<Record<string, Counter>>(`/api/instances/${object}/relationships/Statistics`)).body;
const counter = async (object: string, name: string): Promise<Counter> => (await statistics(object))[name] ?? still;
const perSecond = ({ numOccured, numSeconds }: Counter) => numOccured / numSeconds;

describe('the counters of a mapped volume', () => {
  it('follow its profile: rate, size and latency, within a fifth', async () => {
    const figures = await statistics(`Volume::${idOf('busy')}`);
    const read = figures['userDataReadBwc'] ?? still;
    expect(Math.abs(perSecond(read) - 1000)).toBeLessThanOrEqual(200);
    expect(read.totalWeightInKb / read.numOccured).toBe(16);
    const latency = figures['userDataSdcWriteLatency'] ?? still;
    expect(latency.totalWeightInKb / latency.numOccured).toBe(800);
    expect(figures['userDataTrimBwc']?.numOccured).toBeGreaterThan(0);
  });

  it('move with the clock, and are the same at the same time', async () => {
    const first = await statistics(`Volume::${idOf('busy')}`);
    expect(await statistics(`Volume::${idOf('busy')}`)).toEqual(first);
    const other = await open(options);
    const again = await other.get(`/api/instances/Volume::${idOf('busy')}/relationships/Statistics`);
    expect(again.body).toEqual(first);
    await other.simulator.close();
    gateway.simulator.advanceClock(5);
    expect(await statistics(`Volume::${idOf('busy')}`)).not.toEqual(first);
  });

  it('keep to the limits of the mapping', async () => {
    const limit = (limits: Record<string, string>) =>
      gateway.act(`Volume::${idOf('busy')}`, 'setMappedSdcLimits', { sdcId: gateway.sdcIds()[0], ...limits });
    await limit({ iopsLimit: '160' });
    const names = ['userDataReadBwc', 'userDataWriteBwc', 'userDataTrimBwc'];
    const limited = await Promise.all(names.map((name) => counter(`Volume::${idOf('busy')}`, name)));
    const iops = limited.map(perSecond).reduce((sum, rate) => sum + rate);
    expect(iops).toBeLessThanOrEqual(160);
    expect(iops).toBeGreaterThan(150);
    await limit({ iopsLimit: '0', bandwidthLimitInKbps: '1024' });
    const { totalWeightInKb, numSeconds } = await counter(`Volume::${idOf('busy')}`, 'userDataReadBwc');
    expect(totalWeightInKb / numSeconds).toBeLessThanOrEqual(1024);
  });

  it('stand still without a mapping, and while the host is away', async () => {
    expect(await counter(`Volume::${idOf('unmapped')}`, 'userDataReadBwc')).toEqual(still);
    await gateway.control('POST', '/sdcs/host1/connection', { connected: false });
    expect(await counter(`Volume::${idOf('busy')}`, 'userDataReadBwc')).toEqual(still);
    expect((await counter(`Volume::${idOf('shared')}`, 'userDataReadBwc')).numOccured).toBeGreaterThan(0);
    expect(await counter(`Volume::${idOf('shared')}`, 'userDataWriteBwc')).toEqual(still);
  });

  it('begin and end with a profile', async () => {
    const id = await gateway.createVolume();
    await gateway.act(`Volume::${id}`, 'addMappedSdc', { sdcId: gateway.sdcIds()[2] });
    await gateway.control('POST', `/volumes/${id}/io`, { readIops: 50 });
    expect(perSecond(await counter(`Volume::${id}`, 'userDataReadBwc'))).toBeGreaterThan(30);
    await gateway.control('DELETE', `/volumes/${id}/io`);
    expect(await counter(`Volume::${id}`, 'userDataReadBwc')).toEqual(still);
  });
});

describe('the counters of everything else', () => {
  it('add up: volumes to hosts, to pools, to the system, and to what devices write twice', async () => {
    const sum = async (objects: string[], name: string) => {
      const all = await Promise.all(objects.map((object) => counter(object, name)));
      return all.reduce((total, { numOccured }) => total + numOccured, 0);
    };
    const volumes = await sum([`Volume::${idOf('busy')}`, `Volume::${idOf('shared')}`], 'userDataWriteBwc');
    const hosts = gateway.sdcIds().map((id) => `Sdc::${id}`);
    const system = `System::${gateway.simulator.state.system.id}`;
    expect(await sum(hosts, 'userDataWriteBwc')).toBe(volumes);
    expect(await sum([`StoragePool::${gateway.poolId()}`], 'userDataWriteBwc')).toBe(volumes);
    expect(await sum([system], 'userDataWriteBwc')).toBe(volumes);
    expect(await sum([system], 'totalWriteBwc')).toBe(2 * volumes);
    const sdss = [...gateway.simulator.state.sdss.keys()].map((id) => `Sds::${id}`);
    expect(Math.abs((await sum(sdss, 'primaryWriteBwc')) - volumes)).toBeLessThanOrEqual(sdss.length);
  });

  it('tell a host’s traffic with each volume', async () => {
    const { body } = await gateway.act<{ volumeId: string; readBwc: Counter }[]>(`Sdc::${gateway.sdcIds()[1]}`, 'queryVolumeSdcBwc');
    expect(body.map(({ volumeId }) => volumeId)).toEqual([idOf('shared')]);
    expect(body[0]?.readBwc.numOccured).toBeGreaterThan(0);
  });
});
