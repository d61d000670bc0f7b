import type { Write } from '../change.ts';
import { changed } from '../inventory/changes.ts';
import { type ExportGroup, exportGroupSchema } from '../inventory/schemas.ts';
import type { SettledPart, Settlement, Settling, TaskEnd } from '../operation/steps.ts';
import { taskIdOf } from '../urn.ts';
import { byVolume } from './by-volume.ts';
import { type Connected, foundBefore, mappedPairs, type Pair, pairsOf } from './calls.ts';
import { unlockVolume } from './lock.ts';
import { dropPair, putPair, setPairGroups } from './pair.ts';
import type { ExportPlan, Members } from './plan.ts';

type At = Settling<ExportPlan>;
type Ending = Omit<At, 'answers' | 'learned'>;

/** The one task holds the group and its volumes. */
export const lockOf = ({ operation, plan }: Pick<At, 'operation' | 'plan'>): string => taskIdOf(operation.id, plan.groupId);

export const groupNow = ({ row, plan }: Pick<At, 'row' | 'plan'>): ExportGroup => exportGroupSchema.parse(row(plan.groupId));

const idOf = ({ volume, initiator }: Pair) => ({ volumeId: volume.id, initiatorId: initiator.id });

const addPair = ({ plan, learned }: At, pair: Pair, connected: Connected | undefined): Write =>
  putPair({
    ...idOf(pair),
    version: 1,
    tenantId: plan.tenantId,
    hostId: pair.initiator.hostId,
    initiatorType: pair.initiator.type,
    port: pair.initiator.port,
    groups: pair.groups,
    origin: foundBefore(learned)?.includes(pair.ref) ? 'found' : 'made',
    access: 'read-write',
    ...connected,
  });

/** Rows of the mappings that now are. */
export const addPairs = (at: At, connected: Readonly<Record<string, Connected>>): Write[] => [
  ...pairsOf(at.plan, 'map').map((pair) => addPair(at, pair, connected[pair.ref])),
  ...pairsOf(at.plan, 'join').map((pair) => setPairGroups(idOf(pair), pair.version, pair.groups)),
];

/** Rows of mappings that this group does not want any more, and of those that are not. */
export const removePairs = (pairs: readonly Pair[]): Write[] =>
  pairs.map((pair) =>
    pair.action === 'leave' ? setPairGroups(idOf(pair), pair.version, pair.groups) : dropPair(idOf(pair), pair.version),
  );

/** The group's members once these pairs were not removed: who still has one stays. */
export const withLeft = (now: Members, wanted: Members, left: readonly Pair[]): Members => ({
  volumes: [
    ...wanted.volumes,
    ...now.volumes.filter(({ id }) => !wanted.volumes.some((one) => one.id === id) && left.some(({ volume }) => volume.id === id)),
  ],
  initiatorIds: [
    ...new Set([...wanted.initiatorIds, ...now.initiatorIds.filter((id) => left.some(({ initiator }) => initiator.id === id))]),
  ],
  hostIds: [...new Set([...wanted.hostIds, ...now.hostIds.filter((id) => left.some(({ initiator }) => initiator.hostId === id))])],
});

/** What the group had before and was to keep: additions that were taken back are not in it. */
export const withoutAdded = (now: Members, after: Members): Members => ({
  volumes: now.volumes.filter(({ id }) => after.volumes.some((one) => one.id === id)),
  initiatorIds: now.initiatorIds.filter((id) => after.initiatorIds.includes(id)),
  hostIds: now.hostIds.filter((id) => after.hostIds.includes(id)),
});

const groupWrites = (at: Ending, group: Partial<ExportGroup>): Write[] =>
  changed(
    groupNow(at),
    { ...group, activeTaskId: undefined },
    {
      author: at.author,
      guard: {
        when: [{ attribute: 'activeTaskId', is: '=', value: lockOf(at) }],
        otherwise: { code: 'resource.changed', message: `the export group ${at.plan.groupId} is not locked by this operation` },
      },
    },
  );

/** Every volume unlocked with its mappings, the group as it becomes, and the one task; conditional on the operation's lock. */
export const endExport = (
  at: Ending,
  end: { group: Partial<ExportGroup>; pairs: readonly Write[]; task: TaskEnd },
): Settlement & { readonly parts: readonly SettledPart[] } => {
  const ids = at.plan.volumes.map(({ id }) => id);
  const lock = lockOf(at);
  const { ofVolumes, rest } = byVolume(ids, [...groupWrites(at, end.group), ...ids.map((id) => unlockVolume(id, lock)), ...end.pairs]);
  return { parts: ofVolumes.map(({ id, writes }) => ({ resourceId: id, lock, writes })), writes: rest, tasks: [end.task] };
};

export const membersNow = (at: At): Members => {
  const { volumes, hostIds, initiatorIds } = groupNow(at);
  return { volumes, hostIds, initiatorIds };
};

/** A sentence when not all planned new mappings were found by the look; undefined when they were. */
export const missingMappings = ({ plan, answers }: At): string | undefined => {
  const wanted = pairsOf(plan, 'map');
  const found = mappedPairs(answers, wanted).length;
  return found === wanted.length
    ? undefined
    : `${found} of the ${wanted.length} new mappings are on the array; rollback or discard takes them back`;
};

export const removedGroup: Partial<ExportGroup> = { state: 'deleted', inactive: true, volumes: [], hostIds: [], initiatorIds: [] };
