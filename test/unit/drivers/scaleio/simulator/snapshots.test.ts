import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../../../drivers/scaleio/simulator/default-seed.ts';
import { type GatewayClient, open, refusal } from './client.ts';

let gateway: GatewayClient;
beforeEach(async () => {
  gateway = await open();
});
afterEach(() => gateway.simulator.close());

const snapshotVolumes = (body: Record<string, unknown>) =>
  gateway.act<{ volumeIdList: string[]; snapshotGroupId: string }>('System', 'snapshotVolumes', body);

describe('taking snapshots', () => {
  it('answers ids in the order asked, all of one group, in the trees of their sources', async () => {
    const one = await gateway.createVolume({ name: 'one' });
    const two = await gateway.createVolume({ name: 'two' });
    const snapshotDefs = [
      { volumeId: two, snapshotName: 'two-s' },
      { volumeId: one, snapshotName: 'one-s' },
    ];
    const { body } = await snapshotVolumes({ snapshotDefs });
    const [first, second] = await Promise.all(body.volumeIdList.map((id) => gateway.volume(id)));
    const group = { consistencyGroupId: body.snapshotGroupId, volumeType: 'Snapshot', mappedSdcInfo: null };
    expect(first).toMatchObject({ ...group, name: 'two-s', ancestorVolumeId: two, vtreeId: (await gateway.volume(two)).vtreeId });
    expect(second).toMatchObject({ ...group, name: 'one-s', ancestorVolumeId: one, accessModeLimit: 'ReadWrite' });
  });

  it.each([
    ['an unknown volume', [{ volumeId: '00000000000000ff' }], 79],
    ['a name in use', [{ snapshotName: 'one' }], 99],
    ['the same name twice', [{ snapshotName: 'new' }, { snapshotName: 'new' }], 99],
    ['a long name', [{ snapshotName: 'a'.repeat(32) }], 226],
  ])('takes none when there is %s', async (_case, more, code) => {
    const volumeId = await gateway.createVolume({ name: 'one' });
    const snapshotDefs = [{ volumeId, snapshotName: 'good' }, ...more.map((definition) => ({ volumeId, ...definition }))];
    expect(await snapshotVolumes({ snapshotDefs })).toMatchObject(refusal(code));
    expect(gateway.simulator.state.volumes.size).toBe(1);
  });

  it('refuses a tree’s 127th snapshot with the code in the details', async () => {
    const volumeId = await gateway.createVolume();
    const snapshotDefs = Array.from({ length: 126 }, () => ({ volumeId }));
    expect((await snapshotVolumes({ snapshotDefs })).status).toBe(200);
    expect(await snapshotVolumes({ snapshotDefs: [{ volumeId }] })).toMatchObject({
      status: 500,
      body: { message: 'Error with details', errorCode: 0, details: [{ error: 'TOO_MANY_SNAPS_IN_VTREE', rc: 182 }] },
    });
  });

  it('refuses the 32nd at 2.5, and whatever limit a seed sets', async () => {
    const old = await open({ apiVersion: '2.5' });
    const small = await open({ seed: { ...defaultSeed, limits: { snapshotsPerVTree: 1 } } });
    for (const [client, most] of [[old, 31] as const, [small, 1] as const]) {
      const id = await client.createVolume();
      await client.snapshot(...Array.from({ length: most }, () => id));
      await expect(client.snapshot(id)).rejects.toThrow('182');
      await client.simulator.close();
    }
  });

  it('keeps a secure snapshot until its retention is over', async () => {
    const volumeId = await gateway.createVolume();
    const { body } = await snapshotVolumes({ snapshotDefs: [{ volumeId }], retentionPeriodInMin: '5' });
    const remove = () => gateway.act(`Volume::${body.volumeIdList[0]}`, 'removeVolume', {});
    expect((await remove()).status).toBe(500);
    gateway.simulator.advanceClock(301);
    expect((await remove()).status).toBe(200);
  });
});

describe('a consistency group', () => {
  it('goes as a whole, or not at all while one member is mapped', async () => {
    const one = await gateway.createVolume();
    const two = await gateway.createVolume();
    const { body } = await snapshotVolumes({ snapshotDefs: [{ volumeId: one }, { volumeId: two }] });
    const remove = () => gateway.act('System', 'removeConsistencyGroupSnapshots', { snapGroupId: body.snapshotGroupId });
    const member = `Volume::${body.volumeIdList[1]}`;
    await gateway.act(member, 'addMappedSdc', { sdcId: gateway.sdcIds()[0] });
    expect(await remove()).toMatchObject(refusal(104));
    expect(gateway.simulator.state.volumes.size).toBe(4);
    await gateway.act(member, 'removeMappedSdc', { allSdcs: '' });
    expect(await remove()).toEqual({ status: 200, body: { numberOfVolumes: 2 } });
    expect([...gateway.simulator.state.volumes.keys()]).toEqual([one, two]);
    expect(await remove()).toMatchObject(refusal(185));
  });
});
