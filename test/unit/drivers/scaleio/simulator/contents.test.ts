import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayClient, open } from './client.ts';

let gateway: GatewayClient;
let source: string;
beforeEach(async () => {
  gateway = await open({ wallMs: () => 1_700_000_000_000 });
  source = await gateway.createVolume({ name: 'source' });
  await gateway.control('POST', `/volumes/${source}/write`, { content: 'label' });
});
afterEach(() => gateway.simulator.close());

const contentOf = async (id: string): Promise<string> =>
  (await gateway.control<{ content: string }>('GET', `/volumes/${id}/content`)).body.content;
const mapTo = (id: string, more: object = {}) => gateway.act(`Volume::${id}`, 'addMappedSdc', { sdcId: gateway.sdcIds()[0], ...more });
const writeAlways = () => gateway.control('POST', `/volumes/${source}/io`, { writeIops: 100 });

describe('what is on a simulated volume', () => {
  it('stays as it was written while nobody writes', async () => {
    await writeAlways();
    await mapTo(source, { accessMode: 'ReadOnly' });
    await gateway.advance(60);
    expect(await contentOf(source)).toBe('label');
  });

  it('moves on while its hosts write, and is the same at the same time', async () => {
    await writeAlways();
    await mapTo(source);
    const first = await contentOf(source);
    expect(first).toMatch(/^label~\d+$/);
    expect(await contentOf(source)).toBe(first);
    await gateway.advance(5);
    expect(await contentOf(source)).toMatch(/^label~\d+$/);
    expect(await contentOf(source)).not.toBe(first);
  });

  it('is kept by a snapshot as it was then, and comes back with a restore', async () => {
    await writeAlways();
    await mapTo(source);
    const then = await contentOf(source);
    const [snapshot = ''] = await gateway.snapshot(source);
    await gateway.advance(60);
    expect(await contentOf(snapshot)).toBe(then);
    await gateway.act(`Volume::${source}`, 'removeMappedSdc', { allSdcs: '' });
    expect(await contentOf(source)).not.toBe(then);
    await gateway.act(`Volume::${source}`, 'overwriteVolumeContent', { srcVolumeId: snapshot });
    await gateway.advance(60);
    expect(await contentOf(source)).toBe(then);
  });

  it.each([
    ['is unmapped', () => gateway.act(`Volume::${source}`, 'removeMappedSdc', { sdcId: gateway.sdcIds()[0] })],
    [
      'may only be read',
      () => gateway.act(`Volume::${source}`, 'setVolumeMappingAccessMode', { sdcId: gateway.sdcIds()[0], accessMode: 'ReadOnly' }),
    ],
    ['is left alone by its hosts', () => gateway.control('DELETE', `/volumes/${source}/io`)],
    ['is only read by its hosts', () => gateway.control('POST', `/volumes/${source}/io`, { readIops: 100 })],
  ])('stays as it was written last once it %s', async (_, stop) => {
    await writeAlways();
    await mapTo(source);
    await gateway.advance(60);
    const last = await contentOf(source);
    await stop();
    await gateway.advance(60);
    expect(await contentOf(source)).toBe(last);
  });

  it('is kept by a snapshot of a policy as it was when that was due, however late anybody looks', async () => {
    await writeAlways();
    await mapTo(source);
    const wanted = { name: 'hourly', autoSnapshotCreationCadenceInMin: '60', numOfRetainedSnapshotsPerLevel: ['2'] };
    const policy = (await gateway.post<{ id: string }>('/api/types/SnapshotPolicy/instances', wanted)).body.id;
    await gateway.act(`SnapshotPolicy::${policy}`, 'addSourceVolumeToSnapshotPolicy', { sourceVolumeId: source });
    await gateway.advance(3600 + 1800);
    await gateway.get('/api/version');
    const [snapshot] = [...gateway.simulator.state.volumes.values()].filter(({ volumeType }) => volumeType === 'Snapshot');
    expect(snapshot?.content).toBe(`label~${(1_700_000_000 + 3600) / 5}`);
  });
});
