import assert from 'node:assert/strict';
import type { ObservedFullCopy, ObservedSnapshot } from '../model/protection.ts';
import type { AccessMode, ObservedVolume } from '../model.ts';
import type { FullCopyIntent } from '../verbs/full-copy.ts';
import type { PlannedCopy, SnapshotIntent } from '../verbs/snapshot.ts';
import type { ItemAnswer } from '../verbs.ts';
import { type Bench, committed, only } from './bench.ts';

export const snapshotIntent = (bench: Bench, source: ObservedVolume, changed: Partial<SnapshotIntent> = {}): SnapshotIntent => ({
  ref: 'snapshot',
  source: committed(source),
  access: accessModes(bench)[0] ?? 'read-only',
  ...changed,
  name: changed.name ?? bench.newName(),
});

/** What the array says it can do; `read-only` where it says nothing. */
export const accessModes = ({ identity }: Pick<Bench, 'identity'>): readonly AccessMode[] => {
  const told = identity.capabilities?.find(({ capability, scope }) => capability === 'snapshot' && scope === 'array');
  const modes = told?.limits['accessModes'];
  return Array.isArray(modes) ? modes : ['read-only'];
};

/** The most that the array says one tree may hold, if that is few enough to be tried. */
export const treeLimit = ({ identity }: Bench): number | undefined => {
  const told = identity.capabilities?.find(({ capability, scope }) => capability === 'snapshot' && scope === 'array');
  const limit = told?.limits['maxPerTree'];
  return typeof limit === 'number' && limit <= 130 ? limit : undefined;
};

export const fullCopyIntent = (bench: Bench, source: ObservedVolume, changed: Partial<FullCopyIntent> = {}): FullCopyIntent => ({
  ref: 'copy',
  source: committed(source),
  poolNativeId: source.poolNativeId,
  ...changed,
  name: changed.name ?? bench.newName(),
});

type CopyIntent = SnapshotIntent | FullCopyIntent;

export const plannedCopy = ({ name, source }: CopyIntent, notBefore = new Date(0).toISOString()): PlannedCopy => ({
  kind: 'planned',
  name,
  sourceNativeId: source.nativeId,
  poolNativeId: source.poolNativeId,
  sizeBytes: source.sizeBytes,
  notBefore,
});

export const takeAll = ({ items }: Bench, intents: readonly SnapshotIntent[], groupRef?: string) =>
  items('ensureSnapshots', { items: intents, ...(groupRef === undefined ? {} : { groupRef }) });

export const copyAll = ({ items }: Bench, intents: readonly FullCopyIntent[], groupRef?: string) =>
  items('ensureFullCopies', { items: intents, ...(groupRef === undefined ? {} : { groupRef }) });

export const seen = <T>(item: ItemAnswer<T>): T => {
  assert.ok(item.status === 'done' && item.observed !== undefined, JSON.stringify(item));
  return item.observed;
};

export const take = async (bench: Bench, source: ObservedVolume): Promise<ObservedSnapshot> =>
  seen(only(await takeAll(bench, [snapshotIntent(bench, source)])));

export const copy = async (bench: Bench, source: ObservedVolume): Promise<ObservedFullCopy> =>
  seen(only(await copyAll(bench, [fullCopyIntent(bench, source)])));

export const isStillThere = async ({ named }: Bench, volume: ObservedVolume): Promise<void> => {
  assert.deepEqual(
    (await named(volume.name)).map(({ nativeId }) => nativeId),
    [volume.nativeId],
  );
};
