import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEstate, type Estate, volumeOrder } from '../support/estate.ts';
import { type Live, type Reply, startLive } from '../support/live.ts';
import { storedResources } from '../support/stored.ts';

/** Many clients want more than there is. */

const gib = 1024 ** 3;
const clients = 50;
const creates = 1000;
const poolCount = 4;
const roomOfPool = 150;
const room = poolCount * roomOfPool;

const names = Array.from({ length: poolCount }, (_, n) => `pool${n + 1}`);
const nodes = [1, 2, 3];

/** Pools of 1,201 GiB net: 150 volumes of 8 GiB, when no more may be promised than there is. */
const seed = {
  domains: [{ name: 'pd1' }],
  pools: names.map((name) => ({ name, domain: 'pd1' })),
  sdss: nodes.map((n) => ({ name: `sds${n}`, domain: 'pd1', ips: [`192.0.2.${100 + n}`] })),
  devices: nodes.flatMap((n) => names.map((pool) => ({ sds: `sds${n}`, pool, capacityGb: 890 }))),
};

let live: Live;
let estate: Estate;
beforeAll(async () => {
  live = await startLive({ simulators: [{ apiVersion: '3.6', seed }] });
  estate = await anEstate(live);
  for (const id of estate.poolIds) await live.put(`/vdc/storage-pools/${id}`, { max_thin_pool_subscription_percentage: 100 });
});
afterAll(() => live.close());

const ended = async (reply: Reply): Promise<string> => {
  if (reply.status !== 202) return `${reply.status} ${reply.body.code}: ${reply.body.details}`;
  const { state, service_error } = await live.finished(reply.body.task[0]);
  return state === 'ready' ? 'ready' : `${state} ${JSON.stringify(service_error)}`;
};

const conflictCount = (): number =>
  Object.values(live.host.meter.snapshot()).reduce((sum, { transactionConflicts }) => sum + transactionConflicts, 0);

const orderAll = async (): Promise<string[]> => {
  const queue = Array.from({ length: creates }, (_, n) => `v${n}`);
  const outcomes: string[] = [];
  const client = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift())
      outcomes.push(await ended(await live.post('/block/volumes', volumeOrder(estate, { name }))));
  };
  await Promise.all(Array.from({ length: clients }, client));
  return outcomes;
};

describe(`${creates} orders of ${clients} clients, where ${room} fit`, () => {
  it('all end: those that fit are ready, the others are told why not, and the books are exact', async () => {
    const before = conflictCount();
    const begunAt = performance.now();
    const outcomes = await orderAll();
    const seconds = (performance.now() - begunAt) / 1000;
    process.stdout.write(`${creates} orders: ${seconds.toFixed(1)} s, ${conflictCount() - before} transaction conflicts tried again\n`);

    const others = outcomes.filter((outcome) => outcome !== 'ready');
    expect(others.filter((outcome) => !/^400 1021: .* cannot be placed: .* GiB are left/.test(outcome))).toEqual([]);
    expect([outcomes.length - others.length, others.length]).toEqual([room, creates - room]);
    await expectBooks();
  });
});

/** What every pool's row says is taken is the sum of its volumes, here and on the array, and no more than it may promise. */
const expectBooks = async (): Promise<void> => {
  const resources = await storedResources(live);
  const volumes = resources.filter(({ pk, inactive }) => pk.includes(':Volume:') && inactive !== true);
  expect(volumes).toHaveLength(room);
  expect(live.simulators[0]?.state.volumes.size).toBe(room);
  for (const pool of resources.filter(({ pk }) => pk.includes(':StoragePool:'))) {
    const here = volumes.filter(({ poolId }) => poolId === pool.pk);
    const sum = here.reduce((total, { provisionedBytes }) => total + Number(provisionedBytes), 0);
    expect([pool['name'], pool['managedBytes'], pool['managedCount']]).toEqual([pool['name'], sum, here.length]);
    expect(sum).toBe(roomOfPool * 8 * gib);
    expect(sum).toBeLessThanOrEqual(Number(pool['totalBytes']));
  }
};
