import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../../../drivers/scaleio/simulator/default-seed.ts';
import { type GatewayClient, open, refusal } from './client.ts';

let gateway: GatewayClient;
let volumeId: string;
beforeEach(async () => {
  gateway = await open({ wallMs: () => 1_700_000_000_000, seed: { ...defaultSeed, behaviour: { migrationSeconds: 1000 } } });
  volumeId = await gateway.createVolume();
});
afterEach(() => gateway.simulator.close());

const act = (verb: string, body: Record<string, unknown> = {}) => gateway.act(`Volume::${volumeId}`, verb, body);
const move = (pool: string) => act('migrateVTree', { destSPId: gateway.poolId(pool) });
const advance = (seconds: number) => gateway.advance(seconds);

async function info() {
  const { vtreeId } = await gateway.volume(volumeId);
  const { body } = await gateway.get<{ vtreeMigrationInfo: Record<string, unknown> }>(`/api/instances/VTree::${vtreeId}`);
  return body.vtreeMigrationInfo;
}

const percent = async () => (await gateway.control<{ percent: number }[]>('GET', '/migrations')).body.map((entry) => entry.percent);
const pool = async () => (await gateway.volume(volumeId)).storagePoolId;

describe('a migration', () => {
  it('goes on with the clock, and is told by tree and pools until it ends', async () => {
    await move('pool2');
    await advance(250);
    expect(await percent()).toEqual([25]);
    expect(await info()).toMatchObject({
      sourceStoragePoolId: gateway.poolId('pool1'),
      destinationStoragePoolId: gateway.poolId('pool2'),
      migrationStatus: 'MigrationNormal',
      migrationPauseReason: null,
    });
    const statistics = `/api/instances/StoragePool::${gateway.poolId('pool1')}/relationships/Statistics`;
    expect((await gateway.get(statistics)).body).toMatchObject({ migratingVolumeIds: [volumeId], numOfOutgoingMigrations: 1 });
    await advance(750);
    expect(await info()).toMatchObject({ migrationStatus: 'NotInMigration', destinationStoragePoolId: null });
    expect(await pool()).toBe(gateway.poolId('pool2'));
  });

  it('paused forcefully stands still, with a reason, until it is resumed', async () => {
    await move('pool2');
    await advance(400);
    expect(await act('pauseVTreeMigration', { pauseType: 'Forcefully' })).toEqual({ status: 200, body: {} });
    await advance(5000);
    expect(await info()).toMatchObject({ migrationStatus: 'Paused' });
    expect((await info())['migrationPauseReason']).toBeTruthy();
    expect(await percent()).toEqual([40]);
    await act('resumeVTreeMigration');
    await advance(599);
    expect(await percent()).toEqual([99]);
    await advance(1);
    expect(await percent()).toEqual([]);
    expect(await pool()).toBe(gateway.poolId('pool2'));
  });

  it('paused gracefully lets what is moving arrive first', async () => {
    await move('pool2');
    await advance(400);
    await act('pauseVTreeMigration', { pauseType: 'Gracefully' });
    expect(await info()).toMatchObject({ migrationStatus: 'GracefullyPausing' });
    await advance(60);
    expect(await info()).toMatchObject({ migrationStatus: 'Paused' });
    expect(await percent()).toEqual([45]);
  });

  it('paused and sent back to where it came from takes as long as it had moved', async () => {
    await move('pool2');
    await advance(400);
    expect(await move('pool1')).toMatchObject(refusal(717));
    await act('pauseVTreeMigration', { pauseType: 'Forcefully' });
    expect((await move('pool1')).status).toBe(200);
    await advance(399);
    expect(await info()).toMatchObject({ migrationStatus: 'MigrationNormal', destinationStoragePoolId: gateway.poolId('pool1') });
    await advance(1);
    expect(await info()).toMatchObject({ migrationStatus: 'NotInMigration' });
    expect(await pool()).toBe(gateway.poolId('pool1'));
    expect((await gateway.volume(volumeId)).id).toBe(volumeId);
  });

  it('cannot be paused or resumed when there is none', async () => {
    expect((await act('pauseVTreeMigration')).status).toBe(500);
    await move('pool2');
    expect((await act('resumeVTreeMigration')).status).toBe(500);
  });

  it('is refused between pools of which only one pads with zeros, and during a rebuild unless the caller wants it', async () => {
    const pools = [
      { name: 'pool1', domain: 'pd1' },
      { name: 'pool2', domain: 'pd1', zeroPadding: false },
      { name: 'pool3', domain: 'pd1' },
    ];
    const devices = [1, 2, 3].flatMap((sds) => pools.map(({ name }) => ({ sds: `sds${sds}`, pool: name, capacityGb: 1024 })));
    const client = await open({ seed: { ...defaultSeed, pools, devices } });
    const id = await client.createVolume({ volumeType: 'ThickProvisioned' });
    const send = (name: string, more = {}) => client.act(`Volume::${id}`, 'migrateVTree', { destSPId: client.poolId(name), ...more });
    expect((await send('pool2')).status).toBe(500);
    await client.control('POST', '/sdss/sds1/connection', { connected: false });
    expect((await send('pool3')).status).toBe(500);
    expect((await send('pool3', { allowDuringRebuild: 'True' })).status).toBe(200);
    await client.simulator.close();
  });
});
