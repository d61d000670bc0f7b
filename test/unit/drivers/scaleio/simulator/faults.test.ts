import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayClient, open } from './client.ts';

let gateway: GatewayClient;
beforeEach(async () => {
  gateway = await open();
});
afterEach(() => gateway.simulator.close());

const addFault = (rule: Record<string, unknown>) => gateway.control('POST', '/faults', rule);
const create = (name: string) => gateway.createVolume({ name });
const names = () => [...gateway.simulator.state.volumes.values()].map(({ name }) => name);
const onCreate = { verb: 'create' };

describe('a fault', () => {
  it('cuts the connection before the effect', async () => {
    await addFault({ match: onCreate, effect: 'failBefore' });
    await expect(create('lost')).rejects.toThrow();
    expect(names()).toEqual([]);
    await create('next');
    expect(names()).toEqual(['next']);
  });

  it('cuts the connection after the effect', async () => {
    await addFault({ match: onCreate, effect: 'failAfter' });
    await expect(create('made')).rejects.toThrow();
    expect(names()).toEqual(['made']);
  });

  it.each([
    ['before', []],
    ['after', ['v']],
  ])('never answers, %s the effect', async (when, left) => {
    await addFault({ match: onCreate, effect: 'hang', when });
    const answered = create('v').then(
      () => true,
      () => false,
    );
    const { body } = await waitForLog();
    expect(body).toMatchObject([{ reply: 'hung', effect: when === 'after' ? 'done' : 'none' }]);
    expect(names()).toEqual(left);
    await gateway.simulator.close();
    expect(await answered).toBe(false);
  });

  async function waitForLog() {
    for (;;) {
      const log = await gateway.control<unknown[]>('GET', '/log');
      if (log.body.length > 0) return log;
    }
  }

  it.each([
    ['before', []],
    ['after', ['v']],
  ])('answers an error %s the effect', async (when, left) => {
    await addFault({ match: onCreate, effect: 'error', when, error: { status: 503, errorCode: 69, message: 'busy' } });
    const reply = await gateway.post('/api/types/Volume/instances', { storagePoolId: gateway.poolId(), volumeSizeInKb: '1', name: 'v' });
    expect(reply).toEqual({ status: 503, body: { message: 'busy', httpStatusCode: 503, errorCode: 69 } });
    expect(names()).toEqual(left);
  });

  it.each([
    ['html', '<html>'],
    ['text', 'upstream'],
    ['invalidJson', '{"id":"'],
    ['empty', ''],
  ])('answers %s instead of the gateway’s JSON', async (garbage, start) => {
    await addFault({ match: { path: '^/api/login$' }, effect: 'garbage', garbage, status: 502 });
    const response = await fetch(`${gateway.simulator.url}/api/login`);
    expect(response.status).toBe(502);
    const text = await response.text();
    expect(text.startsWith(start) && (start !== '' || text === '')).toBe(true);
  });

  it('hits the nth call that matches, as often as told', async () => {
    await addFault({ match: { ...onCreate, nth: 2 }, times: 2, effect: 'failBefore' });
    const tried = [];
    for (const name of ['a', 'b', 'c', 'd'])
      tried.push(
        await create(name).then(
          () => true,
          () => false,
        ),
      );
    expect(tried).toEqual([true, false, false, true]);
  });

  it('matches by method, path and verb together', async () => {
    await addFault({
      match: { method: 'POST', path: '/types/Volume/', verb: 'queryIdByKey' },
      times: 'always',
      effect: 'error',
      error: { errorCode: 69 },
    });
    expect((await gateway.post('/api/types/Volume/instances/action/queryIdByKey', { name: 'x' })).body).toMatchObject({ errorCode: 69 });
    expect((await gateway.post('/api/types/Sdc/instances/action/queryIdByKey', { name: 'host1' })).status).toBe(200);
    expect((await gateway.get('/api/types/Volume/instances')).status).toBe(200);
  });

  it.each<[string, (volumeId: string, sdsId: string) => [path: string, body: object]]>([
    ['migrateVTree', (id) => [`Volume::${id}/action/migrateVTree`, { destSPId: gateway.poolId('pool2') }]],
    ['setSnapshotSecurity', (id) => [`Volume::${id}/action/setSnapshotSecurity`, { retentionPeriodInMin: '5' }]],
    ['enterMaintenanceMode', (_id, sdsId) => [`Sds::${sdsId}/action/enterMaintenanceMode`, {}]],
    ['setRestrictedSdcMode', () => ['System/action/setRestrictedSdcMode', { restrictedSdcMode: 'Guid' }]],
  ])('loses the answer of %s, whose effect stays and is in the log', async (verb, callOf) => {
    const [volumeId = ''] = await gateway.snapshot(await gateway.createVolume());
    const [path, body] = callOf(volumeId, [...gateway.simulator.state.sdss.keys()][0] ?? '');
    const before = JSON.stringify(gateway.simulator.dump());
    gateway.simulator.addFault({ match: { verb }, effect: 'failAfter' });
    await expect(gateway.post(`/api/instances/${path}`, body)).rejects.toThrow();
    expect(JSON.stringify(gateway.simulator.dump())).not.toBe(before);
    expect((await gateway.control<object[]>('GET', '/log')).body.at(-1)).toMatchObject({ verb, effect: 'done', reply: 'cut' });
  });

  it('only delays when told so', async () => {
    await addFault({ match: onCreate, effect: 'delay', delayMs: 20 });
    const before = performance.now();
    await create('late');
    expect(performance.now() - before).toBeGreaterThanOrEqual(19);
  });

  it('is gone once the rules are cleared', async () => {
    await gateway.control('POST', '/faults', { rules: [{ effect: 'failBefore', times: 'always' }] });
    expect((await gateway.control<unknown[]>('GET', '/faults')).body).toHaveLength(1);
    await gateway.control('DELETE', '/faults');
    expect((await gateway.get('/api/version')).status).toBe(200);
  });

  it.each([{}, { effect: 'explode' }, { effect: 'failBefore', match: { path: '(' } }, { effect: 'hang', when: 'later' }])(
    'that makes no sense, as %o, is refused with its field',
    async (rule) => {
      const { status, body } = await gateway.control<{ message: string }>('POST', '/faults', rule);
      expect(status).toBe(400);
      expect(body.message).not.toBe('');
    },
  );
});
