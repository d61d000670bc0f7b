import assert from 'node:assert/strict';
import type { StatisticsSample } from '../model/statistics.ts';
import type { EventsPage, StatisticsPage, StatisticsRequest } from '../verbs/observe.ts';
import type { Bench } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { changesNothing, failsWith } from './expect.ts';

const allSamples = async ({ output }: Bench, request: StatisticsRequest): Promise<readonly StatisticsSample[]> => {
  const samples: StatisticsSample[] = [];
  let cursor: string | undefined;
  do {
    const page = await output<StatisticsPage>('readStatistics', { ...request, ...(cursor === undefined ? {} : { cursor }) });
    samples.push(...page.samples);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return samples;
};

const keyOf = ({ objectType, nativeId, measuredAt }: StatisticsSample): string => `${objectType} ${nativeId} ${measuredAt}`;
const objectsOf = (samples: readonly StatisticsSample[]): readonly string[] =>
  [...new Set(samples.map(({ objectType, nativeId }) => `${objectType} ${nativeId}`))].sort();

const statisticsCases: readonly ConformanceCase[] = [
  {
    name: 'measures every pool, of objects that are there, each once',
    capability: 'statistics',
    async run(bench) {
      const samples = await allSamples(bench, { objectTypes: ['pool'], limit: 1000 });
      assert.deepEqual(objectsOf(samples), bench.pools.map(({ nativeId }) => `pool ${nativeId}`).sort());
      assert.equal(new Set(samples.map(keyOf)).size, samples.length, 'a sample is told once');
      for (const { metrics } of samples) assert.ok((metrics.freeBytes ?? 0) <= (metrics.totalBytes ?? Number.POSITIVE_INFINITY));
    },
  },
  {
    name: 'measures a volume it made, or leaves it out, and changes nothing',
    capability: 'statistics',
    async run(bench) {
      const volume = await bench.make();
      const answer = await bench.serve('readStatistics', { objectTypes: ['volume'], limit: 10_000 });
      const { samples } = answer.output as StatisticsPage;
      changesNothing(answer);
      assert.ok(samples.every(({ objectType }) => objectType === 'volume'));
      for (const { metrics } of samples.filter(({ nativeId }) => nativeId === volume.nativeId)) {
        assert.ok((metrics.subscribedBytes ?? volume.sizeBytes) === volume.sizeBytes);
      }
    },
  },
  {
    name: 'gives the same objects page by page as at once, in calls that do not grow with them',
    capability: 'statistics',
    async run(bench) {
      const reads = async () => (await bench.serve('readStatistics', { objectTypes: ['volume'], limit: 1000 })).gatewayCalls.read;
      await bench.make();
      const few = await reads();
      for (const _ of [1, 2, 3]) await bench.make();
      assert.equal(await reads(), few);
      const pages = await allSamples(bench, { objectTypes: ['volume', 'pool'], limit: 2 });
      assert.deepEqual(objectsOf(pages), objectsOf(await allSamples(bench, { objectTypes: ['volume', 'pool'], limit: 1000 })));
    },
  },
];

const eventCases: readonly ConformanceCase[] = [
  {
    name: 'tells what is wrong now, goes on from there, and tells nothing twice',
    capability: 'events',
    async run({ output }) {
      const first = await output<EventsPage>('readEvents', { limit: 1000 });
      const ids = first.events.map(({ eventId }) => eventId);
      assert.equal(new Set(ids).size, ids.length);
      assert.equal(first.gap, false);
      const second = await output<EventsPage>('readEvents', { cursor: first.nextCursor, limit: 1000 });
      assert.deepEqual(
        second.events.filter(({ eventId }) => ids.includes(eventId)),
        [],
      );
    },
  },
  {
    name: 'tells the same events again for a cursor that is used again, in order',
    capability: 'events',
    async run({ output }) {
      const { nextCursor } = await output<EventsPage>('readEvents', { limit: 1000 });
      const [once, again] = [
        await output<EventsPage>('readEvents', { cursor: nextCursor, limit: 1000 }),
        await output<EventsPage>('readEvents', { cursor: nextCursor, limit: 1000 }),
      ];
      const ids = ({ events }: EventsPage) => events.map(({ eventId }) => eventId);
      assert.deepEqual(ids(again).slice(0, once.events.length), ids(once));
      const times = once.events.map(({ occurredAt }) => Date.parse(occurredAt));
      assert.deepEqual(
        times,
        [...times].sort((one, other) => one - other),
        'oldest first',
      );
    },
  },
  {
    name: 'tells of no event that it was not asked for, changes nothing, and refuses a cursor it did not give out',
    capability: 'events',
    async run({ serve }) {
      const answer = await serve('readEvents', { limit: 1 });
      changesNothing(answer);
      assert.ok((answer.output as EventsPage).events.length <= 1);
      failsWith(await serve('readEvents', { cursor: 'made-up', limit: 10 }), 'DriverRejected', 'request.invalid');
    },
  },
];

export const observeCases: readonly ConformanceCase[] = [...statisticsCases, ...eventCases];
