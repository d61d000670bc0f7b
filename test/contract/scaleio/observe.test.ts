import { afterEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import type { SeedInput } from '../../../drivers/scaleio/simulator/seed-schema.ts';
import type { ApiVersion } from '../../../drivers/scaleio/simulator/versions.ts';
import { type Bench, openBench } from '../../../drivers/sdk/conformance/bench.ts';
import { take } from '../../../drivers/sdk/conformance/copy-bench.ts';
import type { ArrayEvent } from '../../../drivers/sdk/model/event.ts';
import type { MeasuredType, StatisticsSample } from '../../../drivers/sdk/model/statistics.ts';
import type { EventsPage, StatisticsPage } from '../../../drivers/sdk/verbs/observe.ts';
import { controlOf, type StartedTarget, startTarget } from '../../support/scaleio-target.ts';

let target: StartedTarget;
let bench: Bench;

const start = async (apiVersion: ApiVersion, seed: SeedInput = defaultSeed): Promise<void> => {
  target = await startTarget({ apiVersion, seed });
  bench = await openBench(target);
};
afterEach(() => target.simulator.close());

const io = { readIops: 1000, writeIops: 500, ioSizeInKb: 8, readLatencyInMicros: 400, writeLatencyInMicros: 800 };
const busy: SeedInput = {
  ...defaultSeed,
  volumes: [
    { name: 'busy', pool: 'pool1', sizeGb: 8, usedInKb: 1024, mappings: [{ sdc: 'host1' }], io },
    { name: 'idle', pool: 'pool1', sizeGb: 16, thick: true },
  ],
};

const samplesOf = async (...objectTypes: readonly MeasuredType[]): Promise<readonly StatisticsSample[]> =>
  (await bench.output<StatisticsPage>('readStatistics', { objectTypes, limit: 1000 })).samples;

const volumeSample = async (name: string): Promise<StatisticsSample | undefined> => {
  const [volume] = await bench.named(name);
  return (await samplesOf('volume')).find(({ nativeId }) => nativeId === volume?.nativeId);
};

const near = (value: number | undefined, wanted: number) => expect(Math.abs((value ?? 0) - wanted) / wanted).toBeLessThanOrEqual(0.21);

describe('statistics', () => {
  it('of a volume are requests and bytes a second and time a request, over the array’s window', async () => {
    await start('3.6', busy);
    const { metrics, periodSeconds } = (await volumeSample('busy')) ?? { metrics: {}, periodSeconds: 0 };
    expect(periodSeconds).toBe(5);
    near(metrics.readIops, 1000);
    near(metrics.writeIops, 500);
    near(metrics.readBytesPerSecond, 1000 * 8192);
    near(metrics.writeBytesPerSecond, 500 * 8192);
    expect(metrics).toMatchObject({ readLatencyMicroseconds: 400, writeLatencyMicroseconds: 800 });
    expect(metrics).toMatchObject({ subscribedBytes: 8 * 1024 ** 3, allocatedBytes: 1024 ** 2 });
  });

  it('of an idle volume are 0, and tell no latency', async () => {
    await start('3.6', busy);
    const sample = await volumeSample('idle');
    expect(sample).toMatchObject({ periodSeconds: 0, metrics: { readIops: 0, writeBytesPerSecond: 0, subscribedBytes: 16 * 1024 ** 3 } });
    expect(sample?.metrics).not.toHaveProperty('readLatencyMicroseconds');
  });

  it('tell nothing of what members of one tree take each, since they share it', async () => {
    await start('3.6', busy);
    const [volume] = await bench.named('busy');
    if (volume === undefined) throw new Error('the seed has it');
    await take(bench, volume);
    expect((await volumeSample('busy'))?.metrics).not.toHaveProperty('allocatedBytes');
  });

  it.each(['2.5', '3.0', '3.6', '4.5'] as const)('of release %s are had of everything that is measured', async (apiVersion) => {
    await start(apiVersion, busy);
    const samples = await samplesOf('system', 'pool', 'port', 'host', 'volume');
    expect(new Set(samples.map(({ objectType }) => objectType))).toEqual(new Set(['system', 'pool', 'port', 'host', 'volume']));
    const pool = samples.find(({ nativeId }) => nativeId === bench.pool.nativeId);
    expect(pool?.metrics.totalBytes).toBe(bench.pool.totalBytes);
    expect(pool?.metrics.freeBytes).toBe(bench.pool.freeBytes);
    near(pool?.metrics.readIops, 1000);
  });

  it('of a release that lacks a property are told without it', async () => {
    await start('3.6', busy);
    const refuse = { match: { verb: 'querySelectedStatistics' }, effect: 'error', error: { status: 400, errorCode: 0 } } as const;
    target.simulator.addFault(refuse);
    near((await volumeSample('busy'))?.metrics.readIops, 1000);
  });

  it('cost seven calls for everything, whatever the array holds', async () => {
    await start('3.6', busy);
    const objectTypes = ['system', 'pool', 'port', 'host', 'volume'];
    expect((await bench.serve('readStatistics', { objectTypes, limit: 1000 })).gatewayCalls).toMatchObject({ read: 7, change: 0 });
  });

  it('come page by page, each object once, read once from the array', async () => {
    await start('3.6', busy);
    const objectTypes = ['pool', 'volume'];
    const seen: string[] = [];
    let cursor: string | undefined;
    let reads = 0;
    do {
      const answer = await bench.serve('readStatistics', { objectTypes, limit: 1, ...(cursor === undefined ? {} : { cursor }) });
      const page = answer.output as StatisticsPage;
      reads += answer.gatewayCalls.read;
      seen.push(...page.samples.map(({ nativeId }) => nativeId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(4);
    expect(reads).toBe(4);
    expect((await bench.serve('readStatistics', { objectTypes, limit: 1, cursor: 'made-up' })).error).toMatchObject({
      code: 'request.invalid',
    });
  });
});

const eventsSince = (cursor?: string, limit = 1000): Promise<EventsPage> =>
  bench.output<EventsPage>('readEvents', { limit, ...(cursor === undefined ? {} : { cursor }) });

const connect = (kind: 'sdss' | 'sdcs', name: string, connected: boolean) =>
  controlOf(target.simulator)('POST', `/${kind}/${name}/connection`, { connected });

const stateEvents = ({ events }: EventsPage): readonly ArrayEvent[] => events.filter(({ kind }) => kind === 'stateChanged');

describe('events', () => {
  it('tell a host that went away and came back', async () => {
    await start('4.5');
    const first = await eventsSince();
    expect(first).toMatchObject({ events: [], more: false, gap: false });
    await connect('sdcs', 'host1', false);
    const away = await eventsSince(first.nextCursor);
    expect(away.events).toMatchObject([
      { kind: 'stateChanged', severity: 'warning', object: { type: 'host', name: 'host1' }, state: { before: 'online', after: 'offline' } },
    ]);
    expect((await eventsSince(away.nextCursor)).events).toEqual([]);
    await connect('sdcs', 'host1', true);
    expect((await eventsSince(away.nextCursor)).events).toMatchObject([
      { severity: 'info', state: { before: 'offline', after: 'online' } },
    ]);
  });

  it('tell at the first call what is wrong now, with the same ids whenever it is called first', async () => {
    await start('4.5');
    await connect('sdss', 'sds1', false);
    const [one, other] = [await eventsSince(), await eventsSince()];
    expect(one.events).toContainEqual(
      expect.objectContaining({ severity: 'error', object: expect.objectContaining({ type: 'port', name: 'sds1' }) }),
    );
    expect(other.events.map(({ eventId }) => eventId)).toEqual(one.events.map(({ eventId }) => eventId));
  });

  it('are told once, however few at a time', async () => {
    await start('4.5');
    for (const name of ['host1', 'host2', 'host3']) await connect('sdcs', name, false);
    const names: (string | undefined)[] = [];
    let cursor: string | undefined;
    let more = true;
    while (more) {
      const page = await eventsSince(cursor, 1);
      names.push(...page.events.map(({ object }) => object.name));
      ({ nextCursor: cursor, more } = page);
    }
    expect(names.sort()).toEqual(['host1', 'host2', 'host3']);
  });

  it('tell something that is gone for good', async () => {
    await start('4.5');
    await connect('sdcs', 'host1', false);
    const { nextCursor } = await eventsSince();
    const [host] = [...target.simulator.state.sdcs.values()].filter(({ name }) => name === 'host1');
    target.simulator.state.sdcs.delete(host?.id ?? '');
    expect((await eventsSince(nextCursor)).events).toMatchObject([{ state: { before: 'offline', after: 'removed' } }]);
  });

  it('tell the alerts of releases that have them, raised and over, at their own time', async () => {
    await start('3.6');
    const { nextCursor } = await eventsSince();
    await connect('sdss', 'sds1', false);
    const raised = await eventsSince(nextCursor);
    const alert = raised.events.find(({ nativeCode }) => nativeCode === 'SDS_DISCONNECTED');
    expect(alert).toMatchObject({ kind: 'alertRaised', severity: 'critical', object: { type: 'port' } });
    expect(stateEvents(raised).length).toBeGreaterThan(0);
    await connect('sdss', 'sds1', true);
    target.simulator.advanceClock(3600);
    const over = await eventsSince(raised.nextCursor);
    expect(over.events.map(({ kind }) => kind)).toContain('alertCleared');
  });

  it('of 4.x are states alone, and its gateway is asked for alerts once', async () => {
    await start('4.5');
    const { nextCursor } = await eventsSince();
    const before = target.simulator.log.counts().total;
    await eventsSince(nextCursor);
    const second = target.simulator.log.counts().total - before;
    await eventsSince(nextCursor);
    expect(target.simulator.log.counts().total - before).toBe(2 * second);
    await connect('sdss', 'sds1', false);
    expect((await eventsSince(nextCursor)).events.every(({ kind }) => kind === 'stateChanged')).toBe(true);
  });
});
