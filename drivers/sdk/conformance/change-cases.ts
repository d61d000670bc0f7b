import assert from 'node:assert/strict';
import type { ObservedVolume } from '../model.ts';
import { type Bench, committed, only } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { isStillThere } from './copy-bench.ts';
import { changesNothing, isDone, isRejected, itemsOf } from './expect.ts';
import { exportAll, exportIntent, hostsOf, mappingsOf } from './export-bench.ts';
import { lostAnswerCases } from './lost-answers.ts';

const rename = async ({ items }: Bench, volume: ObservedVolume, newName: string) =>
  only(await items('renameVolumes', { items: [{ ref: 'rename', volume: committed(volume), newName }] }));

const limitsItem = (bench: Bench, volume: ObservedVolume, limits: { iops?: number; bandwidthBytesPerSecond?: number }) => ({
  ref: 'limit',
  volume: committed(volume),
  limits,
  initiators: hostsOf(bench, 1).flatMap((host) => host.initiators.map(({ type, id }) => ({ type, id }))),
});

const renameCases: readonly ConformanceCase[] = [
  {
    name: 'renames a volume, and finds it renamed the second time',
    capability: 'volume.rename',
    async run(bench) {
      const volume = await bench.make();
      const newName = bench.newName();
      isDone(await rename(bench, volume, newName), 'made');
      isDone(await rename(bench, volume, newName), 'found');
      assert.equal(only(await bench.named(newName, volume.name)).nativeId, volume.nativeId);
    },
  },
  {
    name: 'gives no volume a name that another has, or that the array cannot hold',
    capability: 'volume.rename',
    async run(bench) {
      const [volume, other] = [await bench.make(), await bench.make()];
      isRejected(await rename(bench, volume, other.name), 'object.foreign');
      isRejected(await rename(bench, volume, bench.newName().padEnd(bench.target.declaration.maxNameLength + 1, 'x')), 'request.invalid');
      await isStillThere(bench, volume);
      await isStillThere(bench, other);
    },
  },
  {
    name: 'renames no volume that is not the recorded one, or is gone',
    capability: 'volume.rename',
    async run(bench) {
      const volume = await bench.make();
      isRejected(await rename(bench, { ...volume, name: 'another' }, bench.newName()), 'object.drifted');
      await isStillThere(bench, volume);
      await bench.items('ensureVolumesAbsent', { items: [{ ref: 'remove', volume: committed(volume) }] });
      isRejected(await rename(bench, volume, bench.newName()), 'object.missing');
    },
  },
  ...lostAnswerCases({
    does: 'renames a volume in the end',
    capability: 'volume.rename',
    effect: 'rename',
    async begin(bench) {
      const volume = await bench.make();
      const newName = bench.newName();
      return { ask: () => rename(bench, volume, newName), holds: async () => only(await bench.named(newName)) };
    },
  }),
];

const qosCases: readonly ConformanceCase[] = [
  {
    name: 'sets limits, finds them set, changes one and takes the other off',
    capability: 'volume.qos',
    needs: ['export'],
    async run(bench) {
      const volume = await bench.make();
      await exportAll(bench, exportIntent(bench, [volume]));
      const first = limitsItem(bench, volume, { iops: 500, bandwidthBytesPerSecond: 20 * 1024 ** 2 });
      isDone(only(await bench.items('ensureVolumeLimits', { items: [first] })), 'made');
      const again = await bench.serve('ensureVolumeLimits', { items: [first] });
      isDone(only(itemsOf(again)), 'found');
      changesNothing(again);
      isDone(only(await bench.items('ensureVolumeLimits', { items: [limitsItem(bench, volume, { iops: 600 })] })), 'made');
      assert.deepEqual(only(await mappingsOf(bench, volume)).limits, { iops: 600 });
    },
  },
  {
    name: 'limits no volume that is not the recorded one',
    capability: 'volume.qos',
    needs: ['export'],
    async run(bench) {
      const volume = await bench.make();
      await exportAll(bench, exportIntent(bench, [volume]));
      const item = limitsItem(bench, { ...volume, name: 'another' }, { iops: 500 });
      isRejected(only(await bench.items('ensureVolumeLimits', { items: [item] })), 'object.drifted');
      assert.deepEqual(only(await mappingsOf(bench, volume)).limits, {});
    },
  },
];

export const changeCases: readonly ConformanceCase[] = [...renameCases, ...qosCases];
