import { ControlPlaneError } from '../errors.ts';
import { ownTenant } from '../identity/access.ts';
import { changed } from '../inventory/changes.ts';
import { getActive, getMany } from '../inventory/read.ts';
import type { ExportGroup, Initiator, Volume } from '../inventory/schemas.ts';
import { replanning } from '../operation/replan.ts';
import { type ApiPorts, authorOf, type Conclusion, type RequestContext } from '../request.ts';
import { taskIdOf } from '../urn.ts';
import { unchangedSince } from '../volume/require.ts';
import { acceptExport } from './accept.ts';
import { type ExportOrder, withLuns } from './create.ts';
import type { Members } from './plan.ts';
import { type Asking, findInitiators, findVolumes, membersOf, noMembers, refuseClusters } from './resolve.ts';

export interface IdChanges {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export interface ExportUpdate {
  readonly groupId: string;
  readonly volumes: { readonly add: ExportOrder['volumes']; readonly remove: readonly string[] };
  readonly hosts: IdChanges;
  readonly initiators: IdChanges;
  readonly clusters: IdChanges;
}

/** Refuses a group that a task works on. */
const requireFree = (group: ExportGroup): void => {
  const what = `the export group ${group.name} (${group.id})`;
  if (group.state === 'deleting') throw new ControlPlaneError(`${what} is being deleted`, { code: 'resource.deleting' });
  if (group.activeTaskId)
    throw new ControlPlaneError(`${what} has the task ${group.activeTaskId} in progress; try again when it has ended`, {
      code: 'resource.busy',
    });
};

const findGroup = async ({ rows, principal }: Asking, id: string): Promise<ExportGroup> => {
  const group = await getActive(rows, ownTenant(principal), { type: 'ExportGroup', id });
  requireFree(group);
  return group;
};

const requireMembers = (field: string, members: readonly string[], ids: readonly string[]): void => {
  const stranger = ids.find((id) => !members.includes(id));
  if (stranger)
    throw new ControlPlaneError(`${field}.remove: ${stranger} is not in the export group`, { code: 'request.parameterInvalid' });
};

const initiatorsAfter = async (asking: Asking, group: ExportGroup, update: ExportUpdate): Promise<Initiator[]> => {
  const { hosts, initiators } = update;
  requireMembers('host_changes', group.hostIds, hosts.remove);
  requireMembers('initiator_changes', group.initiatorIds, initiators.remove);
  const [old, added] = await Promise.all([
    getMany(asking.rows, 'system', { type: 'Initiator', ids: group.initiatorIds }),
    findInitiators(asking, { hosts: hosts.add, initiators: initiators.add }),
  ]);
  const kept = old.filter(({ id, hostId }) => !initiators.remove.includes(id) && !hosts.remove.includes(hostId));
  return [...kept, ...added.filter(({ id }) => !kept.some((one) => one.id === id))];
};

const volumesAfter = (group: ExportGroup, { volumes }: ExportUpdate): ExportGroup['volumes'] => {
  const old = group.volumes.map(({ id }) => id);
  requireMembers('volume_changes', old, volumes.remove);
  const kept = group.volumes.filter(({ id }) => !volumes.remove.includes(id));
  const added = withLuns(volumes.add).filter(({ id }) => !kept.some((one) => one.id === id));
  return [...kept, ...added];
};

const sameIds = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((id) => right.includes(id));

/** Those that come or go; when the initiators change, all of them. */
const touchedIds = (group: ExportGroup, after: Members): string[] => {
  const old = group.volumes.map(({ id }) => id);
  const next = after.volumes.map(({ id }) => id);
  const all = [...new Set([...old, ...next])];
  return sameIds(group.initiatorIds, after.initiatorIds) ? all.filter((id) => !old.includes(id) || !next.includes(id)) : all;
};

/** New ones as the request may name them; those in the group are the group's. */
const readTouched = async (asking: Asking, group: ExportGroup, ids: readonly string[]): Promise<Volume[]> => {
  const isOld = (id: string) => group.volumes.some((volume) => volume.id === id);
  const [old, added] = await Promise.all([
    getMany(asking.rows, 'system', { type: 'Volume', ids: ids.filter(isOld) }),
    findVolumes(
      asking,
      group,
      ids.filter((id) => !isOld(id)),
    ),
  ]);
  return [...old, ...added];
};

/** Adds to and removes from an export group. Additions are all or none and come first; removals count one by one. */
export const updateExport = async (ports: ApiPorts, request: RequestContext, update: ExportUpdate): Promise<Conclusion['answer']> => {
  refuseClusters([...update.clusters.add, ...update.clusters.remove]);
  const asking = { rows: ports.rows, principal: request.principal };
  return replanning(async () => {
    const group = await findGroup(asking, update.groupId);
    const initiators = await initiatorsAfter(asking, group, update);
    const after = membersOf(volumesAfter(group, update), initiators);
    const operationId = ports.ids.uuid();
    const lock = { state: 'updating' as const, activeTaskId: taskIdOf(operationId, group.id) };
    return acceptExport(ports, request, {
      workflow: 'export-update',
      taskName: 'UPDATE EXPORT GROUP',
      operationId,
      group,
      before: group,
      after,
      initiators,
      volumes: await readTouched(asking, group, touchedIds(group, after)),
      groupWrites: changed(group, lock, { author: authorOf(ports, request, operationId), guard: unchangedSince(group.version) }),
    });
  });
};

/** Removes an export group and the mappings that no other one wants; those that were there before any did stay. */
export const deleteExport = (ports: ApiPorts, request: RequestContext, groupId: string): Promise<Conclusion['answer']> => {
  const asking = { rows: ports.rows, principal: request.principal };
  return replanning(async () => {
    const group = await findGroup(asking, groupId);
    const operationId = ports.ids.uuid();
    const lock = { state: 'deleting' as const, activeTaskId: taskIdOf(operationId, group.id) };
    return acceptExport(ports, request, {
      workflow: 'export-delete',
      taskName: 'DELETE EXPORT GROUP',
      operationId,
      group,
      before: group,
      after: noMembers,
      initiators: [],
      volumes: await readTouched(
        asking,
        group,
        group.volumes.map(({ id }) => id),
      ),
      groupWrites: changed(group, lock, { author: authorOf(ports, request, operationId), guard: unchangedSince(group.version) }),
    });
  });
};
