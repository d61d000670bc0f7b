import type { ObservedFullCopy, ObservedGroup, ObservedSnapshot } from '../../../drivers/sdk/model/protection.ts';
import type { GroupDetachItem, GroupItem, GroupRestoreItem } from '../../../drivers/sdk/verbs/consistency-group.ts';
import type { DetachItem, FullCopyIntent, FullCopyItem } from '../../../drivers/sdk/verbs/full-copy.ts';
import type { CopyIdentity, RestoreItem, SnapshotIntent, SnapshotItem } from '../../../drivers/sdk/verbs/snapshot.ts';
import { byName, change, newId, type PaperArray, type PaperVolume, told } from './array.ts';
import { type Done, remove } from './block.ts';
import { findRemovable, getCommitted, requireName, requireThat } from './checks.ts';

export const maxPerTree = 5;

export type Intent = SnapshotIntent | FullCopyIntent;

const toldSnapshot = (volume: PaperVolume): ObservedSnapshot => ({ ...told(volume), kind: 'snapshot', access: volume.access });
const toldCopy = (volume: PaperVolume): ObservedFullCopy => ({ ...told(volume), independent: false });

const isAsAsked = (there: PaperVolume, intent: Intent): boolean =>
  there.kind === 'snapshot' &&
  there.ancestorNativeId === intent.source.nativeId &&
  ('access' in intent ? !there.isCopy && there.access === intent.access : there.isCopy);

const requireRoom = ({ volumes }: PaperArray, { sharedFateId }: PaperVolume): void => {
  const copies = [...volumes.values()].filter((volume) => volume.kind === 'snapshot' && volume.sharedFateId === sharedFateId);
  requireThat(copies.length < maxPerTree, 'limit.exceeded');
};

/** What is there already; throws when the copy cannot be made. */
const look = (array: PaperArray, intent: Intent): PaperVolume | undefined => {
  requireName(intent.name);
  const there = byName(array, intent.name);
  if (there === undefined) requireRoom(array, getCommitted(array, intent.source));
  else requireThat(isAsAsked(there, intent), 'object.foreign');
  return there;
};

const make = (array: PaperArray, intent: Intent, groupNativeId: string): PaperVolume => {
  const source = getCommitted(array, intent.source);
  const copy: PaperVolume = {
    ...source,
    nativeId: newId(array, 's'),
    name: intent.name,
    kind: 'snapshot',
    createdAt: new Date().toISOString(),
    ancestorNativeId: source.nativeId,
    groupNativeId,
    mappings: [],
    access: 'access' in intent ? intent.access : 'read-write',
    isCopy: !('access' in intent),
    isDetached: false,
  };
  array.volumes.set(copy.nativeId, copy);
  return copy;
};

const ensure = (array: PaperArray, intent: Intent): { volume: PaperVolume; outcome: 'made' | 'found' } => {
  const there = look(array, intent);
  if (there) return { volume: there, outcome: 'found' };
  return { volume: change(array, 'snapshot', () => make(array, intent, newId(array, 'g'))), outcome: 'made' };
};

export const ensureSnapshot = (array: PaperArray, intent: SnapshotIntent): Done<ObservedSnapshot> => {
  const { volume, outcome } = ensure(array, intent);
  return { outcome, nativeId: volume.nativeId, observed: toldSnapshot(volume) };
};

export const ensureFullCopy = (array: PaperArray, intent: FullCopyIntent): Done<ObservedFullCopy> => {
  const { volume, outcome } = ensure(array, intent);
  return { outcome, nativeId: volume.nativeId, observed: toldCopy(volume) };
};

/** All or none, in one effect. Runs once for the batch; later items find what the first one made. */
export const ensureGroup = (array: PaperArray, intents: readonly Intent[]): 'made' | 'found' => {
  const there = intents.map((intent) => look(array, intent));
  const isWhole = new Set(there.map((member) => member?.groupNativeId)).size === 1;
  if (there.every((member) => member === undefined)) {
    const groupNativeId = newId(array, 'g');
    change(array, 'snapshot', () => intents.map((intent) => make(array, intent, groupNativeId)));
    return 'made';
  }
  requireThat(isWhole && !there.includes(undefined), 'object.foreign');
  return 'found';
};

export const removeSnapshot = (array: PaperArray, { snapshot }: SnapshotItem): Done<never> => removeCopy(array, snapshot);
export const removeFullCopy = (array: PaperArray, { copy }: FullCopyItem): Done<never> => removeCopy(array, copy);

const findCopy = (array: PaperArray, identity: CopyIdentity): PaperVolume | undefined => {
  const volume = findRemovable(array, identity);
  requireThat(volume === undefined || volume.kind === 'snapshot', 'object.foreign');
  return volume;
};

const removeCopy = (array: PaperArray, identity: CopyIdentity): Done<never> => remove(array, findCopy(array, identity));

export const readSnapshot = (array: PaperArray, { snapshot }: SnapshotItem): Done<ObservedSnapshot> => {
  const volume = snapshot.kind === 'committed' ? array.volumes.get(snapshot.nativeId) : byName(array, snapshot.name);
  return { outcome: 'found', ...(volume === undefined ? {} : { nativeId: volume.nativeId, observed: toldSnapshot(volume) }) };
};

export const detachCopy = (array: PaperArray, { copy }: DetachItem): Done<ObservedFullCopy> => {
  const volume = getCommitted(array, copy);
  const outcome = volume.isDetached ? 'found' : 'made';
  volume.isDetached = true;
  return { outcome, nativeId: volume.nativeId, observed: toldCopy(volume) };
};

const checkRestore = (array: PaperArray, { target, source }: RestoreItem): { to: PaperVolume; from: PaperVolume } => {
  const [to, from] = [getCommitted(array, target), getCommitted(array, source)];
  requireThat(from.ancestorNativeId === to.nativeId && from.sizeBytes === to.sizeBytes, 'request.invalid');
  requireThat(!to.mappings.some(({ access }) => access === 'read-write'), 'object.inUse');
  return { to, from };
};

export const restore = (array: PaperArray, item: RestoreItem): Done<never> => {
  const { to, from } = checkRestore(array, item);
  return change(array, 'restore', () => {
    to.content = from.content;
    return { outcome: 'made', nativeId: to.nativeId };
  });
};

const groupOf = (groupNativeId: string | undefined, members: readonly (PaperVolume | undefined)[]): Done<ObservedGroup> => {
  const there = members.filter((member) => member !== undefined);
  const id = groupNativeId ?? there[0]?.groupNativeId;
  if (there.length === 0 || id === undefined) return { outcome: 'found' };
  return { outcome: 'found', nativeId: id, observed: { groupNativeId: id, members: there.map(told) } };
};

const locate = (array: PaperArray, identity: CopyIdentity): PaperVolume | undefined =>
  identity.kind === 'committed' ? array.volumes.get(identity.nativeId) : byName(array, identity.name);

export const readGroup = (array: PaperArray, { groupNativeId, members }: GroupItem): Done<ObservedGroup> =>
  groupOf(
    groupNativeId,
    members.map(({ copy }) => locate(array, copy)),
  );

export const removeGroup = (array: PaperArray, { members }: GroupItem): Done<ObservedGroup> => {
  const there = members.flatMap(({ copy }) => findCopy(array, copy) ?? []);
  for (const member of there) remove(array, member);
  return { outcome: there.length === 0 ? 'found' : 'made' };
};

export const detachGroup = (array: PaperArray, { groupNativeId, members }: GroupDetachItem): Done<ObservedGroup> => {
  const there = members.map((member) => getCommitted(array, member.copy));
  const isNew = there.some(({ isDetached }) => !isDetached);
  for (const member of there) member.isDetached = true;
  return { ...groupOf(groupNativeId, there), outcome: isNew ? 'made' : 'found' };
};

export const restoreGroup = (array: PaperArray, { members }: GroupRestoreItem): Done<ObservedGroup> => {
  for (const member of members) checkRestore(array, member);
  for (const member of members) restore(array, member);
  return { outcome: 'made' };
};
