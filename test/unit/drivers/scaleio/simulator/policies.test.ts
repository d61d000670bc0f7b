import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../../../drivers/scaleio/simulator/default-seed.ts';
import { type GatewayClient, open, type VolumeOnWire } from './client.ts';

interface AutoSnapshot extends VolumeOnWire {
  retentionLevels: number[];
  autoSnapshotGroupId: string | null;
  snplIdOfAutoSnapshot: string | null;
  lockedAutoSnapshot: boolean;
}

let gateway: GatewayClient;
let source: string;
let policyId: string;

const wanted = { name: 'hourly', autoSnapshotCreationCadenceInMin: '60', numOfRetainedSnapshotsPerLevel: ['2', '2'] };
const actOn = (verb: string, body: Record<string, unknown> = {}) => gateway.act(`SnapshotPolicy::${policyId}`, verb, body);
const hours = (count: number) => gateway.advance(count * 3600);
const policy = async () => (await gateway.get<Record<string, unknown>>(`/api/instances/SnapshotPolicy::${policyId}`)).body;

async function snapshots(): Promise<AutoSnapshot[]> {
  const { body } = await gateway.get<AutoSnapshot[]>('/api/types/Volume/instances');
  return body.filter(({ snplIdOfAutoSnapshot }) => snplIdOfAutoSnapshot === policyId);
}

beforeEach(async () => {
  gateway = await open({ wallMs: () => 1_700_000_000_000 });
  source = await gateway.createVolume({ name: 'source' });
  policyId = (await gateway.post<{ id: string }>('/api/types/SnapshotPolicy/instances', wanted)).body.id;
  await actOn('addSourceVolumeToSnapshotPolicy', { sourceVolumeId: source });
});
afterEach(() => gateway.simulator.close());

describe('a snapshot policy', () => {
  it('takes a snapshot of its sources at each cadence, and says when and of what', async () => {
    await hours(1);
    const [snapshot] = await snapshots();
    expect(snapshot).toMatchObject({ ancestorVolumeId: source, volumeType: 'Snapshot', mappedSdcInfo: null, creationTime: 1_700_003_600 });
    expect(snapshot?.autoSnapshotGroupId).toBe(snapshot?.consistencyGroupId);
    expect(await policy()).toMatchObject({
      numOfAutoSnapshots: 1,
      numOfSourceVolumes: 1,
      timeOfLastAutoSnapshot: 1_700_003_600,
      nextAutoSnapshotCreationTime: 1_700_007_200,
    });
  });

  it('keeps the last of each level, and the levels further apart', async () => {
    await hours(6);
    const kept = await snapshots();
    const ages = kept.map(({ retentionLevels, ...snapshot }) => ({ ...snapshot, retentionLevels })).map((one) => one.retentionLevels);
    expect(kept).toHaveLength(3);
    expect(ages).toEqual([[2], [1, 2], [1]]);
  });

  it('keeps a locked snapshot beyond its retention, until it is unlocked', async () => {
    await hours(2);
    const locked = (await snapshots())[1]?.id ?? '';
    await gateway.act(`Volume::${locked}`, 'lockAutoSnapshot');
    expect((await gateway.act(`Volume::${locked}`, 'removeVolume')).status).toBe(500);
    await hours(10);
    expect((await snapshots()).map(({ id }) => id)).toContain(locked);
    expect(await policy()).toMatchObject({ numOfLockedSnapshots: 1, numOfExpiredButLockedSnapshots: 1 });
    expect((await gateway.act(`Volume::${locked}`, 'unlockAutoSnapshot')).status).toBe(500);
    expect((await gateway.act(`Volume::${locked}`, 'unlockAutoSnapshot', { autoSnapshotWillBeRemoved: 'TRUE' })).status).toBe(200);
    expect((await snapshots()).map(({ id }) => id)).not.toContain(locked);
  });

  it('rests while it is paused', async () => {
    await actOn('pauseSnapshotPolicy');
    await hours(3);
    expect(await snapshots()).toEqual([]);
    await actOn('resumeSnapshotPolicy');
    await hours(1);
    expect(await snapshots()).toHaveLength(1);
  });

  it('lets its snapshots go as ordinary ones, or removes them with the source', async () => {
    await hours(1);
    const [snapshot] = await snapshots();
    await actOn('removeSourceVolumeFromSnapshotPolicy', { sourceVolumeId: source, autoSnapshotRemovalAction: 'Detach' });
    expect(await snapshots()).toEqual([]);
    expect((await gateway.volume(snapshot?.id ?? '')).ancestorVolumeId).toBe(source);
    await actOn('addSourceVolumeToSnapshotPolicy', { sourceVolumeId: source });
    await hours(1);
    const volumes = gateway.simulator.state.volumes.size;
    await actOn('removeSnapshotPolicy', { autoSnapshotRemovalAction: 'Remove' });
    expect(gateway.simulator.state.volumes.size).toBe(volumes - 1);
    expect((await gateway.get(`/api/instances/SnapshotPolicy::${policyId}`)).status).toBe(500);
  });

  it('counts a round that the array refuses, and goes on', async () => {
    gateway.simulator.state.limits.snapshotsPerVTree = 1;
    await gateway.snapshot(source);
    await hours(2);
    expect(await policy()).toMatchObject({ numOfCreationFailures: 2, numOfAutoSnapshots: 0, lastAutoSnapshotFailureInFirstLevel: true });
    gateway.simulator.state.limits.snapshotsPerVTree = 126;
    await hours(1);
    expect(await snapshots()).toHaveLength(1);
  });

  it('can be changed and renamed, to a free name and to what a tree can hold', async () => {
    const modify = (retained: string[]) =>
      actOn('modifySnapshotPolicy', { autoSnapshotCreationCadenceInMin: '5', numOfRetainedSnapshotsPerLevel: retained });
    expect((await modify(['3'])).status).toBe(200);
    expect((await modify(['100', '100'])).status).toBe(500);
    expect((await modify([])).status).toBe(400);
    expect(await policy()).toMatchObject({ autoSnapshotCreationCadenceInMin: 5, numOfRetainedSnapshotsPerLevel: [3] });
    expect((await actOn('renameSnapshotPolicy', { newName: 'often' })).status).toBe(200);
    expect((await gateway.post('/api/types/SnapshotPolicy/instances', { ...wanted, name: 'often' })).status).toBe(500);
    expect((await gateway.post('/api/types/SnapshotPolicy/instances/action/queryIdByKey', { name: 'often' })).body).toBe(policyId);
  });

  it('comes with a seed, and not before 3.0', async () => {
    const policies = [{ name: 'daily', sources: ['v'], cadenceInMinutes: 1440, retained: [7] }];
    const seed = { ...defaultSeed, volumes: [{ name: 'v', pool: 'pool1', sizeGb: 8 }], policies };
    const seeded = await open({ seed });
    await seeded.advance(86_400);
    expect((await seeded.get('/api/types/Volume/instances')).body).toHaveLength(2);
    await seeded.simulator.close();
    await expect(open({ seed, apiVersion: '2.5' })).rejects.toThrow('policies need API version 3.0');
  });
});

describe('a secure snapshot', () => {
  it('is made from a snapshot, and its retention is only ever prolonged', async () => {
    const [id = ''] = await gateway.snapshot(source);
    const secure = (object: string, minutes: string) =>
      gateway.act(`Volume::${object}`, 'setSnapshotSecurity', { retentionPeriodInMin: minutes });
    expect((await secure(source, '10')).status).toBe(500);
    expect((await secure(id, '10')).status).toBe(200);
    expect((await secure(id, '5')).status).toBe(500);
    expect((await secure(id, '20')).status).toBe(200);
    await gateway.advance(11 * 60);
    expect((await gateway.act(`Volume::${id}`, 'removeVolume')).status).toBe(500);
    await gateway.advance(10 * 60);
    expect((await gateway.act(`Volume::${id}`, 'removeVolume')).status).toBe(200);
  });
});
