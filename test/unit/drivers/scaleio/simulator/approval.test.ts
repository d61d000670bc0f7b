import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayClient, open, refusal } from './client.ts';

const guid = '5A5F6D20-0B3C-4E2A-9D7E-0123456789AB';
const newcomer = { name: 'new', guid, ips: ['192.0.2.50', '192.0.2.51'] };

let gateway: GatewayClient;
let volumeId: string;
beforeEach(async () => {
  gateway = await open();
  volumeId = await gateway.createVolume();
});
afterEach(() => gateway.simulator.close());

const restrict = (restrictedSdcMode: string) => gateway.act('System', 'setRestrictedSdcMode', { restrictedSdcMode });
const arrive = async () => (await gateway.control<{ id: string }>('POST', '/sdcs', newcomer)).body.id;
const map = () => gateway.act(`Volume::${volumeId}`, 'addMappedSdc', { guid: guid.toLowerCase() });
const sdc = async (id: string) => (await gateway.get(`/api/instances/Sdc::${id}`)).body;

describe('an SDC that arrives', () => {
  it('is approved at once where nothing is restricted', async () => {
    expect(await sdc(await arrive())).toMatchObject({
      sdcApproved: true,
      mdmConnectionState: 'Connected',
      sdcGuid: guid,
      sdcApprovedIps: null,
    });
    expect((await map()).status).toBe(200);
  });

  it('gets volumes only after its approval, where GUIDs are restricted', async () => {
    await restrict('Guid');
    const id = await arrive();
    expect(await sdc(id)).toMatchObject({ sdcApproved: false });
    expect(await map()).toMatchObject(refusal(322));
    expect(await gateway.act('System', 'approveSdc', { sdcGuid: guid, name: 'db7' })).toEqual({ status: 200, body: { id } });
    expect(await sdc(id)).toMatchObject({ sdcApproved: true, name: 'db7' });
    expect((await map()).status).toBe(200);
    const approved = await gateway.post<{ id: string }[]>('/api/types/Sdc/instances/action/queryAllApprovedSdc', {});
    expect(approved.body.map((one) => one.id)).toContain(id);
  });

  it('needs all its addresses approved, where addresses are restricted', async () => {
    await restrict('ApprovedIp');
    const sdcId = await arrive();
    await gateway.act('System', 'approveSdc', { sdcGuid: guid, sdcIps: ['192.0.2.50'] });
    expect(await map()).toMatchObject(refusal(322));
    await gateway.act('System', 'setApprovedSdcIps', { sdcId, sdcApprovedIps: newcomer.ips });
    expect(await sdc(sdcId)).toMatchObject({ sdcApprovedIps: newcomer.ips });
    expect((await map()).status).toBe(200);
  });

  it('is not taken beyond the limit, nor under a name in use', async () => {
    gateway.simulator.state.limits.sdcs = 4;
    expect((await gateway.control('POST', '/sdcs', { ...newcomer, name: 'host1' })).status).toBe(409);
    await arrive();
    expect((await gateway.control('POST', '/sdcs', { ...newcomer, name: 'other' })).status).toBe(409);
  });
});
