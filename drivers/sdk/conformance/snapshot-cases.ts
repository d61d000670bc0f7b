import assert from 'node:assert/strict';
import { committed, only } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { accessModes, isStillThere, plannedCopy, seen, snapshotIntent, take, takeAll, treeLimit } from './copy-bench.ts';
import { changesNothing, isDone, isRejected, itemsOf } from './expect.ts';
import { lostAnswerCases } from './lost-answers.ts';

export const snapshotCases: readonly ConformanceCase[] = [
  {
    name: 'takes a snapshot exactly as asked, with every kind of access it has',
    capability: 'snapshot',
    async run(bench) {
      const source = await bench.make();
      for (const access of accessModes(bench)) {
        const intent = snapshotIntent(bench, source, { access });
        const item = only(await takeAll(bench, [intent]));
        isDone(item, 'made');
        const { name, sizeBytes, kind, ancestorNativeId, mappings } = seen(item);
        assert.deepEqual(
          { name, sizeBytes, kind, ancestorNativeId, mappings, access: item.observed?.access },
          {
            name: intent.name,
            sizeBytes: source.sizeBytes,
            kind: 'snapshot',
            ancestorNativeId: source.nativeId,
            mappings: [],
            access,
          },
        );
      }
    },
  },
  {
    name: 'finds a snapshot it took, and changes nothing',
    capability: 'snapshot',
    async run(bench) {
      const intent = snapshotIntent(bench, await bench.make());
      const first = only(await takeAll(bench, [intent]));
      const again = await bench.serve('ensureSnapshots', { items: [intent] });
      const found = only(itemsOf(again));
      isDone(found, 'found');
      assert.equal(found.nativeId, first.nativeId);
      changesNothing(again);
      only(await bench.named(intent.name));
    },
  },
  {
    name: 'takes many snapshots in one call, each under its own ref',
    capability: 'snapshot',
    async run(bench) {
      const sources = [await bench.make(), await bench.make(), await bench.make()];
      const intents = sources.map((source, index) => snapshotIntent(bench, source, { ref: `s${index}` }));
      const answers = await takeAll(bench, intents);
      for (const [index, item] of answers.entries()) {
        isDone(item, 'made');
        assert.equal(item.observed?.ancestorNativeId, sources[index]?.nativeId);
        assert.equal(item.observed?.name, intents[index]?.name);
      }
    },
  },
  {
    name: 'lists a snapshot with what it was taken from',
    capability: 'snapshot',
    async run(bench) {
      const source = await bench.make();
      const snapshot = await take(bench, source);
      const listed = only(await bench.named(snapshot.name));
      assert.deepEqual([listed.kind, listed.nativeId, listed.ancestorNativeId], ['snapshot', snapshot.nativeId, source.nativeId]);
      const again = only(await bench.named(source.name));
      assert.equal(listed.sharedFateId, again.sharedFateId, 'what shares blocks shares its fate');
    },
  },
  {
    name: 'takes the rest of a batch in which one source is not the recorded one',
    capability: 'snapshot',
    async run(bench) {
      const source = await bench.make();
      const drifted = snapshotIntent(bench, source, { ref: 'drifted', source: { ...committed(source), expectedName: 'another' } });
      const [bad, good] = await takeAll(bench, [drifted, snapshotIntent(bench, source, { ref: 'good' })]);
      assert.ok(bad && good);
      isRejected(bad, 'object.drifted');
      isDone(good, 'made');
      assert.deepEqual(await bench.named(drifted.name), []);
    },
  },
  {
    name: 'refuses a source that is not there',
    capability: 'snapshot',
    async run(bench) {
      const source = await bench.make();
      await bench.items('ensureVolumesAbsent', { items: [{ ref: 'remove', volume: committed(source) }] });
      isRejected(only(await takeAll(bench, [snapshotIntent(bench, source)])), 'object.missing');
    },
  },
  {
    name: 'refuses a name that the array cannot hold, and takes nothing',
    capability: 'snapshot',
    async run(bench) {
      const source = await bench.make();
      const tooLong = bench.newName().padEnd(bench.target.declaration.maxNameLength + 1, 'x');
      for (const name of [tooLong, `${bench.newName().slice(0, 10)} x`]) {
        const answer = await bench.serve('ensureSnapshots', { items: [snapshotIntent(bench, source, { name })] });
        isRejected(only(itemsOf(answer)), 'request.invalid');
        changesNothing(answer);
      }
    },
  },
  {
    name: 'takes nothing of its name for its own that is a volume, or was taken of another',
    capability: 'snapshot',
    async run(bench) {
      const [source, other] = [await bench.make(), await bench.make()];
      const taken = await take(bench, other);
      for (const { name } of [other, taken]) {
        isRejected(only(await takeAll(bench, [snapshotIntent(bench, source, { name })])), 'object.foreign');
        only(await bench.named(name));
      }
    },
  },
  {
    name: 'takes as many snapshots of one volume as it says it can, and refuses the next',
    capability: 'snapshot',
    needs: ['tree limit'],
    async run(bench) {
      const source = await bench.make();
      const intents = Array.from({ length: treeLimit(bench) ?? 0 }, (_, index) => snapshotIntent(bench, source, { ref: `s${index}` }));
      for (const item of await takeAll(bench, intents)) isDone(item, 'made');
      const beyond = snapshotIntent(bench, source);
      isRejected(only(await takeAll(bench, [beyond])), 'limit.exceeded');
      assert.deepEqual(await bench.named(beyond.name), []);
    },
  },
  {
    name: 'reads a snapshot by id and by plan, and one that is not there as done, without it',
    capability: 'snapshot',
    async run(bench) {
      const intent = snapshotIntent(bench, await bench.make());
      const snapshot = seen(only(await takeAll(bench, [intent])));
      const gone = snapshotIntent(bench, snapshot);
      const items = [
        { ref: 'id', snapshot: committed(snapshot) },
        { ref: 'plan', snapshot: plannedCopy(intent) },
        { ref: 'gone', snapshot: plannedCopy(gone) },
      ];
      const answers = await bench.items('readSnapshots', { items });
      assert.deepEqual(
        answers.map(({ status, observed }) => [status, observed?.nativeId]),
        [
          ['done', snapshot.nativeId],
          ['done', snapshot.nativeId],
          ['done', undefined],
        ],
      );
    },
  },
  ...lostAnswerCases({
    does: 'takes exactly one snapshot',
    capability: 'snapshot',
    effect: 'snapshot',
    async begin(bench) {
      const source = await bench.make();
      const intent = snapshotIntent(bench, source);
      return {
        ask: () => takeAll(bench, [intent]).then(only),
        holds: async () => {
          only(await bench.named(intent.name));
          await isStillThere(bench, source);
        },
      };
    },
  }),
];
