import assert from 'node:assert/strict';
import type { CopyIdentity } from '../verbs/snapshot.ts';
import { type Bench, committed, only } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { copy, copyAll, fullCopyIntent, isStillThere, plannedCopy, seen } from './copy-bench.ts';
import { changesNothing, isDone, isRejected, itemsOf } from './expect.ts';
import { exportAll, exportIntent, mappedTo } from './export-bench.ts';
import { lostAnswerCases } from './lost-answers.ts';

const removeOne = async ({ items }: Bench, identity: CopyIdentity) =>
  only(await items('ensureFullCopiesAbsent', { items: [{ ref: 'remove', copy: identity }] }));

export const fullCopyCases: readonly ConformanceCase[] = [
  {
    name: 'makes full copies of one volume in one call, each as large, under its own ref',
    capability: 'full-copy',
    async run(bench) {
      const source = await bench.make();
      const intents = ['a', 'b', 'c'].map((ref) => fullCopyIntent(bench, source, { ref }));
      for (const [index, item] of (await copyAll(bench, intents)).entries()) {
        isDone(item, 'made');
        const { name, sizeBytes, mappings } = seen(item);
        assert.deepEqual({ name, sizeBytes, mappings }, { name: intents[index]?.name, sizeBytes: source.sizeBytes, mappings: [] });
      }
    },
  },
  {
    name: 'says honestly whether a copy shares blocks with its source',
    capability: 'full-copy',
    async run(bench) {
      const source = await bench.make();
      const made = await copy(bench, source);
      const [copyFate, sourceFate] = [made.sharedFateId, only(await bench.named(source.name)).sharedFateId];
      if (made.independent) assert.ok(copyFate === undefined || copyFate !== sourceFate, 'independent things share no fate');
      else assert.ok(copyFate !== undefined && copyFate === sourceFate, 'what shares blocks shares its fate');
    },
  },
  {
    name: 'finds a full copy it made, and changes nothing',
    capability: 'full-copy',
    async run(bench) {
      const intent = fullCopyIntent(bench, await bench.make());
      const first = only(await copyAll(bench, [intent]));
      const again = await bench.serve('ensureFullCopies', { items: [intent] });
      const found = only(itemsOf(again));
      isDone(found, 'found');
      assert.equal(found.nativeId, first.nativeId);
      changesNothing(again);
      only(await bench.named(intent.name));
    },
  },
  {
    name: 'takes no volume of its name for the copy, and leaves it',
    capability: 'full-copy',
    async run(bench) {
      const [source, other] = [await bench.make(), await bench.make()];
      isRejected(only(await copyAll(bench, [fullCopyIntent(bench, source, { name: other.name })])), 'object.foreign');
      await isStillThere(bench, other);
    },
  },
  {
    name: 'copies the rest of a batch in which one source is gone',
    capability: 'full-copy',
    async run(bench) {
      const [gone, source] = [await bench.make(), await bench.make()];
      await bench.items('ensureVolumesAbsent', { items: [{ ref: 'remove', volume: committed(gone) }] });
      const [bad, good] = await copyAll(bench, [
        fullCopyIntent(bench, gone, { ref: 'gone' }),
        fullCopyIntent(bench, source, { ref: 'there' }),
      ]);
      assert.ok(bad && good);
      isRejected(bad, 'object.missing');
      isDone(good, 'made');
    },
  },
  {
    name: 'maps a full copy to a host like any volume',
    capability: 'full-copy',
    needs: ['export'],
    async run(bench) {
      const made = await copy(bench, await bench.make());
      isDone(only(await exportAll(bench, exportIntent(bench, [made]))), 'made');
      only(await mappedTo(bench, made));
      isRejected(await removeOne(bench, committed(made)), 'object.inUse');
      await isStillThere(bench, made);
    },
  },
  {
    name: 'removes a full copy and not its source, and finds it removed the second time',
    capability: 'full-copy',
    async run(bench) {
      const source = await bench.make();
      const made = await copy(bench, source);
      isRejected(await removeOne(bench, { ...committed(made), expectedName: 'another' }), 'object.drifted');
      isDone(await removeOne(bench, committed(made)), 'made');
      isDone(await removeOne(bench, committed(made)), 'found');
      assert.deepEqual(await bench.named(made.name), []);
      await isStillThere(bench, source);
    },
  },
  {
    name: 'takes back what a plan copied, and nothing that is older',
    capability: 'full-copy',
    async run(bench) {
      const intent = fullCopyIntent(bench, await bench.make());
      const made = seen(only(await copyAll(bench, [intent])));
      const later = new Date(Date.parse(made.createdAt) + 3_600_000).toISOString();
      isRejected(await removeOne(bench, plannedCopy(intent, later)), 'object.foreign');
      isDone(await removeOne(bench, plannedCopy(intent)), 'made');
      isDone(await removeOne(bench, plannedCopy(intent)), 'found');
    },
  },
  {
    name: 'detaches a full copy, finds it detached, and goes on saying what it shares',
    capability: 'full-copy',
    async run(bench) {
      const made = await copy(bench, await bench.make());
      const detach = async () => only(await bench.items('detachFullCopies', { items: [{ ref: 'detach', copy: committed(made) }] }));
      const first = await detach();
      assert.equal(first.status, 'done', JSON.stringify(first));
      const second = await detach();
      isDone(second, 'found');
      assert.equal(seen(second).independent, seen(second).sharedFateId === undefined || made.independent);
      await isStillThere(bench, made);
    },
  },
  ...lostAnswerCases({
    does: 'makes exactly one full copy',
    capability: 'full-copy',
    effect: 'snapshot',
    async begin(bench) {
      const intent = fullCopyIntent(bench, await bench.make());
      return { ask: () => copyAll(bench, [intent]).then(only), holds: async () => only(await bench.named(intent.name)) };
    },
  }),
];
