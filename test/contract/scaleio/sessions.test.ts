import { afterEach, describe, expect, it } from 'vitest';
import { driver } from '../../../drivers/scaleio/driver.ts';
import type { SimulatorOptions } from '../../../drivers/scaleio/simulator/start.ts';
import { type Bench, openBench } from '../../../drivers/sdk/conformance/bench.ts';
import { serveRequest } from '../../../drivers/sdk/serve-request.ts';
import { type StartedTarget, startTarget } from '../../support/scaleio-target.ts';

const targets: StartedTarget[] = [];
afterEach(async () => {
  for (const { simulator } of targets.splice(0)) await simulator.close();
});

const started = async (options: SimulatorOptions = { apiVersion: '4.5' }): Promise<StartedTarget> => {
  const target = await startTarget(options);
  targets.push(target);
  return target;
};

const manyIntents = (bench: Bench, count: number) => Array.from({ length: count }, (_, index) => bench.intent({ ref: `v${index}` }));

describe('a session', () => {
  it('is shared by all runs, and ended when the connection was only checked', async () => {
    const target = await started();
    const bench = await openBench(target);
    for (const _ of [1, 2, 3]) await bench.make();
    const { credentials } = target;
    await bench.serve('checkConnection', null, { credentials });
    expect(target.simulator.sessions.count).toBe(1);
  });

  it('that ends in the middle of a batch is replaced once, and every item is done once', async () => {
    const target = await started();
    const bench = await openBench(target);
    target.simulator.addFault({ match: { verb: 'create', nth: 3 }, effect: 'error', times: 4, error: { status: 401 } });
    const intents = manyIntents(bench, 8);
    const answer = await bench.serve('ensureVolumes', { items: intents });
    const items = (answer.output as { items: readonly { outcome: string }[] }).items;
    expect(items.map(({ outcome }) => outcome)).toEqual(intents.map(() => 'made'));
    expect(await bench.named(...intents.map(({ name }) => name))).toHaveLength(8);
  });

  it('is ended when another array answers, and the array is not talked to', async () => {
    const target = await started();
    const bench = await openBench(target);
    await target.faults.swapArray();
    const answer = await bench.serve('ensureVolumes', { items: [bench.intent()] });
    expect(answer.error).toMatchObject({
      code: 'array.identityChanged',
      facts: { expectedArrayId: target.arrayId, foundArrayId: '00000000deadbeef' },
    });
    expect(target.simulator.sessions.count).toBe(0);
    expect(target.simulator.log.changes()).toEqual([]);
  });

  it('is opened with a bearer token where the older login is not known', async () => {
    const target = await started();
    for (const fault of [
      { effect: 'error', error: { status: 404 } },
      { effect: 'garbage', garbage: 'html', status: 401 },
    ] as const) {
      target.simulator.addFault({ match: { verb: 'login' }, ...fault });
      const { arrayId } = target;
      const correlationId = 'c';
      const { credentials } = target;
      const request = {
        contractVersion: 1,
        verb: 'checkConnection',
        correlationId,
        deadline: Date.now() + 60_000,
        connection: target.connection,
        options: {},
        credentials,
      };
      expect(await target.serve(request, target.allowedCidrs)).toMatchObject({ output: { arrayId } });
      expect(target.simulator.sessions.count).toBe(0);
    }
  });

  it('is refused a second try with a bearer token once the password is refused', async () => {
    const target = await started();
    const bench = await openBench(target);
    target.simulator.log.forgetCounts();
    const credentials = { username: 'admin', password: 'wrong' };
    const answer = await bench.serve('checkConnection', null, { credentials });
    expect(answer.error).toMatchObject({ code: 'credentials.refused' });
    expect(answer.gatewayCalls).toEqual({ login: 1, read: 0, change: 0 });
    expect(target.simulator.log.counts().logins).toBe(1);
  });

  it('moves to the second gateway of the array when the first dies', async () => {
    const [first, second] = [await started(), await started()];
    const connection = {
      endpoints: [...first.connection.endpoints, ...second.connection.endpoints],
      tls: { mode: 'pinned', sha256: [first.simulator.fingerprint256, second.simulator.fingerprint256] } as const,
    };
    const bench = await openBench({ ...first, connection });
    await first.simulator.close();
    expect((await bench.serve('identify', null)).output).toMatchObject({ arrayId: first.arrayId });
    expect(second.simulator.sessions.count).toBe(1);
  });

  it('is not had when the array allows no more: to be tried again', async () => {
    const target = await started();
    target.simulator.addFault({ match: { verb: 'login' }, effect: 'error', error: { errorCode: 252 } });
    await expect(openBench(target)).rejects.toThrow(/array\.busy/);
  });

  it('is not kept for more than four arrays at once, and the others are ended', async () => {
    const target = await started();
    const bench = await openBench(target);
    const [endpoint] = target.connection.endpoints;
    for (let copies = 2; copies <= 8; copies += 1) {
      for (const pins of [1, 2]) {
        const endpoints = new Array(copies).fill(endpoint);
        const tls = { mode: 'pinned', sha256: new Array(pins).fill(target.simulator.fingerprint256) } as const;
        await bench.serve('identify', null, { connection: { endpoints, tls } });
      }
    }
    for (let seconds = 21; seconds <= 24; seconds += 1) {
      const allowedCidrs = ['127.0.0.0/8', `10.0.0.${seconds}/32`];
      await target.serve(bench.request('identify', null), allowedCidrs);
    }
    expect(target.simulator.sessions.count).toBe(4);
  });
});

describe('time', () => {
  it('that is nearly up lets no new item begin, and what began ends', async () => {
    const target = await started();
    const bench = await openBench(target);
    const startedAt = Date.now();
    const made = () => target.simulator.log.changes().length;
    const now = () => startedAt + (made() < 4 ? 0 : 50_000);
    const intents = manyIntents(bench, 12);
    const request = bench.request('ensureVolumes', { items: intents }, { deadline: startedAt + 60_000 });
    const credentials = async () => target.credentials;
    const answer = await serveRequest(driver, request, { credentials, now, allowedCidrs: target.allowedCidrs });
    const statuses = (answer.output as { items: readonly { status: string }[] }).items.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(['done', 'inProgress']));
    expect(made()).toBe(statuses.filter((status) => status === 'done').length);
  });

  it('that is up for an answer leaves a create uncertain, and the next call finds it', async () => {
    const target = await started();
    const bench = await openBench(target);
    target.simulator.addFault({ match: { verb: 'create' }, effect: 'hang', when: 'after' });
    const intent = bench.intent();
    const slow = await bench.serve('ensureVolumes', { items: [intent] }, { deadline: Date.now() + 2000 });
    expect(slow.output).toMatchObject({ items: [{ status: 'uncertain' }] });
    expect((await bench.serve('ensureVolumes', { items: [intent] })).output).toMatchObject({ items: [{ outcome: 'found' }] });
  });
});

describe('statistics', () => {
  it('are asked for in halves where the release refuses a property', async () => {
    const target = await started();
    const bench = await openBench(target);
    target.simulator.addFault({ match: { verb: 'querySelectedStatistics' }, effect: 'error', error: { errorCode: 9999 } });
    const answer = await bench.serve('readInventory', { scope: 'physical', limit: 1000 });
    expect(answer.output).toMatchObject({ pools: bench.pools });
    // Nine without the refusal, and one more for each half.
    expect(answer.gatewayCalls.read).toBe(9 + 2);
  });
});
