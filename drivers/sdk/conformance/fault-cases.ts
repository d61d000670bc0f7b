import assert from 'node:assert/strict';
import type { VolumeIntent } from '../verbs.ts';
import { type Bench, committed, only } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { changesNothing, isDone, isOpen } from './expect.ts';

const ensure = async ({ items }: Bench, intent: VolumeIntent) => only(await items('ensureVolumes', { items: [intent] }));

const remove = async (bench: Bench, volume: Parameters<typeof committed>[0]) =>
  only(await bench.items('ensureVolumesAbsent', { items: [{ ref: 'remove', volume: committed(volume) }] }));

const spoilings = [
  ['garbage', 'is a page that no array sent'],
  ['unavailable', 'is status 503 of something before the array'],
] as const;

const sides = ['before', 'after'] as const;
const lateSeconds = 1;

const effectCases: readonly ConformanceCase[] = spoilings.flatMap(([how, words]) =>
  sides.flatMap((when): readonly ConformanceCase[] => [
    {
      name: `makes exactly one volume when the answer ${words}, ${when} the effect`,
      capability: 'volume',
      needs: ['faults', 'network'],
      async run(bench) {
        const intent = bench.intent();
        await bench.faults.loseAnswer('create', when, how);
        isOpen(await ensure(bench, intent));
        isDone(await ensure(bench, intent), when === 'after' ? 'found' : 'made');
        only(await bench.named(intent.name));
      },
    },
    {
      name: `removes a volume in the end when the answer ${words}, ${when} the effect`,
      capability: 'volume',
      needs: ['faults', 'network'],
      async run(bench) {
        const volume = await bench.make();
        await bench.faults.loseAnswer('remove', when, how);
        isOpen(await remove(bench, volume));
        isDone(await remove(bench, volume), when === 'after' ? 'found' : 'made');
        assert.deepEqual(await bench.named(volume.name), []);
      },
    },
  ]),
);

const lookCases: readonly ConformanceCase[] = spoilings.map(([how, words]) => ({
  name: `is busy, and changes nothing, while every answer ${words}, and goes on when that is over`,
  capability: 'volume',
  needs: ['faults', 'network'],
  async run(bench) {
    const intent = bench.intent();
    await bench.faults.spoilAnswers(how);
    const answer = await bench.serve('ensureVolumes', { items: [intent] });
    assert.equal(answer.error?.name, 'DriverBusy', JSON.stringify(answer));
    changesNothing(answer);
    await bench.faults.clear();
    isDone(await ensure(bench, intent), 'made');
  },
}));

/** Whatever is between a driver and its array breaks in more ways than one. */
export const faultCases: readonly ConformanceCase[] = [
  ...effectCases,
  ...lookCases,
  {
    name: 'waits for answers that are late, and makes exactly one volume',
    capability: 'volume',
    needs: ['faults', 'network'],
    async run(bench) {
      const intent = bench.intent();
      await bench.faults.delayAnswers(lateSeconds);
      isDone(await ensure(bench, intent), 'made');
      await bench.faults.clear();
      only(await bench.named(intent.name));
    },
  },
  {
    name: 'goes on in a new session when the old one ends between a look and the change after it, and removes once',
    capability: 'volume',
    needs: ['faults'],
    async run(bench) {
      const volume = await bench.make();
      await bench.faults.expireSessions('remove');
      isDone(await remove(bench, volume), 'made');
      isDone(await remove(bench, volume), 'found');
    },
  },
];
