import assert from 'node:assert/strict';
import type { ObservedVolume } from '../model.ts';
import type { GroupItem } from '../verbs/consistency-group.ts';
import { type Bench, committed, only } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { copyAll, fullCopyIntent, isStillThere, seen, snapshotIntent, takeAll } from './copy-bench.ts';
import { changesNothing, isDone, isRejected, itemsOf } from './expect.ts';

const sourcesOf = async (bench: Bench): Promise<readonly ObservedVolume[]> => [await bench.make(), await bench.make(), await bench.make()];

const intentsOf = (bench: Bench, sources: readonly ObservedVolume[]) =>
  sources.map((source, index) => snapshotIntent(bench, source, { ref: `s${index}` }));

const groupIdOf = (members: readonly ObservedVolume[]): string =>
  only([...new Set(members.map(({ groupNativeId }) => groupNativeId ?? ''))]);

const groupItem = (members: readonly ObservedVolume[], copiesAre: GroupItem['copiesAre'] = 'snapshots'): GroupItem => ({
  ref: 'group',
  copiesAre,
  groupNativeId: groupIdOf(members),
  members: members.map((member, index) => ({ ref: `m${index}`, copy: committed(member) })),
});

const takeGroup = async (bench: Bench, sources: readonly ObservedVolume[]) =>
  (await takeAll(bench, intentsOf(bench, sources), 'group')).map((item) => seen(item));

const removeGroup = async ({ items }: Bench, group: GroupItem) => only(await items('ensureGroupsAbsent', { items: [group] }));

export const groupCases: readonly ConformanceCase[] = [
  {
    name: 'takes snapshots of many at one moment, and finds the group again',
    capability: 'consistency-group',
    async run(bench) {
      const intents = intentsOf(bench, await sourcesOf(bench));
      const answers = await takeAll(bench, intents, 'group');
      for (const item of answers) isDone(item, 'made');
      assert.ok(groupIdOf(answers.map((item) => seen(item))), 'members share the id of their group');
      const again = await bench.serve('ensureSnapshots', { items: intents, groupRef: 'group' });
      for (const item of itemsOf(again)) isDone(item, 'found');
      changesNothing(again);
    },
  },
  {
    name: 'takes nothing of a group in which one source may not be taken',
    capability: 'consistency-group',
    async run(bench) {
      const [first, second] = intentsOf(bench, await sourcesOf(bench));
      assert.ok(first && second);
      const drifted = { ...second, source: { ...second.source, expectedName: 'another' } };
      for (const item of await takeAll(bench, [first, drifted], 'group')) assert.equal(item.status, 'rejected', JSON.stringify(item));
      assert.deepEqual(await bench.named(first.name, second.name), []);
    },
  },
  {
    name: 'takes what is left of a group, or what is of two groups, for no group',
    capability: 'consistency-group',
    async run(bench) {
      const sources = await sourcesOf(bench);
      const intents = intentsOf(bench, sources);
      const [first] = (await takeAll(bench, intents, 'group')).map((item) => seen(item));
      assert.ok(first);
      await bench.items('ensureSnapshotsAbsent', { items: [{ ref: 'remove', snapshot: committed(first) }] });
      const answer = await bench.serve('ensureSnapshots', { items: intents, groupRef: 'group' });
      for (const item of itemsOf(answer)) isRejected(item, 'object.foreign');
      changesNothing(answer);
      assert.deepEqual(await bench.named(first.name), []);
    },
  },
  {
    name: 'makes full copies of many at one moment, and detaches and removes them as one',
    capability: 'consistency-group',
    also: ['full-copy'],
    async run(bench) {
      const intents = (await sourcesOf(bench)).map((source, index) => fullCopyIntent(bench, source, { ref: `c${index}` }));
      const copies = (await copyAll(bench, intents, 'group')).map((item) => seen(item));
      const { copiesAre: _kind, ...detach } = groupItem(copies, 'fullCopies');
      const members = copies.map((member, index) => ({ ref: `m${index}`, copy: committed(member) }));
      const item = only(await bench.items('detachGroups', { items: [{ ...detach, groupNativeId: groupIdOf(copies), members }] }));
      assert.equal(item.status, 'done', JSON.stringify(item));
      isDone(await removeGroup(bench, groupItem(copies, 'fullCopies')), 'made');
      assert.deepEqual(await bench.named(...copies.map(({ name }) => name)), []);
    },
  },
  {
    name: 'reads the members of a group that are there',
    capability: 'consistency-group',
    async run(bench) {
      const members = await takeGroup(bench, await sourcesOf(bench));
      const group = groupItem(members);
      const ids = async () =>
        (only(await bench.items('readGroups', { items: [group] })).observed?.members ?? []).map(({ nativeId }) => nativeId);
      assert.deepEqual([...(await ids())].sort(), members.map(({ nativeId }) => nativeId).sort());
      await removeGroup(bench, group);
      assert.equal(only(await bench.items('readGroups', { items: [group] })).observed, undefined);
    },
  },
  {
    name: 'removes a group as one, goes on with what is left of it, and finds it removed',
    capability: 'consistency-group',
    async run(bench) {
      const sources = await sourcesOf(bench);
      const members = await takeGroup(bench, sources);
      const [first] = members;
      assert.ok(first);
      await bench.items('ensureSnapshotsAbsent', { items: [{ ref: 'remove', snapshot: committed(first) }] });
      isDone(await removeGroup(bench, groupItem(members)), 'made');
      isDone(await removeGroup(bench, groupItem(members)), 'found');
      assert.deepEqual(await bench.named(...members.map(({ name }) => name)), []);
      for (const source of sources) await isStillThere(bench, source);
    },
  },
  {
    name: 'removes nothing of a group in which one member is not the recorded one, and no member that is not listed',
    capability: 'consistency-group',
    async run(bench) {
      const members = await takeGroup(bench, await sourcesOf(bench));
      const group = groupItem(members);
      const [first, ...rest] = group.members;
      assert.ok(first && first.copy.kind === 'committed');
      const drifted = { ...first, copy: { ...first.copy, expectedName: 'another' } };
      isRejected(await removeGroup(bench, { ...group, members: [...rest, drifted] }), 'object.drifted');
      for (const member of members) await isStillThere(bench, member);
      isDone(await removeGroup(bench, { ...group, members: rest }), 'made');
      const [kept] = members;
      assert.ok(kept);
      await isStillThere(bench, kept);
    },
  },
  {
    name: 'restores a group as one, and nothing of it when one target is not the recorded one',
    capability: 'consistency-group',
    also: ['snapshot.restore'],
    async run(bench) {
      const sources = await sourcesOf(bench);
      const taken = await takeGroup(bench, sources);
      const members = taken.map((snapshot, index) => ({
        ref: `m${index}`,
        source: committed(snapshot),
        target: committed(sources[index] ?? snapshot),
      }));
      const group = { ref: 'group', groupNativeId: groupIdOf(taken), members };
      const spoilt = members.map((member, index) =>
        index === 2 ? { ...member, target: { ...member.target, expectedName: 'x' } } : member,
      );
      const answer = await bench.serve('restoreGroups', { items: [{ ...group, members: spoilt }] });
      isRejected(only(itemsOf(answer)), 'object.drifted');
      changesNothing(answer);
      isDone(only(await bench.items('restoreGroups', { items: [group] })), 'made');
    },
  },
];
