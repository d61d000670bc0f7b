import assert from 'node:assert/strict';
import type { CopyIdentity } from '../verbs/snapshot.ts';
import { type Bench, committed, only } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { isStillThere, plannedCopy, seen, snapshotIntent, take, takeAll } from './copy-bench.ts';
import { changesNothing, isDone, isRejected, itemsOf } from './expect.ts';
import { exportAll, exportIntent, mappedTo } from './export-bench.ts';
import { lostAnswerCases } from './lost-answers.ts';

const removeOne = async ({ items }: Bench, snapshot: CopyIdentity) =>
  only(await items('ensureSnapshotsAbsent', { items: [{ ref: 'remove', snapshot }] }));

export const unsnapshotCases: readonly ConformanceCase[] = [
  {
    name: 'removes a snapshot alone, and finds it removed the second time',
    capability: 'snapshot',
    async run(bench) {
      const source = await bench.make();
      const [kept, removed] = [await take(bench, source), await take(bench, source)];
      isDone(await removeOne(bench, committed(removed)), 'made');
      isDone(await removeOne(bench, committed(removed)), 'found');
      assert.deepEqual(await bench.named(removed.name), []);
      await isStillThere(bench, source);
      await isStillThere(bench, kept);
    },
  },
  {
    name: 'removes no snapshot whose name, size or time is not the recorded one, and removes the rest of the batch',
    capability: 'snapshot',
    async run(bench) {
      const source = await bench.make();
      const [kept, removed] = [await take(bench, source), await take(bench, source)];
      const recorded = committed(kept);
      const drifts = [
        { expectedName: bench.newName() },
        { sizeBytes: recorded.sizeBytes + bench.pool.sizeGranularityBytes },
        { createdAt: new Date(Date.parse(recorded.createdAt) - 60_000).toISOString() },
      ];
      const items = [
        ...drifts.map((drift, index) => ({ ref: `drift${index}`, snapshot: { ...recorded, ...drift } })),
        { ref: 'good', snapshot: committed(removed) },
      ];
      const answers = await bench.items('ensureSnapshotsAbsent', { items });
      for (const item of answers.slice(0, -1)) isRejected(item, 'object.drifted');
      isDone(only(answers.slice(-1)), 'made');
      await isStillThere(bench, kept);
    },
  },
  {
    name: 'removes no volume that is handed to it as a snapshot',
    capability: 'snapshot',
    async run(bench) {
      const volume = await bench.make();
      const item = await removeOne(bench, committed(volume));
      assert.equal(item.status, 'rejected', JSON.stringify(item));
      await isStillThere(bench, volume);
    },
  },
  {
    name: 'takes back what a plan took, and finds nothing to take back the second time',
    capability: 'snapshot',
    async run(bench) {
      const intent = snapshotIntent(bench, await bench.make());
      await takeAll(bench, [intent]);
      isDone(await removeOne(bench, plannedCopy(intent)), 'made');
      isDone(await removeOne(bench, plannedCopy(intent)), 'found');
      assert.deepEqual(await bench.named(intent.name), []);
    },
  },
  {
    name: 'takes back nothing that is older than the plan, or was taken of another volume',
    capability: 'snapshot',
    async run(bench) {
      const [source, other] = [await bench.make(), await bench.make()];
      const intent = snapshotIntent(bench, source);
      const snapshot = seen(only(await takeAll(bench, [intent])));
      const later = new Date(Date.parse(snapshot.createdAt) + 3_600_000).toISOString();
      isRejected(await removeOne(bench, plannedCopy(intent, later)), 'object.foreign');
      isRejected(await removeOne(bench, { ...plannedCopy(intent), sourceNativeId: other.nativeId }), 'object.foreign');
      await isStillThere(bench, snapshot);
    },
  },
  {
    name: 'never removes a mapped snapshot, and leaves its mapping',
    capability: 'snapshot',
    needs: ['export'],
    async run(bench) {
      const snapshot = await take(bench, await bench.make());
      isDone(only(await exportAll(bench, exportIntent(bench, [snapshot], { access: snapshot.access }))), 'made');
      const answer = await bench.serve('ensureSnapshotsAbsent', { items: [{ ref: 'remove', snapshot: committed(snapshot) }] });
      isRejected(only(itemsOf(answer)), 'object.inUse');
      changesNothing(answer);
      only(await mappedTo(bench, snapshot));
    },
  },
  ...lostAnswerCases({
    does: 'removes a snapshot in the end',
    capability: 'snapshot',
    effect: 'remove',
    async begin(bench) {
      const source = await bench.make();
      const snapshot = await take(bench, source);
      return {
        ask: () => removeOne(bench, committed(snapshot)),
        holds: async () => {
          assert.deepEqual(await bench.named(snapshot.name), []);
          await isStillThere(bench, source);
        },
      };
    },
  }),
];
