import type { ObservedFullCopy, ObservedSnapshot } from '../sdk/model/protection.ts';
import type { DetachItem, FullCopiesRequest, FullCopyItem } from '../sdk/verbs/full-copy.ts';
import type { CopyIdentity, PlannedCopy, SnapshotItem, SnapshotsRequest } from '../sdk/verbs/snapshot.ts';
import type { BatchAnswer, CommittedVolume } from '../sdk/verbs.ts';
import { ensureCopies } from './copies.ts';
import { isSnapshot, toFullCopy, toSnapshot } from './copy-mapping.ts';
import { foreign } from './create.ts';
import type { Gateway } from './gateway.ts';
import { drifted, findByName, missing, readVolume, requireSame, sizeBytesOf } from './lookup.ts';
import { removableAsPlanned, removableSnapshot, remove } from './removal.ts';
import { eachItem, type Run } from './run.ts';
import type { VolumeWire } from './wire.ts';

export const ensureSnapshots = (run: Run, { items, groupRef }: SnapshotsRequest): Promise<BatchAnswer<ObservedSnapshot>> =>
  ensureCopies(run, {
    copies: items,
    together: groupRef !== undefined,
    observe: (volume) => toSnapshot(volume, run.gateway.system.id),
  });

export const ensureFullCopies = (run: Run, { items, groupRef }: FullCopiesRequest): Promise<BatchAnswer<ObservedFullCopy>> =>
  ensureCopies(run, {
    copies: items.map((item) => ({ ...item, access: 'read-write' })),
    together: groupRef !== undefined,
    observe: (volume) => toFullCopy(volume, run.gateway.system.id),
  });

const unlikePlannedCopy = (volume: VolumeWire, plan: PlannedCopy): string | undefined => {
  if (!isSnapshot(volume)) return 'kind';
  if (volume.ancestorVolumeId !== plan.sourceNativeId) return 'source';
  if (volume.storagePoolId !== plan.poolNativeId) return 'pool';
  return sizeBytesOf(volume) === plan.sizeBytes ? undefined : 'size';
};

/** The copy, when it is there and may be removed. */
export const removableCopy = (gateway: Gateway, copy: CopyIdentity): Promise<VolumeWire | undefined> =>
  copy.kind === 'committed'
    ? removableSnapshot(gateway, copy)
    : removableAsPlanned(gateway, { ...copy, unlike: (volume) => unlikePlannedCopy(volume, copy) });

/** As removing volumes, and never anything but a snapshot. */
export const ensureSnapshotsAbsent = (run: Run, { items }: { items: readonly SnapshotItem[] }): Promise<BatchAnswer<ObservedSnapshot>> =>
  eachItem(run, items, async ({ snapshot }) => remove(run.gateway, await removableCopy(run.gateway, snapshot)));

export const ensureFullCopiesAbsent = (run: Run, { items }: { items: readonly FullCopyItem[] }): Promise<BatchAnswer<ObservedFullCopy>> =>
  eachItem(run, items, async ({ copy }) => remove(run.gateway, await removableCopy(run.gateway, copy)));

/** By id, or by name for one that is only planned; never anything but a snapshot. */
export const locateCopy = async (gateway: Gateway, copy: CopyIdentity): Promise<VolumeWire | undefined> => {
  const volume = await (copy.kind === 'committed' ? readVolume(gateway, copy.nativeId) : findByName(gateway, copy.name));
  if (volume === undefined || isSnapshot(volume)) return volume;
  throw copy.kind === 'committed' ? drifted(volume.id, { field: 'kind' }) : foreign(copy.name, 'it is no snapshot');
};

export const readSnapshots = (run: Run, { items }: { items: readonly SnapshotItem[] }): Promise<BatchAnswer<ObservedSnapshot>> =>
  eachItem(run, items, async ({ snapshot }) => {
    const volume = await locateCopy(run.gateway, snapshot);
    if (volume === undefined) return { outcome: 'found' };
    return { outcome: 'found', nativeId: volume.id, observed: toSnapshot(volume, run.gateway.system.id) };
  });

const observeCopy = async (gateway: Gateway, expected: CommittedVolume): Promise<VolumeWire> => {
  const volume = await locateCopy(gateway, expected);
  if (volume === undefined) throw missing(expected.nativeId);
  requireSame(volume, expected);
  return volume;
};

/** The array keeps nothing up between a copy and its source that could be ended: one look, and nothing is changed. */
export const detachFullCopies = (run: Run, { items }: { items: readonly DetachItem[] }): Promise<BatchAnswer<ObservedFullCopy>> =>
  eachItem(run, items, async ({ copy }) => {
    const volume = await observeCopy(run.gateway, copy);
    return { outcome: 'found', nativeId: volume.id, observed: toFullCopy(volume, run.gateway.system.id) };
  });
