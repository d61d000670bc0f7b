import assert from 'node:assert/strict';
import type { ObservedVolume } from '../model.ts';
import { type Bench, committed, only } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { copy, copyAll, fullCopyIntent, seen, snapshotIntent, take, takeAll } from './copy-bench.ts';
import { isDone } from './expect.ts';
import { untilMoved } from './operate-cases.ts';

const write = ({ contents }: Bench, volume: ObservedVolume, text: string): Promise<void> => contents.write(volume.nativeId, text);

const holds = async ({ contents }: Bench, volume: ObservedVolume, text: string): Promise<void> =>
  assert.equal(await contents.read(volume.nativeId), text, `${volume.kind} ${volume.name} holds something else`);

const filled = async (bench: Bench, text: string): Promise<ObservedVolume> => {
  const volume = await bench.make();
  await write(bench, volume, text);
  return volume;
};

interface Way {
  capability: 'snapshot' | 'full-copy';
  restore: 'snapshot.restore' | 'full-copy.restore';
  verb: 'restoreVolumes' | 'restoreFromFullCopies';
  what: string;
  make(bench: Bench, source: ObservedVolume): Promise<ObservedVolume>;
}

const ways: readonly Way[] = [
  { capability: 'snapshot', restore: 'snapshot.restore', verb: 'restoreVolumes', what: 'snapshot', make: take },
  { capability: 'full-copy', restore: 'full-copy.restore', verb: 'restoreFromFullCopies', what: 'full copy', make: copy },
];

const restored = async (bench: Bench, { verb }: Way, [target, source]: readonly [ObservedVolume, ObservedVolume]) =>
  only(await bench.items(verb, { items: [{ ref: 'restore', target: committed(target), source: committed(source) }] }));

const copyCasesOf = (way: Way): readonly ConformanceCase[] => [
  {
    name: `keeps in a ${way.what} what its source held, whatever is written to the source later`,
    capability: way.capability,
    needs: ['contents'],
    async run(bench) {
      const source = await filled(bench, 'first');
      const taken = await way.make(bench, source);
      await holds(bench, taken, 'first');
      await write(bench, source, 'second');
      await holds(bench, taken, 'first');
      await holds(bench, await way.make(bench, source), 'second');
    },
  },
];

const restoreCasesOf = (way: Way): readonly ConformanceCase[] => [
  {
    name: `brings back what the ${way.what} holds, as often as asked, and leaves the ${way.what} as it is`,
    capability: way.restore,
    needs: ['contents'],
    async run(bench) {
      const target = await filled(bench, 'first');
      const source = await way.make(bench, target);
      for (const later of ['second', 'third']) {
        await write(bench, target, later);
        isDone(await restored(bench, way, [target, source]), 'made');
        await holds(bench, target, 'first');
        await holds(bench, source, 'first');
      }
    },
  },
  {
    name: `brings back what one ${way.what} holds and not another`,
    capability: way.restore,
    needs: ['contents'],
    async run(bench) {
      const target = await filled(bench, 'first');
      const older = await way.make(bench, target);
      await write(bench, target, 'second');
      const newer = await way.make(bench, target);
      await write(bench, target, 'third');
      isDone(await restored(bench, way, [target, newer]), 'made');
      await holds(bench, target, 'second');
      isDone(await restored(bench, way, [target, older]), 'made');
      await holds(bench, target, 'first');
      await holds(bench, newer, 'second');
    },
  },
  {
    name: `writes over nothing when it refuses to restore from a ${way.what}`,
    capability: way.restore,
    needs: ['contents'],
    async run(bench) {
      const target = await filled(bench, 'first');
      const source = await way.make(bench, target);
      await write(bench, target, 'second');
      const { status } = await restored(bench, way, [{ ...target, name: 'another' }, source]);
      assert.equal(status, 'rejected');
      await holds(bench, target, 'second');
    },
  },
];

/** What hosts wrote, where the target lets it be seen. */
export const contentCases: readonly ConformanceCase[] = [
  ...ways.flatMap((way) => [...copyCasesOf(way), ...restoreCasesOf(way)]),
  {
    name: 'gives a full copy that may be written to without its source noticing, and the other way round',
    capability: 'full-copy',
    needs: ['contents'],
    async run(bench) {
      const source = await filled(bench, 'first');
      const clone = seen(only(await copyAll(bench, [fullCopyIntent(bench, source)])));
      await write(bench, clone, 'of the copy');
      await holds(bench, source, 'first');
      await write(bench, source, 'of the source');
      await holds(bench, clone, 'of the copy');
    },
  },
  {
    name: 'keeps in each snapshot of a group what its own source held',
    capability: 'consistency-group',
    also: ['snapshot'],
    needs: ['contents'],
    async run(bench) {
      const sources = [await filled(bench, 'one'), await filled(bench, 'two')];
      const intents = sources.map((source, index) => snapshotIntent(bench, source, { ref: `s${index}` }));
      const [one, two] = (await takeAll(bench, intents, 'group')).map((item) => seen(item));
      assert.ok(one && two);
      await holds(bench, one, 'one');
      await holds(bench, two, 'two');
    },
  },
  {
    name: 'keeps what a volume holds when it grows',
    capability: 'volume.expand',
    needs: ['contents'],
    async run(bench) {
      const volume = await filled(bench, 'first');
      const newSizeBytes = volume.sizeBytes + bench.pool.sizeGranularityBytes;
      const items = [{ ref: 'grow', volume: committed(volume), newSizeBytes }];
      isDone(only(await bench.items('expandVolumes', { items })), 'made');
      await holds(bench, volume, 'first');
    },
  },
  {
    name: 'keeps what a volume holds when it gets another name',
    capability: 'volume.rename',
    needs: ['contents'],
    async run(bench) {
      const volume = await filled(bench, 'first');
      const items = [{ ref: 'rename', volume: committed(volume), newName: bench.newName() }];
      isDone(only(await bench.items('renameVolumes', { items })), 'made');
      await holds(bench, volume, 'first');
    },
  },
  {
    name: 'keeps what a volume holds when it moves to another pool',
    capability: 'migration',
    needs: ['contents', 'two pools'],
    async run(bench) {
      const volume = await filled(bench, 'first');
      await untilMoved(bench, volume);
      await holds(bench, volume, 'first');
    },
  },
];
