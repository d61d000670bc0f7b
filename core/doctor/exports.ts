import { type ExportPair, pairKey } from '../export/pair.ts';
import type { ExportGroup } from '../inventory/schemas.ts';
import { activeOf, type Estate, isMoving } from './estate.ts';
import type { Finding } from './finding.ts';

const pairText = (pair: { readonly volumeId: string; readonly initiatorId: string }): string => {
  const { pk, sk } = pairKey(pair);
  return `${pk} ${sk}`;
};

const initiatorIdsOf = (group: ExportGroup, hostInitiators: ReadonlyMap<string, readonly string[]>): string[] => [
  ...new Set([...group.initiatorIds, ...group.hostIds.flatMap((hostId) => hostInitiators.get(hostId) ?? [])]),
];

/** Of a host, a group may have fewer initiators than the host has now: new ones join only when that was approved. */
const unwanted = (pair: ExportPair, groups: ReadonlyMap<string, ExportGroup>, wanted: ReadonlyMap<string, readonly string[]>): Finding[] =>
  pair.groups.flatMap((groupId): Finding[] => {
    const group = groups.get(groupId);
    if (group && isMoving(group)) return [];
    const isWanted = group?.volumes.some(({ id }) => id === pair.volumeId) && wanted.get(groupId)?.includes(pair.initiatorId);
    if (isWanted) return [];
    return [
      { check: 'exports', subject: pairText(pair), says: `it says that ${groupId} wants it, which ${group ? 'does not' : 'is gone'}` },
    ];
  });

const lacking = (group: ExportGroup, pairs: ReadonlyMap<string, ExportPair>): Finding[] =>
  group.volumes.flatMap(({ id: volumeId }) =>
    group.initiatorIds.flatMap((initiatorId): Finding[] => {
      const text = pairText({ volumeId, initiatorId });
      return pairs.get(text)?.groups.includes(group.id)
        ? []
        : [{ check: 'exports', subject: text, says: `${group.id} wants it, and no row says so` }];
    }),
  );

export const exportFindings = (estate: Estate): Finding[] => {
  const { pairs } = estate;
  const byText = new Map(pairs.map((pair) => [pairText(pair), pair]));
  const groups = new Map(activeOf(estate, 'ExportGroup').map((group) => [group.id, group]));
  const ofHosts = Map.groupBy(activeOf(estate, 'Initiator'), ({ hostId }) => hostId);
  const hostInitiators = new Map([...ofHosts].map(([hostId, initiators]) => [hostId, initiators.map(({ id }) => id)]));
  const wanted = new Map([...groups].map(([id, group]) => [id, initiatorIdsOf(group, hostInitiators)]));
  return [
    ...pairs.flatMap((pair) => unwanted(pair, groups, wanted)),
    ...[...groups.values()].filter((group) => !isMoving(group)).flatMap((group) => lacking(group, byText)),
  ];
};
