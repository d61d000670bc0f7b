import assert from 'node:assert/strict';
import type { ObservedVolume } from '../model.ts';
import type { BatchAnswer, VolumeIntent } from '../verbs.ts';
import { type Bench, committed, only, planned } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { changesNothing, isDone, isRejected } from './expect.ts';
import { lostAnswerCases } from './lost-answers.ts';

const ensureOne = async ({ items }: Bench, intent: VolumeIntent) => only(await items('ensureVolumes', { items: [intent] }));

const isAsAsked = (volume: ObservedVolume | undefined, intent: VolumeIntent): void => {
  assert.ok(volume);
  const { name, poolNativeId, sizeBytes, provisioningType } = intent;
  assert.deepEqual(
    { name: volume.name, poolNativeId: volume.poolNativeId, sizeBytes: volume.sizeBytes, provisioningType: volume.provisioningType },
    { name, poolNativeId, sizeBytes, provisioningType },
  );
  assert.equal(volume.kind, 'volume');
  assert.deepEqual(volume.mappings, []);
};

/** Intents that no array takes; each must be refused without an effect. */
const wrong: readonly { reason: string; change: (bench: Bench) => Partial<VolumeIntent> }[] = [
  { reason: 'a size that is no multiple of the granularity', change: ({ pool }) => ({ sizeBytes: pool.minVolumeBytes + 1 }) },
  { reason: 'a size below the least', change: () => ({ sizeBytes: 0 }) },
  { reason: 'a size above the largest', change: ({ pool }) => ({ sizeBytes: pool.maxVolumeBytes + pool.sizeGranularityBytes }) },
  {
    reason: 'a name that is too long',
    change: ({ target, newName }) => ({ name: newName().padEnd(target.declaration.maxNameLength + 1, 'x') }),
  },
  { reason: 'a name with a space', change: ({ newName }) => ({ name: `${newName().slice(0, 10)} x` }) },
];

/** Somebody else's volume under the planned name. */
const lookAlikes: readonly { reason: string; change: (bench: Bench) => Partial<VolumeIntent> }[] = [
  { reason: 'another size', change: ({ pool }) => ({ sizeBytes: pool.minVolumeBytes + pool.sizeGranularityBytes }) },
  {
    reason: 'another pool',
    change: ({ pools, pool }) => ({ poolNativeId: pools.find(({ nativeId }) => nativeId !== pool.nativeId)?.nativeId ?? pool.nativeId }),
  },
  {
    reason: 'another kind of provisioning',
    change: ({ pool, intent }) => ({
      provisioningType: pool.provisioningTypes.find((type) => type !== intent().provisioningType) ?? 'thick',
    }),
  },
];

export const volumeCases: readonly ConformanceCase[] = [
  {
    name: 'makes a volume exactly as asked',
    capability: 'volume',
    async run(bench) {
      for (const provisioningType of bench.pool.provisioningTypes) {
        const intent = bench.intent({ provisioningType });
        const item = await ensureOne(bench, intent);
        isDone(item, 'made');
        isAsAsked(item.observed, intent);
        assert.equal(item.nativeId, item.observed?.nativeId);
      }
    },
  },
  {
    name: 'makes a volume in at most three calls, logins apart',
    capability: 'volume',
    async run({ serve, intent }) {
      const { gatewayCalls } = await serve('ensureVolumes', { items: [intent()] });
      assert.equal(gatewayCalls.change, 1);
      assert.ok(gatewayCalls.read + gatewayCalls.change <= 3, JSON.stringify(gatewayCalls));
    },
  },
  {
    name: 'finds a volume it made, and makes no second one',
    capability: 'volume',
    async run(bench) {
      const intent = bench.intent();
      const first = await ensureOne(bench, intent);
      const again = await bench.serve('ensureVolumes', { items: [intent] });
      const found = only((again.output as BatchAnswer<ObservedVolume>).items);
      isDone(found, 'found');
      assert.deepEqual(found.observed, first.observed);
      changesNothing(again);
      only(await bench.named(intent.name));
    },
  },
  {
    name: 'makes a batch, each volume under its own ref',
    capability: 'volume',
    async run({ items, intent }) {
      const intents = ['a', 'b', 'c', 'd', 'e', 'f'].map((ref) => intent({ ref }));
      const answers = await items('ensureVolumes', { items: intents });
      assert.equal(new Set(answers.map(({ nativeId }) => nativeId)).size, intents.length);
      for (const [index, answer] of answers.entries()) assert.equal(answer.observed?.name, intents[index]?.name);
    },
  },
  {
    name: 'makes the rest of a batch in which one item is refused',
    capability: 'volume',
    async run({ items, intent, pool }) {
      const [good, bad] = await items('ensureVolumes', {
        items: [intent({ ref: 'good' }), intent({ ref: 'bad', sizeBytes: pool.minVolumeBytes + 1 })],
      });
      assert.ok(good && bad);
      isDone(good, 'made');
      isRejected(bad, 'request.invalid');
    },
  },
  ...wrong.map(
    ({ reason, change }): ConformanceCase => ({
      name: `refuses ${reason} and makes nothing`,
      capability: 'volume',
      async run(bench) {
        const intent = bench.intent(change(bench));
        const answer = await bench.serve('ensureVolumes', { items: [intent] });
        isRejected(only((answer.output as BatchAnswer<ObservedVolume>).items), 'request.invalid');
        changesNothing(answer);
        assert.deepEqual(await bench.named(intent.name), []);
      },
    }),
  ),
  {
    name: 'refuses a pool that is not there',
    capability: 'volume',
    async run(bench) {
      const item = await ensureOne(bench, bench.intent({ poolNativeId: 'ffffffffffffffff' }));
      assert.equal(item.status, 'rejected', JSON.stringify(item));
    },
  },
  ...lookAlikes.map(
    ({ reason, change }): ConformanceCase => ({
      name: `takes no volume of the same name with ${reason} for its own, and leaves it as it is`,
      capability: 'volume',
      needs: ['outsider'],
      async run(bench) {
        const intent = bench.intent();
        await bench.makeForeign({ ...intent, ...change(bench), name: intent.name });
        const before = await bench.named(intent.name);
        isRejected(await ensureOne(bench, intent), 'object.foreign');
        const undo = await bench.items('ensureVolumesAbsent', { items: [{ ref: 'undo', volume: planned(intent) }] });
        isRejected(only(undo), 'object.foreign');
        assert.deepEqual(await bench.named(intent.name), before);
      },
    }),
  ),
  {
    name: 'touches no volume whose name only begins or ends like the planned one',
    capability: 'volume',
    needs: ['outsider'],
    async run(bench) {
      const name = bench.newName().slice(0, -2);
      const [longer, shorter] = [`${name}x`, name.slice(0, -1)];
      for (const alike of [longer, shorter]) await bench.makeForeign({ name: alike });
      const before = await bench.named(longer, shorter);
      const plan = bench.intent({ name });
      isDone(only(await bench.items('ensureVolumesAbsent', { items: [{ ref: 'x', volume: planned(plan) }] })), 'found');
      assert.deepEqual(await bench.named(longer, shorter), before);
      for (const { nativeId } of before) await bench.outsider.removeVolume(nativeId);
    },
  },
  ...lostAnswerCases({
    does: 'makes exactly one volume',
    capability: 'volume',
    effect: 'create',
    async begin(bench) {
      const intent = bench.intent();
      return { ask: () => ensureOne(bench, intent), holds: async () => only(await bench.named(intent.name)) };
    },
  }),
  {
    name: 'goes on in a new session when the old one ends between two verbs',
    capability: 'volume',
    needs: ['faults'],
    async run(bench) {
      await bench.make();
      await bench.faults.expireSessions();
      await bench.make();
    },
  },
  {
    name: 'reads a volume as it was when made, by id and by name',
    capability: 'volume',
    async run(bench) {
      const intent = bench.intent();
      const { observed } = await ensureOne(bench, intent);
      assert.ok(observed);
      const identities = [
        { ref: 'id', volume: committed(observed) },
        { ref: 'name', volume: planned(intent) },
      ];
      for (const item of await bench.items('readVolumes', { items: identities })) {
        assert.equal(item.observed?.nativeId, observed.nativeId);
        assert.equal(item.observed?.sizeBytes, observed.sizeBytes);
      }
    },
  },
  {
    name: 'reads a volume that is not there as done, without it',
    capability: 'volume',
    async run({ items, intent }) {
      const item = only(await items('readVolumes', { items: [{ ref: 'gone', volume: planned(intent()) }] }));
      assert.equal(item.status, 'done');
      assert.equal(item.observed, undefined);
    },
  },
];
