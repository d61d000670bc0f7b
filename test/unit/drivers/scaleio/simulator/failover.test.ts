import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayClient, open, refusal } from './client.ts';

let gateway: GatewayClient;
beforeEach(async () => {
  gateway = await open({ wallMs: () => 1_700_000_000_000 });
});
afterEach(() => gateway.simulator.close());

interface Cluster {
  clusterState: string;
  master: { ips: string[] };
  slaves: { ips: string[]; status: string }[];
}

const cluster = async () => (await gateway.post<Cluster>('/api/instances/System/queryMdmCluster')).body;
const list = () => gateway.get('/api/types/Volume/instances');

describe('a failover of the MDM', () => {
  it('fails so many calls with 69, then the other manager is master, and the cluster is complete again after a while', async () => {
    const before = await cluster();
    await gateway.control('POST', '/failover', { calls: 2 });
    expect(await list()).toMatchObject(refusal(69));
    expect(await list()).toMatchObject(refusal(69));
    expect((await list()).status).toBe(200);
    const during = await cluster();
    expect(during).toMatchObject({ clusterState: 'ClusteredDegraded', goodNodesNum: 2, goodReplicasNum: 1 });
    expect(during.master.ips).toEqual(before.slaves[0]?.ips);
    expect(during.slaves[0]).toMatchObject({ ips: before.master.ips, status: 'Disconnected' });
    gateway.simulator.advanceClock(60);
    expect(await cluster()).toMatchObject({ clusterState: 'ClusteredNormal', goodNodesNum: 3, slaves: [{ status: 'Normal' }] });
    expect((await gateway.get<{ mdmCluster: Cluster }[]>('/api/types/System/instances')).body[0]?.mdmCluster).toEqual(await cluster());
  });

  it('changes nothing on the array, and keeps the session', async () => {
    await gateway.control('POST', '/failover', { calls: 1 });
    const refused = gateway.post('/api/types/Volume/instances', { storagePoolId: gateway.poolId(), volumeSizeInGb: '8' });
    expect(await refused).toMatchObject(refusal(69));
    expect((await list()).body).toEqual([]);
  });

  it('can be armed for the call of a verb', async () => {
    const id = await gateway.createVolume();
    gateway.simulator.addFault({ match: { verb: 'removeVolume' }, effect: 'failover', calls: 2 });
    expect((await list()).status).toBe(200);
    expect(await gateway.act(`Volume::${id}`, 'removeVolume')).toMatchObject(refusal(69));
    expect(await list()).toMatchObject(refusal(69));
    expect((await gateway.act(`Volume::${id}`, 'removeVolume')).status).toBe(200);
    expect((await gateway.control('GET', '/log')).body).toMatchObject([
      { verb: 'create' },
      { verb: 'removeVolume', effect: 'refused', errorCode: 69 },
      { verb: 'removeVolume', effect: 'done' },
    ]);
  });
});
