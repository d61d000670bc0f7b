import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayClient, gib, open, refusal } from './client.ts';

let gateway: GatewayClient;
beforeEach(async () => {
  gateway = await open();
});
afterEach(() => gateway.simulator.close());

const create = (fields: Record<string, unknown>) =>
  gateway.post('/api/types/Volume/instances', { storagePoolId: gateway.poolId(), volumeSizeInKb: '8388608', ...fields });

describe('creating a volume', () => {
  it.each([
    [{ volumeSizeInKb: '1' }, 8],
    [{ volumeSizeInKb: String(gib(8)) }, 8],
    [{ volumeSizeInKb: gib(8) + 1 }, 16],
    [{ volumeSizeInKb: undefined, volumeSizeInGb: '17' }, 24],
  ])('rounds %o up to %i GiB', async (fields, sizeGib) => {
    const id = await gateway.createVolume(fields);
    expect((await gateway.volume(id)).sizeInKb).toBe(gib(sizeGib));
  });

  it('makes a thick volume when no type is given, in a tree of its own, unmapped', async () => {
    const id = await gateway.createVolume({ volumeType: undefined, name: 'v1' });
    expect(await gateway.volume(id)).toMatchObject({
      volumeType: 'ThickProvisioned',
      storagePoolId: gateway.poolId(),
      ancestorVolumeId: null,
      mappedSdcInfo: null,
      name: 'v1',
    });
  });

  it.each([
    ['a'.repeat(32), 226],
    ['two words', 227],
    ['umläut', 227],
  ])('refuses the name %s with %i', async (name, code) => {
    expect(await create({ name })).toMatchObject(refusal(code));
  });

  it('takes a name of 31 characters with base64 punctuation', async () => {
    const name = `${'a'.repeat(28)}+/=`;
    expect((await gateway.volume(await gateway.createVolume({ name }))).name).toBe(name);
  });

  it('refuses a name in use with the text that clients compare', async () => {
    await gateway.createVolume({ name: 'twice' });
    expect(await create({ name: 'twice' })).toMatchObject(refusal(99, 'Volume name already in use. Please use a different name.'));
  });

  it('refuses a pool that is not there, or not in the domain', async () => {
    expect(await create({ storagePoolId: '00000000000000ff' })).toMatchObject(refusal(171));
    expect(await create({ protectionDomainId: '00000000000000ff' })).toMatchObject(refusal(197));
  });

  it.each([{ volumeSizeInKb: '0' }, { volumeSizeInKb: 'much' }, { volumeSizeInKb: undefined }, { volumeType: 'Fat' }])(
    'answers %o with 400 and changes nothing',
    async (fields) => {
      expect(await create(fields)).toMatchObject({ status: 400, body: { errorCode: 0, httpStatusCode: 400 } });
      expect(gateway.simulator.state.volumes.size).toBe(0);
    },
  );

  it('refuses more than 1 PiB with 190', async () => {
    expect(await create({ volumeSizeInKb: undefined, volumeSizeInGb: '1048577' })).toMatchObject(refusal(190));
  });
});

describe('changing a volume', () => {
  it('grows it, rounded up to 8 GiB, and never shrinks it', async () => {
    const id = await gateway.createVolume();
    expect(await gateway.act(`Volume::${id}`, 'setVolumeSize', { sizeInGB: '9' })).toEqual({ status: 200, body: {} });
    expect((await gateway.volume(id)).sizeInKb).toBe(gib(16));
    for (const sizeInGB of ['8', '16']) {
      expect(await gateway.act(`Volume::${id}`, 'setVolumeSize', { sizeInGB })).toMatchObject(refusal(133));
    }
  });

  it('renames it, also to its own name, but not to that of another', async () => {
    const id = await gateway.createVolume({ name: 'mine' });
    await gateway.createVolume({ name: 'other' });
    expect(await gateway.act(`Volume::${id}`, 'setVolumeName', { newName: 'mine' })).toMatchObject({ status: 200 });
    expect(await gateway.act(`Volume::${id}`, 'setVolumeName', { newName: 'other' })).toMatchObject(refusal(99));
    await gateway.act(`Volume::${id}`, 'setVolumeName', { newName: 'new' });
    expect((await gateway.volume(id)).name).toBe('new');
  });

  it('refuses an unknown volume with the code and text clients compare, and an id that is no id as malformed', async () => {
    expect(await gateway.act('Volume::00000000000000ff', 'setVolumeName', { newName: 'x' })).toMatchObject(
      refusal(79, 'Could not find the volume'),
    );
    const malformed = await gateway.get<{ message: string }>('/api/instances/Volume::none');
    expect(malformed.status).toBe(400);
    expect(malformed.body.message).toContain('must be a hexadecimal number');
  });
});

describe('removing a volume', () => {
  async function family() {
    const root = await gateway.createVolume({ name: 'root' });
    const [child = ''] = await gateway.snapshot(root);
    const [grandchild = ''] = await gateway.snapshot(child);
    return { root, child, grandchild };
  }
  const left = () => [...gateway.simulator.state.volumes.keys()];

  it('alone hands its snapshots to its parent', async () => {
    const { root, child, grandchild } = await family();
    await gateway.act(`Volume::${child}`, 'removeVolume', { removeMode: 'ONLY_ME' });
    expect((await gateway.volume(grandchild)).ancestorVolumeId).toBe(root);
  });

  it('alone, as the root, makes its snapshots roots of the same tree', async () => {
    const { root, child } = await family();
    const { vtreeId } = await gateway.volume(root);
    await gateway.act(`Volume::${root}`, 'removeVolume', {});
    expect(await gateway.volume(child)).toMatchObject({ ancestorVolumeId: null, vtreeId });
  });

  it.each([
    ['INCLUDING_DESCENDANTS', ['root']],
    ['DESCENDANTS_ONLY', ['root', 'child']],
    ['WHOLE_VTREE', []],
  ] as const)('with %s from the child leaves %j', async (removeMode, names) => {
    const ids = await family();
    expect(await gateway.act(`Volume::${ids.child}`, 'removeVolume', { removeMode })).toEqual({ status: 200, body: {} });
    expect(left()).toEqual(names.map((name) => ids[name]));
    expect(gateway.simulator.state.vtrees.size).toBe(names.length === 0 ? 0 : 1);
  });

  it('is refused, all of it, while one of the volumes is mapped', async () => {
    const { child, grandchild } = await family();
    await gateway.act(`Volume::${grandchild}`, 'addMappedSdc', { sdcId: gateway.sdcIds()[0] });
    expect(await gateway.act(`Volume::${child}`, 'removeVolume', { removeMode: 'WHOLE_VTREE' })).toMatchObject(refusal(104));
    expect(left()).toHaveLength(3);
  });

  it('may linger: the volume stays visible and answers 212 until the time is over', async () => {
    const id = await gateway.createVolume();
    await gateway.control('POST', '/behaviour', { removalSeconds: 30 });
    expect(await gateway.act(`Volume::${id}`, 'removeVolume')).toMatchObject({ status: 200 });
    expect((await gateway.volume(id)).id).toBe(id);
    expect(await gateway.act(`Volume::${id}`, 'removeVolume')).toMatchObject(
      refusal(212, 'A volume removal operation is currently in progress'),
    );
    await gateway.control('POST', '/clock', { advanceSeconds: 31 });
    expect(await gateway.get(`/api/instances/Volume::${id}`)).toMatchObject(refusal(79));
  });
});

describe('moving and restoring', () => {
  it('moves the whole tree at once, and says so when it is there already', async () => {
    const id = await gateway.createVolume();
    const [snapshot = ''] = await gateway.snapshot(id);
    const destSPId = gateway.poolId('pool2');
    expect(await gateway.act(`Volume::${id}`, 'migrateVTree', { destSPId })).toMatchObject({ status: 200 });
    expect((await gateway.volume(snapshot)).storagePoolId).toBe(destSPId);
    expect(await gateway.act(`Volume::${id}`, 'migrateVTree', { destSPId })).toMatchObject(refusal(718));
  });

  it('moves over time when told to: source pool until the end, 717 meanwhile', async () => {
    const id = await gateway.createVolume();
    const { vtreeId } = await gateway.volume(id);
    const status = async () =>
      (await gateway.get<{ vtreeMigrationInfo: { migrationStatus: string } }>(`/api/instances/VTree::${vtreeId}`)).body.vtreeMigrationInfo
        .migrationStatus;
    await gateway.control('POST', '/behaviour', { migrationSeconds: 60 });
    await gateway.act(`Volume::${id}`, 'migrateVTree', { destSPId: gateway.poolId('pool2'), volTypeConversion: 'ThinToThick' });
    expect(await status()).toBe('MigrationNormal');
    expect((await gateway.volume(id)).storagePoolId).toBe(gateway.poolId('pool1'));
    expect(await gateway.act(`Volume::${id}`, 'migrateVTree', { destSPId: gateway.poolId('pool2') })).toMatchObject(refusal(717));
    await gateway.control('POST', '/clock', { advanceSeconds: 60 });
    expect(await status()).toBe('NotInMigration');
    expect(await gateway.volume(id)).toMatchObject({ storagePoolId: gateway.poolId('pool2'), volumeType: 'ThickProvisioned' });
  });

  it('restores data within one tree only', async () => {
    const id = await gateway.createVolume();
    await gateway.control('POST', `/volumes/${id}/write`, { content: 'monday' });
    const [snapshot = ''] = await gateway.snapshot(id);
    await gateway.control('POST', `/volumes/${id}/write`, { content: 'tuesday' });
    const overwrite = (srcVolumeId: string) => gateway.act(`Volume::${id}`, 'overwriteVolumeContent', { srcVolumeId });
    expect(await overwrite(id)).toMatchObject(refusal(330));
    expect(await overwrite(await gateway.createVolume())).toMatchObject(refusal(198));
    expect(gateway.simulator.state.volumes.get(id)?.content).toBe('tuesday');
    expect(await overwrite(snapshot)).toMatchObject({ status: 200 });
    expect(gateway.simulator.state.volumes.get(id)?.content).toBe('monday');
  });
});
