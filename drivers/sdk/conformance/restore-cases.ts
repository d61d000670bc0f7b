import assert from 'node:assert/strict';
import type { ObservedVolume } from '../model.ts';
import type { RestoreItem } from '../verbs/snapshot.ts';
import { type Bench, committed, only } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { copy, isStillThere, take } from './copy-bench.ts';
import { changesNothing, isDone, isRejected, itemsOf } from './expect.ts';
import { exportAll, exportIntent, mappedTo } from './export-bench.ts';
import { lostAnswerCases } from './lost-answers.ts';

interface Way {
  capability: 'snapshot.restore' | 'full-copy.restore';
  verb: 'restoreVolumes' | 'restoreFromFullCopies';
  what: string;
  make(bench: Bench, source: ObservedVolume): Promise<ObservedVolume>;
}

const ways: readonly Way[] = [
  { capability: 'snapshot.restore', verb: 'restoreVolumes', what: 'snapshot', make: take },
  { capability: 'full-copy.restore', verb: 'restoreFromFullCopies', what: 'full copy', make: copy },
];

const restoreItem = (target: ObservedVolume, source: ObservedVolume): RestoreItem => ({
  ref: 'restore',
  target: committed(target),
  source: committed(source),
});

const effectCases = ({ capability, verb, what, make }: Way): readonly ConformanceCase[] => [
  {
    name: `restores a volume from its ${what}, as often as asked, and keeps both`,
    capability,
    async run(bench) {
      const target = await bench.make();
      const source = await make(bench, target);
      for (const _ of [1, 2]) isDone(only(await bench.items(verb, { items: [restoreItem(target, source)] })), 'made');
      await isStillThere(bench, target);
      await isStillThere(bench, source);
    },
  },
  {
    name: `restores no volume from its ${what} while anything has it mapped read-write`,
    capability,
    needs: ['export'],
    async run(bench) {
      const target = await bench.make();
      const source = await make(bench, target);
      await exportAll(bench, exportIntent(bench, [target]));
      const answer = await bench.serve(verb, { items: [restoreItem(target, source)] });
      isRejected(only(itemsOf(answer)), 'object.inUse');
      changesNothing(answer);
      only(await mappedTo(bench, target));
    },
  },
  ...lostAnswerCases({
    does: `restores from a ${what} in the end`,
    capability,
    effect: 'restore',
    repeated: 'made',
    async begin(bench) {
      const target = await bench.make();
      const items = [restoreItem(target, await make(bench, target))];
      return { ask: () => bench.items(verb, { items }).then(only) };
    },
  }),
];

const refusalCases = ({ capability, verb, what, make }: Way): readonly ConformanceCase[] => [
  {
    name: `restores no volume that is not the recorded one from a ${what}, nor from one that is not, and restores the rest`,
    capability,
    async run(bench) {
      const target = await bench.make();
      const item = restoreItem(target, await make(bench, target));
      const [first, second, third] = await bench.items(verb, {
        items: [
          { ...item, ref: 'target', target: { ...item.target, expectedName: 'another' } },
          { ...item, ref: 'source', source: { ...item.source, expectedName: 'another' } },
          item,
        ],
      });
      assert.ok(first && second && third);
      isRejected(first, 'object.drifted');
      isRejected(second, 'object.drifted');
      isDone(third, 'made');
    },
  },
  {
    name: `restores no volume from a ${what} of another`,
    capability,
    async run(bench) {
      const [target, other] = [await bench.make(), await bench.make()];
      const source = await make(bench, other);
      const answer = await bench.serve(verb, { items: [restoreItem(target, source)] });
      isRejected(only(itemsOf(answer)), 'request.invalid');
      changesNothing(answer);
    },
  },
];

export const restoreCases: readonly ConformanceCase[] = ways.flatMap((way) => [...effectCases(way), ...refusalCases(way)]);
