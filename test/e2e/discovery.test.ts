import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registration, volumeOrder } from '../support/estate.ts';
import type { Reply } from '../support/live.ts';
import { type Bench, startBench } from '../workflow/faults/bench.ts';

/** What discovery makes of volumes, on the live host. */

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

type Body = Reply['body'];

const ended = (task: Body): Promise<Body> =>
  bench.until('the task ends', async () => {
    const now = await bench.ask('GET', `/vdc/tasks/${task.id}`);
    return (now.state === 'ready' || now.state === 'error') && now;
  });
const provider = (): string => `/vdc/storage-providers/${bench.estate.providerIds[0]}`;
/** Later than what was done just before. */
const discover = async (): Promise<void> => {
  await bench.clock.advance(60_000);
  const { task } = await bench.ask('POST', '/vdc/storage-providers/scan');
  for (const each of task) expect(await ended(each)).toMatchObject({ state: 'ready' });
};
const order = async (name: string): Promise<Body> =>
  (await bench.ask('POST', '/block/volumes', volumeOrder(bench.estate, { name }))).task[0];
const made = async (name: string): Promise<Body> => {
  const task = await ended(await order(name));
  expect(task).toMatchObject({ state: 'ready' });
  return bench.ask('GET', `/block/volumes/${task.resource.id}`);
};
const volume = (id: string): Promise<Body> => bench.ask('GET', `/block/volumes/${id}`);
const differences = async (): Promise<Body[]> => (await bench.ask('GET', `${provider()}/differences`)).difference;
const nativeNames = (): (string | null)[] => bench.array.volumes().map(({ name }) => name);

describe('volumes of others', () => {
  it('are listed by storage system as unmanaged, and stay as they are', async () => {
    const before = bench.array.bytes();
    await discover();
    const { storage_system: systems } = await bench.ask('GET', '/vdc/storage-systems');
    const lists = await Promise.all(systems.map(({ id }: Body) => bench.ask('GET', `/vdc/storage-systems/${id}/unmanaged/volumes`)));
    const listed = lists.flatMap(({ unmanaged_volume: volumes }) => volumes);
    expect(listed.map(({ name }) => name).sort()).toEqual(
      bench.array
        .volumes()
        .map(({ id, name }) => name ?? id)
        .sort(),
    );
    const shown = await bench.ask('GET', `/vdc/unmanaged/volumes/${listed[0].id}`);
    expect(shown).toMatchObject({ inactive: false, bears_mark: false, storage_pool: { id: expect.any(String) } });
    expect(bench.array.bytes()).toBe(before);
  });
});

describe('a volume of ours', () => {
  it('that others rename on the array is marked as drifted, until it has its name again', async () => {
    const { id, native_id: nativeId, device_label: name } = await made('drifts');
    await bench.array.outsider(`/volumes/${nativeId}/rename`, { name: 'renamed' });
    await discover();
    expect(await volume(id)).toMatchObject({ drift: { differences: [{ field: 'name', recorded: name, found: 'renamed' }] } });
    expect(await differences()).toContainEqual(expect.objectContaining({ kind: 'drifted', native_id: nativeId }));
    expect(nativeNames()).toContain('renamed');
    await bench.array.outsider(`/volumes/${nativeId}/rename`, { name });
    await discover();
    expect(await volume(id)).not.toHaveProperty('drift');
    expect(await differences()).toEqual([]);
  });

  it('that others remove is not visible, and keeps its capacity and its record', async () => {
    const { id, native_id: nativeId, storage_pool: pool } = await made('vanishes');
    const managed = async () => (await bench.ask('GET', `/vdc/storage-pools/${pool.id}`)).managed_gb;
    const before = await managed();
    await fetch(`${bench.array.simulator.controlUrl}/volumes/${nativeId}`, { method: 'DELETE' });
    await discover();
    expect(await volume(id)).toMatchObject({ discovery_status: 'NOTVISIBLE', not_visible_since: expect.any(String), inactive: false });
    expect(await managed()).toBe(before);
    expect(await differences()).toMatchObject([{ kind: 'missing', native_id: nativeId }]);
  });
});

describe('a volume that appears hours after its creation was taken back', () => {
  const failed = async (name: string): Promise<Body> => {
    bench.array.simulator.addFault({ match: { verb: 'create' }, effect: 'failBefore', times: 'always' });
    const task = await ended(await order(name));
    expect(task).toMatchObject({ state: 'error', allowed_operations: 'none_specified' });
    bench.clearFaults();
    return volume(task.resource.id);
  };
  /** In the pool and with the size and type that were planned, but for what is said. */
  const appears = async ({ device_label: name, storage_pool: pool }: Body, patch: object = {}): Promise<void> => {
    await bench.clock.advance(5 * 3_600_000);
    const { native_id: storagePoolId } = await bench.ask('GET', `/vdc/storage-pools/${pool.id}`);
    const planned = { name, storagePoolId, volumeSizeInKb: String(8 * 1024 * 1024), volumeType: 'ThinProvisioned', ...patch };
    await bench.array.outsider('/volumes', planned);
    expect(nativeNames()).toContain(name);
  };

  it('is removed by the next discovery, by an operation of its own', async () => {
    const late = await failed('late');
    await appears(late);
    await discover();
    await bench.until('it is removed', async () => !nativeNames().includes(late.device_label));
    await discover();
    expect((await differences()).filter(({ name }) => name === late.device_label)).toEqual([]);
    const { event } = await bench.ask('GET', `/block/volumes/${late.id}/history`);
    expect(event).toContainEqual(expect.objectContaining({ after: expect.objectContaining({ removedFromArray: late.device_label }) }));
  });

  it('is reported and stays when it is not what was planned', async () => {
    const late = await failed('other');
    await appears(late, { volumeSizeInKb: String(16 * 1024 * 1024) });
    await discover();
    await bench.clock.advance(3_600_000);
    await discover();
    expect(nativeNames()).toContain(late.device_label);
    expect(await differences()).toContainEqual(
      expect.objectContaining({ kind: 'orphan', name: late.device_label, kept_because: expect.stringContaining('its size differs') }),
    );
  });
});

describe('the daily sum', () => {
  it('tells of books that differ from the volumes', async () => {
    const [poolId = ''] = bench.estate.poolIds;
    const row = (await bench.stored.all('Inventory')).find(({ pk, sk }) => pk === poolId && sk === 'RESOURCE');
    const managedBytes = Number(row?.['managedBytes']) + 8 * 1024 ** 3;
    await bench.stored.set('Inventory', { pk: poolId, sk: 'RESOURCE' }, { managedBytes });
    for (const name of bench.live.host.events.ruleNames.filter((rule) => rule.includes('Daily'))) bench.live.host.events.fire(name);
    const told = await bench.until('it is told', async () => {
      const { capacity_difference: found } = await bench.ask('GET', `${provider()}/differences`);
      return found.length > 0 && found;
    });
    expect(told).toMatchObject([{ storage_pool: { id: poolId }, bytes: 8 * 1024 ** 3 }]);
    await bench.stored.set('Inventory', { pk: poolId, sk: 'RESOURCE' }, { managedBytes: managedBytes - 8 * 1024 ** 3 });
  });
});

describe('two gateways of one array', () => {
  /** Another way to the same array, that can be cut. */
  const startRelay = async (port: number): Promise<{ port: number; cut(): Promise<void> }> => {
    const sockets = new Set<Socket>();
    const server: Server = createServer((client) => {
      const upstream = connect(port, '127.0.0.1');
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => void sockets.delete(socket));
      }
      client.pipe(upstream).pipe(client);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const cut = async (): Promise<void> => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of sockets) socket.destroy();
      await closed;
    };
    return { port: (server.address() as AddressInfo).port, cut };
  };

  it('are one provider, and when the first is down operations go on by the second', async () => {
    const { simulator } = bench.array;
    const relay = await startRelay(simulator.port);
    const first = { ip_address: '127.0.0.1', port_number: simulator.port };
    const added = await bench.ask('POST', '/vdc/storage-providers', registration({ ...simulator, port: relay.port }, 'second-gateway'));
    expect(added).toMatchObject({ state: 'ready', message: expect.stringContaining('registered already, as array-1') });
    await bench.ask('POST', `${provider()}/remove-endpoint`, first);
    await bench.ask('POST', '/vdc/storage-providers', registration(simulator, 'first-gateway'));
    expect((await bench.ask('GET', provider())).endpoints).toEqual([{ ip_address: '127.0.0.1', port_number: relay.port }, first]);
    expect((await bench.ask('GET', '/vdc/storage-providers')).storage_provider).toHaveLength(1);
    await made('by-the-first');
    await relay.cut();
    await made('by-the-second');
    await discover();
  });
});
