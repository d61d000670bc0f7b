import { describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../../../drivers/scaleio/simulator/default-seed.ts';
import type { ApiVersion } from '../../../../../drivers/scaleio/simulator/versions.ts';
import { open, refusal } from './client.ts';

const id = '00000000000000a1';
const snapshotId = '00000000000000a2';

const withMarks = (marks: object, apiVersion: ApiVersion = '4.5') =>
  open({
    apiVersion,
    seed: {
      ...defaultSeed,
      volumes: [
        { id, name: 'theirs', pool: 'pool1', sizeGb: 8, marks },
        { id: snapshotId, name: 'snapshot', ancestor: 'theirs' },
      ],
    },
  });

describe('a volume that another product manages', () => {
  it.each([
    [`Volume::${id}`, 'addMappedSdc', { guid: '9E56672F-2F4B-4A42-BFF4-88B6846FBF01' }],
    [`Volume::${id}`, 'overwriteVolumeContent', { srcVolumeId: snapshotId }],
    ['System', 'snapshotVolumes', { snapshotDefs: [{ volumeId: id }] }],
  ])('is subject to %s %s only for who says so', async (object, verb, body) => {
    const gateway = await withMarks({ managedBy: 'OtherProduct' });
    expect((await gateway.act(object, verb, body)).status).toBe(500);
    expect((await gateway.act(object, verb, { ...body, allowOnExtManagedVol: 'TRUE' })).status).toBe(200);
    await gateway.simulator.close();
  });
});

describe('a replicated volume', () => {
  it('is neither removed nor overwritten until it is unmarked', async () => {
    const gateway = await withMarks({ volumeReplicationState: 'MarkedForReplication' });
    const act = (verb: string, body = {}) => gateway.act(`Volume::${id}`, verb, body);
    expect((await act('removeVolume')).status).toBe(500);
    expect((await act('overwriteVolumeContent', { srcVolumeId: snapshotId })).status).toBe(500);
    expect((await act('unmarkForReplication')).status).toBe(200);
    expect(await act('unmarkForReplication')).toMatchObject(refusal(183));
    expect((await act('removeVolume')).status).toBe(200);
    await gateway.simulator.close();
  });

  it('may be a journal, which nobody maps, snaps or removes', async () => {
    const gateway = await withMarks({ replicationJournalVolume: true });
    expect(await gateway.volume(id)).toMatchObject({ replicationJournalVolume: true });
    expect((await gateway.act(`Volume::${id}`, 'addMappedSdc', { sdcId: gateway.sdcIds()[0] })).status).toBe(500);
    expect((await gateway.act('System', 'snapshotVolumes', { snapshotDefs: [{ volumeId: id }] })).status).toBe(500);
    expect((await gateway.act(`Volume::${id}`, 'removeVolume')).status).toBe(500);
    await gateway.simulator.close();
  });
});

describe('a locked or secure snapshot', () => {
  it.each([{ lockedAutoSnapshot: true }, { secureSnapshotExpTime: 4_000_000_000 }])('is not overwritten with %o', async (marks) => {
    const gateway = await withMarks(marks);
    expect((await gateway.act(`Volume::${id}`, 'overwriteVolumeContent', { srcVolumeId: snapshotId })).status).toBe(500);
    await gateway.simulator.close();
  });
});

describe('a volume of 2.x', () => {
  it('may be mapped to all SDCs, and then to none of them alone', async () => {
    const gateway = await withMarks({}, '2.5');
    const act = (verb: string, body: object) => gateway.act(`Volume::${id}`, verb, body);
    expect((await act('addMappedSdc', { allSdcs: '' })).status).toBe(200);
    expect(await gateway.volume(id)).toMatchObject({ mappingToAllSdcsEnabled: true, mappedSdcInfo: null });
    expect(await act('addMappedSdc', { sdcId: gateway.sdcIds()[0] })).toMatchObject(refusal(82));
    expect(await act('removeVolume', {})).toMatchObject(refusal(104));
    expect((await act('removeMappedSdc', { allSdcs: '' })).status).toBe(200);
    expect((await act('removeVolume', {})).status).toBe(200);
    await gateway.simulator.close();
  });

  it('may be one of a hypervisor', async () => {
    const gateway = await withMarks({ isVvol: true }, '2.5');
    expect(await gateway.volume(id)).toMatchObject({ isVvol: true });
    await gateway.simulator.close();
  });

  it('is mapped read-write, whatever is asked', async () => {
    const gateway = await withMarks({}, '2.5');
    await gateway.act(`Volume::${id}`, 'addMappedSdc', { sdcId: gateway.sdcIds()[0], accessMode: 'ReadOnly' });
    expect(gateway.simulator.state.volumes.get(id)?.mappings[0]?.accessMode).toBe('ReadWrite');
    await gateway.simulator.close();
  });
});
