import assert from 'node:assert/strict';
import type { ObservedVolume } from '../model.ts';
import type { BatchAnswer, CommittedVolume } from '../verbs.ts';
import { type Bench, committed, only, planned } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { changesNothing, isDone, isRejected } from './expect.ts';
import { lostAnswerCases } from './lost-answers.ts';

const removeOne = async ({ items }: Bench, volume: CommittedVolume) =>
  only(await items('ensureVolumesAbsent', { items: [{ ref: 'remove', volume }] }));

const drifts: readonly { reason: string; change: (volume: CommittedVolume, bench: Bench) => Partial<CommittedVolume> }[] = [
  { reason: 'name', change: (_volume, { newName }) => ({ expectedName: newName() }) },
  { reason: 'size', change: ({ sizeBytes }, { pool }) => ({ sizeBytes: sizeBytes + pool.sizeGranularityBytes }) },
  { reason: 'pool', change: () => ({ poolNativeId: 'ffffffffffffffff' }) },
  { reason: 'time of creation', change: ({ createdAt }) => ({ createdAt: new Date(Date.parse(createdAt) - 60_000).toISOString() }) },
];

const isStillThere = async ({ named }: Bench, volume: ObservedVolume): Promise<void> => {
  assert.deepEqual(
    (await named(volume.name)).map(({ nativeId }) => nativeId),
    [volume.nativeId],
  );
};

export const removalCases: readonly ConformanceCase[] = [
  {
    name: 'removes a volume, and finds it removed the second time',
    capability: 'volume',
    async run(bench) {
      const volume = await bench.make();
      isDone(await removeOne(bench, committed(volume)), 'made');
      isDone(await removeOne(bench, committed(volume)), 'found');
      assert.deepEqual(await bench.named(volume.name), []);
    },
  },
  ...drifts.map(
    ({ reason, change }): ConformanceCase => ({
      name: `removes no volume whose ${reason} is not the recorded one`,
      capability: 'volume',
      async run(bench) {
        const volume = await bench.make();
        const recorded = committed(volume);
        isRejected(await removeOne(bench, { ...recorded, ...change(recorded, bench) }), 'object.drifted');
        await isStillThere(bench, volume);
      },
    }),
  ),
  {
    name: 'removes no volume that somebody has renamed',
    capability: 'volume',
    needs: ['outsider'],
    async run(bench) {
      const volume = await bench.make();
      const name = bench.newName();
      await bench.outsider.renameVolume(volume.nativeId, name);
      isRejected(await removeOne(bench, committed(volume)), 'object.drifted');
      only(await bench.named(name));
    },
  },
  {
    name: 'takes a volume that is gone while another has its name for drift, not for success',
    capability: 'volume',
    needs: ['outsider'],
    async run(bench) {
      const volume = await bench.make();
      await bench.outsider.removeVolume(volume.nativeId);
      await bench.makeForeign({ name: volume.name });
      isRejected(await removeOne(bench, committed(volume)), 'object.drifted');
      only(await bench.named(volume.name));
    },
  },
  {
    name: 'takes back what a plan made, and finds nothing to take back the second time',
    capability: 'volume',
    async run(bench) {
      const intent = bench.intent();
      only(await bench.items('ensureVolumes', { items: [intent] }));
      const undo = async () => only(await bench.items('ensureVolumesAbsent', { items: [{ ref: 'undo', volume: planned(intent) }] }));
      isDone(await undo(), 'made');
      isDone(await undo(), 'found');
      assert.deepEqual(await bench.named(intent.name), []);
    },
  },
  {
    name: 'takes back nothing that is older than the plan',
    capability: 'volume',
    async run(bench) {
      const intent = bench.intent();
      const { observed } = only(await bench.items('ensureVolumes', { items: [intent] }));
      assert.ok(observed);
      const later = new Date(Date.parse(observed.createdAt) + 3_600_000).toISOString();
      const items = [{ ref: 'undo', volume: planned(intent, later) }];
      isRejected(only(await bench.items('ensureVolumesAbsent', { items })), 'object.foreign');
      await isStillThere(bench, observed);
    },
  },
  {
    name: 'takes back nothing that has a snapshot',
    capability: 'volume',
    needs: ['outsider'],
    async run(bench) {
      const intent = bench.intent();
      const { observed } = only(await bench.items('ensureVolumes', { items: [intent] }));
      assert.ok(observed);
      await bench.outsider.snapshot(observed.nativeId, bench.newName());
      const undo = only(await bench.items('ensureVolumesAbsent', { items: [{ ref: 'undo', volume: planned(intent) }] }));
      isRejected(undo, 'object.inUse');
      await isStillThere(bench, observed);
    },
  },
  {
    name: 'never removes a mapped volume, committed or planned, and leaves its mapping',
    capability: 'volume',
    needs: ['outsider', 'export'],
    async run(bench) {
      const intent = bench.intent();
      const { observed } = only(await bench.items('ensureVolumes', { items: [intent] }));
      assert.ok(observed);
      const initiatorId = bench.hosts[0]?.initiators[0]?.id ?? '';
      await bench.outsider.map(observed.nativeId, initiatorId);
      for (const volume of [committed(observed), planned(intent)]) {
        const answer = await bench.serve('ensureVolumesAbsent', { items: [{ ref: 'remove', volume }] });
        isRejected(only((answer.output as BatchAnswer<never>).items), 'object.inUse');
        changesNothing(answer);
      }
      assert.equal(only(only(await bench.named(intent.name)).mappings).initiatorId, initiatorId);
    },
  },
  {
    name: 'removes the rest of a batch in which one volume has drifted',
    capability: 'volume',
    async run(bench) {
      const [kept, removed] = [await bench.make(), await bench.make()];
      const [first, second] = await bench.items('ensureVolumesAbsent', {
        items: [
          { ref: 'kept', volume: { ...committed(kept), expectedName: 'another' } },
          { ref: 'removed', volume: committed(removed) },
        ],
      });
      assert.ok(first && second);
      isRejected(first, 'object.drifted');
      isDone(second, 'made');
      await isStillThere(bench, kept);
    },
  },
  ...lostAnswerCases({
    does: 'removes a volume in the end',
    capability: 'volume',
    effect: 'remove',
    async begin(bench) {
      const volume = await bench.make();
      return { ask: () => removeOne(bench, committed(volume)), holds: async () => assert.deepEqual(await bench.named(volume.name), []) };
    },
  }),
];
