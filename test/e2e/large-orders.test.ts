import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEstate, type Estate, volumeOrder } from '../support/estate.ts';
import { type Live, type Reply, startLive } from '../support/live.ts';

/** As many resources as one request may name. */

const most = 100;

let live: Live;
let estate: Estate;
let volumes: readonly { readonly id: string }[];

beforeAll(async () => {
  live = await startLive({ simulators: [{ apiVersion: '3.6' }] });
  estate = await anEstate(live);
});
afterAll(() => live.close());

const order = (change: object, key?: string): Promise<Reply> =>
  live.send('POST', '/block/volumes', {
    body: volumeOrder(estate, { name: 'large', count: most, ...change }),
    ...(key ? { headers: { 'idempotency-key': key } } : {}),
  });

const states = async (reply: Reply): Promise<string[]> => {
  expect(reply.status).toBe(202);
  return [...new Set((await live.finishedAll(reply)).map(({ state, service_error }) => service_error?.details ?? state))];
};

const managedGb = async (): Promise<number> => {
  const pools = await Promise.all(estate.poolIds.map((id) => live.get(`/vdc/storage-pools/${id}`)));
  return pools.reduce((sum, { body }) => sum + Number(body.managed_gb), 0);
};

const onArray = (): number => live.simulators[0]?.state.volumes.size ?? 0;

describe('an order of a hundred volumes', () => {
  it('is answered with a task each, and again so when it is sent again with its key', async () => {
    const first = await order({}, 'hundred');
    expect(first.body.task).toHaveLength(most);
    const again = await order({}, 'hundred');
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect(await states(first)).toEqual(['ready']);
    volumes = first.body.task.map((task: { resource: { id: string } }) => task.resource);
    expect([onArray(), await managedGb()]).toEqual([most, most * 8]);
  });

  it('is refused as a whole when one of its names is taken, and leaves nothing', async () => {
    const { body } = await order({ name: 'other-77', count: 1 });
    await live.finished(body.task[0]);
    const reply = await order({ name: 'other' });
    expect([reply.status, reply.body.details]).toEqual([400, 'the name "other-77" is taken']);
    expect([onArray(), await managedGb()]).toEqual([most + 1, (most + 1) * 8]);
    const { body: found } = await live.get(`/block/volumes/search?project=${estate.projectId}&name=other`);
    expect(found.resource.map(({ id }: { id: string }) => id)).toEqual([body.task[0].resource.id]);
  });

  it('names the reasons of every pool when it fits in none, in a dry run too', async () => {
    for (const query of ['', '?dry_run=true']) {
      const reply = await live.post(`/block/volumes${query}`, volumeOrder(estate, { name: 'huge', count: most, size: '1TB' }));
      expect(reply.status).toBe(400);
      expect(reply.body.details).toMatch(
        /^100 thin volume\(s\) of 1024\.00 GiB cannot be placed: pool\d: it takes \d+ of 100, .*; pool\d: it takes/,
      );
    }
  });

  it('of one more is refused with the field and the value', async () => {
    const reply = await order({ count: most + 1 });
    expect([reply.status, reply.body.details]).toEqual([400, expect.stringContaining('count')]);
    expect(reply.body.details).toContain('101');
  });
});

describe('a hundred volumes', () => {
  it('are exported by one request, and unexported by one', async () => {
    const { body: hosts } = await live.get('/compute/hosts');
    const group = { name: 'large', type: 'Host', project: estate.projectId, varray: estate.varrayId, hosts: [hosts.host[0].id] };
    const reply = await live.post('/block/exports', { ...group, volumes: volumes.map(({ id }) => ({ id })) });
    expect(await states(reply)).toEqual(['ready']);
    const mapped = () => [...(live.simulators[0]?.state.volumes.values() ?? [])].filter(({ mappings }) => mappings.length > 0).length;
    expect(mapped()).toBe(most);
    expect(await states(await live.post(`/block/exports/${reply.body.resource.id}/deactivate`))).toEqual(['ready']);
    expect(mapped()).toBe(0);
  });

  it('are deleted by one request; more are refused with the field and the value', async () => {
    const ids = volumes.map(({ id }) => id);
    const tooMany = await live.post('/block/volumes/deactivate', { id: [...ids, ids[0]?.replace(/[0-9a-f]{12}:/, '0123456789ab:')] });
    expect([tooMany.status, tooMany.body.details]).toEqual([400, expect.stringMatching(/^id: 101 volumes are more than the 100/)]);
    expect(await states(await live.post('/block/volumes/deactivate', { id: ids }))).toEqual(['ready']);
    expect([onArray(), await managedGb()]).toEqual([1, 8]);
  });
});
