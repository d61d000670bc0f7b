import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayClient, open, refusal } from './client.ts';

let gateway: GatewayClient;
beforeEach(async () => {
  gateway = await open({ apiVersion: '4.5' });
});
afterEach(() => gateway.simulator.close());

describe('an SDC', () => {
  it('is renamed to a free name only', async () => {
    const [first] = gateway.sdcIds();
    expect(await gateway.act(`Sdc::${first}`, 'setSdcName', { sdcName: 'db1' })).toEqual({ status: 200, body: {} });
    expect(await gateway.act(`Sdc::${first}`, 'setSdcName', { sdcName: 'host2' })).toMatchObject(refusal(103));
    expect((await gateway.get(`/api/instances/Sdc::${first}`)).body).toMatchObject({ name: 'db1', mdmConnectionState: 'Connected' });
  });

  it('is removed only when disconnected and without volumes', async () => {
    const [first] = gateway.sdcIds();
    const remove = () => gateway.act(`Sdc::${first}`, 'removeSdc');
    expect(await remove()).toMatchObject(refusal(298));
    await gateway.control('POST', `/sdcs/${first}/connection`, { connected: false });
    expect((await gateway.get(`/api/instances/Sdc::${first}`)).body).toMatchObject({ sdcIp: 'N/A', mdmConnectionState: 'Disconnected' });
    const id = await gateway.createVolume();
    await gateway.act(`Volume::${id}`, 'addMappedSdc', { sdcId: first });
    expect(await remove()).toMatchObject(refusal(180));
    await gateway.act(`Volume::${id}`, 'removeMappedSdc', { sdcId: first });
    expect((await remove()).status).toBe(200);
    expect(await gateway.get(`/api/instances/Sdc::${first}`)).toMatchObject(refusal(80));
  });

  it('shows the traffic of each mapped volume, idle', async () => {
    const [sdcId] = gateway.sdcIds();
    const id = await gateway.createVolume();
    await gateway.act(`Volume::${id}`, 'addMappedSdc', { sdcId });
    const idle = { numSeconds: 0, totalWeightInKb: 0, numOccured: 0 };
    expect((await gateway.act(`Sdc::${sdcId}`, 'queryVolumeSdcBwc')).body).toMatchObject([{ volumeId: id, sdcId, readBwc: idle }]);
  });

  it('is approved and named by the system, and the mode of approval can be set', async () => {
    const [id] = gateway.sdcIds();
    const sdcGuid = gateway.simulator.state.sdcs.get(id)?.guid;
    expect(await gateway.act('System', 'approveSdc', { sdcGuid, name: 'approved' })).toEqual({ status: 200, body: { id } });
    expect(gateway.simulator.state.sdcs.get(id)?.name).toBe('approved');
    expect(await gateway.act('System', 'approveSdc', { sdcGuid: 'none' })).toMatchObject(refusal(80));
    await gateway.act('System', 'setRestrictedSdcMode', { restrictedSdcMode: 'Guid' });
    expect((await gateway.get('/api/types/System/instances')).body).toMatchObject([
      { restrictedSdcMode: 'Guid', restrictedSdcModeEnabled: true },
    ]);
  });
});

describe('an NVMe host', () => {
  const nqn = 'nqn.2014-08.org.nvmexpress:uuid:one';
  const create = (body: Record<string, unknown>) => gateway.post<{ id: string }>('/api/types/Host/instances', body);

  it('is made once per NQN, and is listed as a host and among the SDCs', async () => {
    const { body } = await create({ nqn, name: 'nvme1', maxNumPaths: '8' });
    expect((await create({ nqn })).status).toBe(500);
    expect((await create({ nqn: 'iqn.wrong' })).status).toBe(400);
    const shown = { id: body.id, hostType: 'NVMeHost', nqn, maxNumPaths: 8, maxNumSysPorts: 10, sdcGuid: null, sdcIp: null };
    expect((await gateway.get('/api/types/Host/instances')).body).toMatchObject([shown]);
    expect((await gateway.get(`/api/instances/Sdc::${body.id}`)).body).toMatchObject(shown);
  });

  it('gets volumes by id or NQN, and is removed when it has none', async () => {
    const { body } = await create({ nqn });
    const id = await gateway.createVolume();
    expect((await gateway.act(`Volume::${id}`, 'addMappedHost', { nqn })).status).toBe(200);
    expect((await gateway.volume(id)).mappedSdcInfo).toMatchObject([{ sdcId: body.id, hostType: 'NVMeHost', nqn }]);
    expect(await gateway.act(`Sdc::${body.id}`, 'removeSdc')).toMatchObject(refusal(180));
    expect((await gateway.act(`Volume::${id}`, 'removeMappedHost', { hostId: body.id })).status).toBe(200);
    expect((await gateway.act(`Sdc::${body.id}`, 'removeSdc')).status).toBe(200);
    expect((await gateway.get('/api/types/Host/instances')).body).toEqual([]);
  });

  it('has a controller at each target while it is connected, up to its paths', async () => {
    const { body } = await create({ nqn, name: 'nvme1', maxNumPaths: '1' });
    const controllers = () => gateway.get<unknown[]>(`/api/instances/Host::${body.id}/relationships/NvmeController`);
    expect((await controllers()).body).toEqual([]);
    await gateway.control('POST', '/sdcs/nvme1/connection', { connected: true });
    expect((await controllers()).body).toMatchObject([{ hostId: body.id, isConnected: true, sysPortIp: '192.0.2.201' }]);
    await gateway.act(`Host::${body.id}`, 'modifyMaxNumPaths', { newMaxNumPaths: '4' });
    expect((await controllers()).body).toHaveLength(2);
  });

  it('is told apart from SDCs in the mappings of a volume, with its own access and limits', async () => {
    const { body } = await create({ nqn, name: 'nvme1' });
    const id = await gateway.createVolume();
    await gateway.act(`Volume::${id}`, 'addMappedSdc', { sdcId: gateway.sdcIds()[0] });
    await gateway.act(`Volume::${id}`, 'addMappedHost', { hostId: body.id, allowMultipleMappings: 'TRUE', accessMode: 'ReadOnly' });
    expect((await gateway.volume(id)).mappedSdcInfo).toMatchObject([
      { hostType: 'SdcHost', nqn: null, accessMode: 'ReadWrite' },
      { hostType: 'NVMeHost', nqn, sdcId: body.id, accessMode: 'ReadOnly' },
    ]);
    expect((await gateway.get(`/api/instances/Host::${body.id}/relationships/Volume`)).body).toMatchObject([{ id }]);
    expect((await gateway.act(`Volume::${id}`, 'removeMappedHost', { nqn })).status).toBe(200);
  });

  it('has limits that can be changed', async () => {
    const { body } = await create({ nqn });
    await gateway.act(`Host::${body.id}`, 'modifyMaxNumPaths', { newMaxNumPaths: '2' });
    await gateway.act(`Host::${body.id}`, 'modifyMaxNumSysPorts', { newMaxNumSysPorts: '3' });
    expect((await gateway.get(`/api/instances/Host::${body.id}`)).body).toMatchObject({ maxNumPaths: 2, maxNumSysPorts: 3 });
  });
});
