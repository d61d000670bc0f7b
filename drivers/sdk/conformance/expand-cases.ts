import assert from 'node:assert/strict';
import type { ObservedVolume } from '../model.ts';
import type { BatchAnswer, CommittedVolume } from '../verbs.ts';
import { type Bench, committed, only } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { changesNothing, isDone, isRejected } from './expect.ts';
import { lostAnswerCases } from './lost-answers.ts';

const expandOne = async ({ items }: Bench, volume: CommittedVolume, newSizeBytes: number) =>
  only(await items('expandVolumes', { items: [{ ref: 'expand', volume, newSizeBytes }] }));

const twice = ({ pool }: Bench): number => pool.minVolumeBytes + pool.sizeGranularityBytes;

export const expandCases: readonly ConformanceCase[] = [
  {
    name: 'grows a volume, and finds it grown the second time',
    capability: 'volume.expand',
    async run(bench) {
      const volume = await bench.make();
      const grown = await expandOne(bench, committed(volume), twice(bench));
      isDone(grown, 'made');
      assert.equal(grown.observed?.sizeBytes, twice(bench));
      const item = { ref: 'expand', volume: committed(volume), newSizeBytes: twice(bench) };
      const again = await bench.serve('expandVolumes', { items: [item] });
      isDone(only((again.output as BatchAnswer<ObservedVolume>).items), 'found');
      changesNothing(again);
    },
  },
  {
    name: 'never shrinks',
    capability: 'volume.expand',
    async run(bench) {
      const volume = await bench.make({ sizeBytes: twice(bench) });
      const item = await expandOne(bench, committed(volume), bench.pool.minVolumeBytes);
      isDone(item, 'found');
      assert.equal(only(await bench.named(volume.name)).sizeBytes, twice(bench));
    },
  },
  {
    name: 'refuses to grow to a size that is no multiple of the granularity',
    capability: 'volume.expand',
    async run(bench) {
      const volume = await bench.make();
      isRejected(await expandOne(bench, committed(volume), twice(bench) + 1), 'request.invalid');
      assert.equal(only(await bench.named(volume.name)).sizeBytes, volume.sizeBytes);
    },
  },
  {
    name: 'refuses to grow a volume that is not there',
    capability: 'volume.expand',
    async run(bench) {
      const volume = await bench.make();
      await bench.items('ensureVolumesAbsent', { items: [{ ref: 'remove', volume: committed(volume) }] });
      isRejected(await expandOne(bench, committed(volume), twice(bench)), 'object.missing');
    },
  },
  {
    name: 'refuses to grow a volume that is not the recorded one',
    capability: 'volume.expand',
    async run(bench) {
      const volume = await bench.make();
      isRejected(await expandOne(bench, { ...committed(volume), expectedName: 'another' }, twice(bench)), 'object.drifted');
      assert.equal(only(await bench.named(volume.name)).sizeBytes, volume.sizeBytes);
    },
  },
  ...lostAnswerCases({
    does: 'grows a volume in the end',
    capability: 'volume.expand',
    effect: 'expand',
    async begin(bench) {
      const volume = await bench.make();
      return {
        ask: () => expandOne(bench, committed(volume), twice(bench)),
        holds: async () => assert.equal(only(await bench.named(volume.name)).sizeBytes, twice(bench)),
      };
    },
  }),
];
