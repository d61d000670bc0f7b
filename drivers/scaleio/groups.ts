import { DriverError } from '../sdk/errors.ts';
import { afterChange } from '../sdk/failure.ts';
import type { ObservedGroup } from '../sdk/model/protection.ts';
import type { GroupDetachItem, GroupItem, GroupRestoreItem } from '../sdk/verbs/consistency-group.ts';
import type { BatchAnswer } from '../sdk/verbs.ts';
import { toFullCopy, toSnapshot } from './copy-mapping.ts';
import type { Gateway } from './gateway.ts';
import { remove } from './removal.ts';
import { overwrite, requireRestorable } from './restore.ts';
import { type Done, eachItem, type Run } from './run.ts';
import { locateCopy, removableCopy } from './snapshots.ts';
import type { VolumeWire } from './wire.ts';

const notOne = (code: 'object.drifted' | 'object.foreign', message: string): DriverError =>
  new DriverError(message, { outcome: 'DriverRejected', code, facts: { field: 'group' } });

/** The one group that all of them were taken in, or the recorded one. */
const requireOneGroup = (members: readonly VolumeWire[], { groupNativeId }: GroupItem): string => {
  const groups = [...new Set(members.map(({ consistencyGroupId }) => consistencyGroupId ?? ''))];
  const [group = ''] = groups;
  if (groupNativeId !== undefined && (groups.length > 1 || group !== groupNativeId)) {
    throw notOne('object.drifted', `a member is not of group ${groupNativeId}`);
  }
  if (groups.length > 1 || group === '') throw notOne('object.foreign', 'the members found were not taken at once');
  return group;
};

const present = (volumes: readonly (VolumeWire | undefined)[]): readonly VolumeWire[] => volumes.filter((volume) => volume !== undefined);

const observe = async ({ gateway }: Run, item: GroupItem): Promise<Done<ObservedGroup>> => {
  const members = present(await Promise.all(item.members.map(({ copy }) => locateCopy(gateway, copy))));
  if (members.length === 0) return { outcome: 'found' };
  const groupNativeId = requireOneGroup(members, item);
  const told = item.copiesAre === 'snapshots' ? toSnapshot : toFullCopy;
  const observed = { groupNativeId, members: members.map((volume) => told(volume, gateway.system.id)) };
  return { outcome: 'found', nativeId: groupNativeId, observed };
};

/** One call for a committed member, two for a planned one. */
export const readGroups = (run: Run, { items }: { items: readonly GroupItem[] }): Promise<BatchAnswer<ObservedGroup>> =>
  eachItem(run, items, (item) => observe(run, item));

/** Once one is gone, what goes wrong with the next leaves the group in between. */
const inOrder = async <T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> => {
  for (const [index, item] of items.entries()) {
    await (index === 0 ? work(item) : afterChange(() => work(item)));
  }
};

const removeGroup = async (gateway: Gateway, item: GroupItem): Promise<Done<ObservedGroup>> => {
  const members = present(await Promise.all(item.members.map(({ copy }) => removableCopy(gateway, copy))));
  if (members.length === 0) return { outcome: 'found' };
  const nativeId = requireOneGroup(members, item);
  await inOrder(members, (member) => remove(gateway, member));
  return { outcome: 'made', nativeId };
};

/** Member by member, after all were looked at: the array can only remove all of a group, also what is not listed. */
export const ensureGroupsAbsent = (run: Run, { items }: { items: readonly GroupItem[] }): Promise<BatchAnswer<ObservedGroup>> =>
  eachItem(run, items, (item) => removeGroup(run.gateway, item));

/** Reads only: nothing is kept up that could be ended. */
export const detachGroups = (run: Run, { items }: { items: readonly GroupDetachItem[] }): Promise<BatchAnswer<ObservedGroup>> =>
  eachItem(run, items, (item) => observe(run, { ...item, copiesAre: 'fullCopies' }));

/** Member by member, after all were looked at. */
export const restoreGroups = (run: Run, { items }: { items: readonly GroupRestoreItem[] }): Promise<BatchAnswer<ObservedGroup>> =>
  eachItem(run, items, async ({ groupNativeId, members }) => {
    await Promise.all(members.map((member) => requireRestorable(run.gateway, member)));
    await inOrder(members, (member) => overwrite(run.gateway, member));
    return { outcome: 'made', nativeId: groupNativeId };
  });
