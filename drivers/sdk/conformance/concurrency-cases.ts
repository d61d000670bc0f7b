import assert from 'node:assert/strict';
import type { ItemAnswer, VolumeIntent } from '../verbs.ts';
import { type Bench, committed, only } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { isDone } from './expect.ts';

const atOnce = <T>(count: number, work: (index: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

/** A second caller may win: then the first one is told so, or told to look again; it is never refused, and never told a lie. */
const endsWell = (item: ItemAnswer<unknown>): void => assert.notEqual(item.status, 'rejected', JSON.stringify(item));

const ensure = async ({ items }: Bench, intent: VolumeIntent) => only(await items('ensureVolumes', { items: [intent] }));

export const concurrencyCases: readonly ConformanceCase[] = [
  {
    name: 'makes one volume of the same intent asked four times at once',
    capability: 'volume',
    async run(bench) {
      const intent = bench.intent();
      const answers = await atOnce(4, () => ensure(bench, intent));
      for (const item of answers) endsWell(item);
      assert.ok(answers.filter(({ outcome }) => outcome === 'made').length <= 1, 'a volume is made once');
      const settled = await ensure(bench, intent);
      isDone(settled, 'found');
      assert.equal(only(await bench.named(intent.name)).nativeId, settled.nativeId);
    },
  },
  {
    name: 'makes different volumes asked for at once, each as asked',
    capability: 'volume',
    async run(bench) {
      const intents = Array.from({ length: 4 }, (_, index) => bench.intent({ ref: `volume${index}` }));
      const answers = await atOnce(4, async (index) => ensure(bench, intents[index] ?? bench.intent()));
      for (const [index, item] of answers.entries()) {
        isDone(item, 'made');
        assert.equal(item.observed?.name, intents[index]?.name);
      }
    },
  },
  {
    name: 'removes a volume once when asked four times at once',
    capability: 'volume',
    async run(bench) {
      const volume = await bench.make();
      const remove = async () => only(await bench.items('ensureVolumesAbsent', { items: [{ ref: 'remove', volume: committed(volume) }] }));
      for (const item of await atOnce(4, remove)) endsWell(item);
      isDone(await remove(), 'found');
      assert.deepEqual(await bench.named(volume.name), []);
    },
  },
  {
    name: 'answers reads while it changes something',
    capability: 'volume',
    async run(bench) {
      const volume = await bench.make();
      const items = [{ ref: 'read', volume: committed(volume) }];
      const [, ...reads] = await Promise.all([bench.make(), bench.items('readVolumes', { items }), bench.items('readVolumes', { items })]);
      for (const read of reads) assert.equal(only(read).observed?.nativeId, volume.nativeId);
    },
  },
];
