import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../../../drivers/scaleio/simulator/default-seed.ts';
import { type GatewayClient, open, refusal } from './client.ts';

let gateway: GatewayClient;
let id: string;
beforeEach(async () => {
  gateway = await open();
  id = await gateway.createVolume();
});
afterEach(() => gateway.simulator.close());

const act = (verb: string, body: Record<string, unknown>) => gateway.act(`Volume::${id}`, verb, body);
const mapped = async () => (await gateway.volume(id)).mappedSdcInfo;

describe('mapping a volume', () => {
  it('names the SDC by id or by GUID in any case, and shows it on both sides', async () => {
    const [first, second] = gateway.sdcIds();
    const guid = gateway.simulator.state.sdcs.get(second)?.guid?.toLowerCase();
    expect(await act('addMappedSdc', { sdcId: first })).toEqual({ status: 200, body: {} });
    expect(await act('addMappedSdc', { guid, allowMultipleMappings: 'TRUE' })).toEqual({ status: 200, body: {} });
    expect((await mapped())?.map(({ sdcId }) => sdcId)).toEqual([first, second]);
    expect((await gateway.get(`/api/instances/Sdc::${second}/relationships/Volume`)).body).toMatchObject([{ id }]);
  });

  it('refuses the same SDC twice with the text that clients look for', async () => {
    const [sdcId] = gateway.sdcIds();
    await act('addMappedSdc', { sdcId });
    expect(await act('addMappedSdc', { sdcId, allowMultipleMappings: 'TRUE' })).toMatchObject(
      refusal(81, 'The volume is already mapped to this SDC'),
    );
  });

  it.each([undefined, 'FALSE', 'false'])('refuses a second SDC when allowMultipleMappings is %s', async (allowMultipleMappings) => {
    const [first, second] = gateway.sdcIds();
    await act('addMappedSdc', { sdcId: first });
    expect(await act('addMappedSdc', { sdcId: second, allowMultipleMappings })).toMatchObject(refusal(297));
    expect(await mapped()).toHaveLength(1);
  });

  it('refuses an SDC that is not there', async () => {
    expect(await act('addMappedSdc', { sdcId: '00000000000000ff' })).toMatchObject(refusal(80));
    expect(await act('addMappedSdc', { guid: 'none' })).toMatchObject(refusal(80));
  });

  it('refuses what goes beyond the limits of volume and SDC', async () => {
    const limits = { mappingsPerVolume: 1, volumesPerSdc: 1 };
    const small = await open({ seed: { ...defaultSeed, limits } });
    const [first, second] = small.sdcIds();
    const one = await small.createVolume();
    const two = await small.createVolume();
    await small.act(`Volume::${one}`, 'addMappedSdc', { sdcId: first });
    expect(await small.act(`Volume::${one}`, 'addMappedSdc', { sdcId: second, allowMultipleMappings: 'TRUE' })).toMatchObject(refusal(87));
    expect(await small.act(`Volume::${two}`, 'addMappedSdc', { sdcId: first })).toMatchObject(refusal(294));
    await small.simulator.close();
  });
});

describe('unmapping a volume', () => {
  it('takes one SDC away and leaves the others', async () => {
    const [first, second] = gateway.sdcIds();
    await act('addMappedSdc', { sdcId: first });
    await act('addMappedSdc', { sdcId: second, allowMultipleMappings: 'TRUE' });
    expect(await act('removeMappedSdc', { sdcId: first, skipApplianceValidation: 'TRUE' })).toEqual({ status: 200, body: {} });
    expect((await mapped())?.map(({ sdcId }) => sdcId)).toEqual([second]);
  });

  it.each(['', 'True'])('takes all away when allSdcs is there, even as "%s", and then shows null', async (allSdcs) => {
    const [first, second] = gateway.sdcIds();
    await act('addMappedSdc', { sdcId: first });
    await act('addMappedSdc', { sdcId: second, allowMultipleMappings: 'TRUE' });
    await act('removeMappedSdc', { allSdcs });
    expect(await mapped()).toBeNull();
  });

  it('refuses what is not mapped', async () => {
    const notMapped = refusal(84, 'The volume is not mapped to SDC');
    expect(await act('removeMappedSdc', { sdcId: gateway.sdcIds()[0] })).toMatchObject(notMapped);
    expect(await act('removeMappedSdc', { allSdcs: '' })).toMatchObject(notMapped);
  });
});

describe('limits and access of a mapping', () => {
  it('sets limits per SDC, read back in MB/s', async () => {
    const [sdcId] = gateway.sdcIds();
    await act('addMappedSdc', { sdcId });
    expect(await act('setMappedSdcLimits', { sdcId, iopsLimit: '11', bandwidthLimitInKbps: '2048' })).toMatchObject({ status: 200 });
    expect(await mapped()).toMatchObject([{ limitIops: 11, limitBwInMbps: 2 }]);
    await act('setMappedSdcLimits', { sdcId, iopsLimit: '0' });
    expect(await mapped()).toMatchObject([{ limitIops: 0, limitBwInMbps: 2 }]);
  });

  it.each([{ iopsLimit: '10' }, { bandwidthLimitInKbps: '1000' }, { iopsLimit: '-1' }])('refuses %o', async (limits) => {
    const [sdcId] = gateway.sdcIds();
    await act('addMappedSdc', { sdcId });
    expect(await act('setMappedSdcLimits', { sdcId, ...limits })).toMatchObject({ status: 400 });
    expect(await mapped()).toMatchObject([{ limitIops: 0, limitBwInMbps: 0 }]);
  });

  it('refuses limits of a mapping that is not there', async () => {
    expect(await act('setMappedSdcLimits', { sdcId: gateway.sdcIds()[0], iopsLimit: '100' })).toMatchObject(refusal(84));
  });

  it('maps read-only when asked, changes it later, and never beyond the limit of the volume', async () => {
    const [sdcId] = gateway.sdcIds();
    await act('addMappedSdc', { sdcId, accessMode: 'ReadOnly' });
    expect(await mapped()).toMatchObject([{ accessMode: 'ReadOnly' }]);
    await act('setVolumeMappingAccessMode', { sdcId, accessMode: 'ReadWrite' });
    expect(await mapped()).toMatchObject([{ accessMode: 'ReadWrite' }]);
    await act('setVolumeMappingAccessMode', { sdcId, accessMode: 'ReadOnly' });
    await act('setVolumeAccessModeLimit', { accessModeLimit: 'ReadOnly' });
    expect(await act('setVolumeMappingAccessMode', { sdcId, accessMode: 'ReadWrite' })).toMatchObject({ status: 500 });
    expect(await mapped()).toMatchObject([{ accessMode: 'ReadOnly' }]);
  });
});
