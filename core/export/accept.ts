import type { Write } from '../change.ts';
import type { Work } from '../cost/estimate.ts';
import { ControlPlaneError } from '../errors.ts';
import { referenceBody } from '../inventory/links.ts';
import { getMany } from '../inventory/read.ts';
import type { ExportGroup, Initiator, StoragePool, StorageProvider, VirtualPool, Volume } from '../inventory/schemas.ts';
import { acceptOperation } from '../operation/accept.ts';
import { mostOrdered } from '../operation/chunks.ts';
import { bindTakingBack } from '../operation/take-back.ts';
import type { ApiPorts, Conclusion, RequestContext } from '../request.ts';
import { taskIdOf } from '../urn.ts';
import { plannedItem } from '../volume/identity.ts';
import { requireReady } from '../volume/require.ts';
import { byVolume } from './by-volume.ts';
import { absentCalls, ensureCalls, pairsOf, readCalls } from './calls.ts';
import { lockVolume } from './lock.ts';
import { readPairs } from './pair.ts';
import type { ExportedVolume, ExportPlan, Members } from './plan.ts';
import { planPairs, type TouchedVolume } from './plan-pairs.ts';
import { takeBackExport } from './take-back.ts';

/** A change of an export group, resolved: who is in it afterwards, and whose mappings may change. */
export interface ExportChange {
  readonly workflow: 'export-create' | 'export-update' | 'export-delete';
  /** As CoprHD names it, such as `CREATE EXPORT GROUP`. */
  readonly taskName: string;
  readonly operationId: string;
  readonly group: Pick<ExportGroup, 'id' | 'name' | 'tenantId' | 'varrayId'>;
  readonly before: Members;
  readonly after: Members;
  /** The initiators of `after`. */
  readonly initiators: readonly Initiator[];
  /** Volumes whose mappings may change; read before anything of their mappings was. */
  readonly volumes: readonly Volume[];
  /** Writes the group itself, locked by the task. */
  readonly groupWrites: readonly Write[];
}

const mostMappings = 400;
/** With the volume they are stored together. */
const mostMappingsOfVolume = 80;
/** Hosts and initiators that come or go; they are stored with the group. */
const mostMembers = 80;

const distinct = (ids: readonly string[]): string[] => [...new Set(ids)];

const findAll = async (ports: ApiPorts, volumes: readonly Volume[]) => {
  const read = <T extends 'StoragePool' | 'VirtualPool' | 'StorageProvider'>(type: T, ids: readonly string[]) =>
    getMany(ports.rows, 'system', { type, ids: distinct(ids) });
  const [pools, vpools, providers] = await Promise.all([
    read(
      'StoragePool',
      volumes.map(({ poolId }) => poolId),
    ),
    read(
      'VirtualPool',
      volumes.map(({ vpoolId }) => vpoolId),
    ),
    read(
      'StorageProvider',
      volumes.map(({ providerId }) => providerId),
    ),
  ]);
  return { pools, vpools, providers };
};

const found = <T extends { readonly id: string }>(all: readonly T[], id: string, volume: Volume): T => {
  const one = all.find((resource) => resource.id === id);
  if (!one) throw new ControlPlaneError(`the volume ${volume.name} lies in ${id}, which is gone`, { code: 'resource.inUse' });
  return one;
};

const exported = (volume: Volume, members: Members, of: { pool: StoragePool; vpool: VirtualPool }): ExportedVolume => {
  const { vpool } = of;
  const lun = members.volumes.find(({ id }) => id === volume.id)?.lun;
  const megabytes = vpool.bandwidthLimitMegabytesPerSecond;
  return {
    ...plannedItem(volume, of.pool),
    ...(lun === undefined ? {} : { lun }),
    ...(vpool.iopsLimit ? { iops: vpool.iopsLimit } : {}),
    ...(megabytes ? { bandwidthBytesPerSecond: megabytes * 1024 ** 2 } : {}),
    paths: { min: vpool.minPaths, max: vpool.maxPaths, perInitiator: vpool.pathsPerInitiator },
    shared: vpool.sharedAccess,
  };
};

const findHosts = (ports: ApiPorts, touched: readonly TouchedVolume[], initiators: readonly Initiator[]) =>
  getMany(ports.rows, 'system', {
    type: 'Host',
    ids: distinct([...initiators, ...touched.flatMap(({ pairs }) => pairs)].map(({ hostId }) => hostId)),
  });

interface PlannedExport {
  readonly plan: ExportPlan;
  readonly providers: readonly StorageProvider[];
}

const planOf = async (ports: ApiPorts, change: ExportChange): Promise<PlannedExport> => {
  const { group, volumes, initiators, after } = change;
  for (const volume of volumes) requireReady(volume);
  const { pools, vpools, providers } = await findAll(ports, volumes);
  const touched = await Promise.all(
    volumes.map(
      async (volume): Promise<TouchedVolume> => ({
        volume,
        vpool: found(vpools, volume.vpoolId, volume),
        pairs: await readPairs(ports.rows, volume.id),
      }),
    ),
  );
  const hosts = await findHosts(ports, touched, initiators);
  const plan = {
    groupId: group.id,
    tenantId: group.tenantId,
    volumes: volumes.map((volume) =>
      exported(volume, after, { pool: found(pools, volume.poolId, volume), vpool: found(vpools, volume.vpoolId, volume) }),
    ),
    ...planPairs({ groupId: group.id, touched, initiators, hosts, after }),
    after,
  };
  return { plan, providers };
};

const memberIds = (members: Members): string[] => [...members.volumes.map(({ id }) => id), ...members.hostIds, ...members.initiatorIds];

const difference = (old: readonly string[], next: readonly string[]): number =>
  old.filter((id) => !next.includes(id)).length + next.filter((id) => !old.includes(id)).length;

/** Members that come or go. */
const movedMembers = ({ before, after }: ExportChange): number => difference(memberIds(before), memberIds(after));

const movedHosts = ({ before, after }: ExportChange): number =>
  difference(before.hostIds, after.hostIds) + difference(before.initiatorIds, after.initiatorIds);

const refuseLarge = (what: string, most: number): never => {
  throw new ControlPlaneError(`the request touches ${what}, and one request may touch ${most}; change fewer volumes or hosts at once`, {
    code: 'request.limit',
  });
};

const mostOfOne = ({ volumes, pairs }: ExportPlan): number =>
  Math.max(0, ...volumes.map((_, place) => pairs.filter(({ v }) => v === place).length));

const requireSmall = (change: ExportChange, plan: ExportPlan): void => {
  const { volumes, pairs } = plan;
  if (volumes.length > mostOrdered) refuseLarge(`${volumes.length} volumes`, mostOrdered);
  if (pairs.length > mostMappings) refuseLarge(`${pairs.length} mappings`, mostMappings);
  if (mostOfOne(plan) > mostMappingsOfVolume) refuseLarge(`${mostOfOne(plan)} mappings of one volume`, mostMappingsOfVolume);
  if (movedHosts(change) > mostMembers) refuseLarge(`${movedHosts(change)} hosts and initiators`, mostMembers);
};

const callBodies = (plan: ExportPlan) => {
  const fresh = pairsOf(plan, 'map');
  const gone = pairsOf(plan, 'unmap');
  const calls = [
    ...readCalls(fresh).map((call) => ({ ...call, items: fresh, undo: null })),
    ...ensureCalls(plan).map((call) => ({ ...call, items: fresh, undo: 'ensureExportsAbsent' })),
    ...absentCalls(gone).map((call) => ({ ...call, items: gone, undo: null })),
  ];
  return calls.map(({ verb, undo, providerId, items }) => ({
    verb,
    undo,
    storage_provider: referenceBody(providerId),
    items: items.filter((pair) => pair.providerId === providerId).length,
  }));
};

const stepCounts = { 'export-create': 2, 'export-update': 3, 'export-delete': 1 } as const;

const preview = (change: ExportChange, plan: ExportPlan): Conclusion['plan'] => {
  const calls = callBodies(plan);
  return {
    volumes: change.after.volumes.map(({ id }) => referenceBody(id)),
    mappings: pairsOf(plan, 'map', 'join', 'leave', 'unmap', 'forget').map(({ action, volume, initiator }) => ({
      action,
      volume: referenceBody(volume.id),
      initiator: { ...referenceBody(initiator.id), port: initiator.port },
    })),
    calls,
  };
};

/** The group's entries in lists that come or go when it is committed, and the note that it left its project's list. */
const listedChanges = (change: ExportChange): number => {
  if (change.workflow === 'export-create') return 0;
  return change.workflow === 'export-update' ? movedMembers(change) : 2 + memberIds(change.before).length;
};

/** Operation, task, the group with its history, every lock, every mapping that changes, and the group's entries in lists that change. */
const workOf = (change: ExportChange, plan: ExportPlan): Work => ({
  steps: stepCounts[change.workflow],
  driverCalls: callBodies(plan).length,
  committedRows: 4 + plan.volumes.length + pairsOf(plan, 'map', 'join', 'leave', 'unmap', 'forget').length + listedChanges(change),
  committedEvents: 1,
});

/** Plans a change of an export group and accepts it: the group and every volume whose mappings may change are locked by its task. */
export const acceptExport = async (ports: ApiPorts, request: RequestContext, change: ExportChange): Promise<Conclusion['answer']> => {
  const { group, operationId, workflow } = change;
  const { plan, providers } = await planOf(ports, change);
  requireSmall(change, plan);
  const taskId = taskIdOf(operationId, group.id);
  const { ofVolumes, rest } = byVolume(
    change.volumes.map(({ id }) => id),
    [...change.groupWrites, ...change.volumes.map((volume) => lockVolume(volume, taskId))],
  );
  return acceptOperation(ports, request, {
    operationId,
    workflow,
    tenantId: group.tenantId,
    plan: { ...plan },
    preview: preview(change, plan),
    work: workOf(change, plan),
    tasks: [
      {
        resourceId: group.id,
        resourceName: group.name,
        name: change.taskName,
        associatedIds: change.volumes.map(({ id }) => id),
      },
    ],
    writes: rest,
    parted: {
      parts: ofVolumes.map(({ id, writes }) => ({ resourceId: id, writes })),
      takeBack: bindTakingBack(takeBackExport, plan),
    },
    changes: providers,
    answer: 'task',
  });
};
