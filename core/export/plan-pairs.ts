import { ControlPlaneError } from '../errors.ts';
import type { Host, Initiator, VirtualPool, Volume } from '../inventory/schemas.ts';
import type { ExportPair } from './pair.ts';
import type { Members, PairAction, PlannedInitiator, PlannedPair } from './plan.ts';

/** A volume whose mappings may change, with those it has. */
export interface TouchedVolume {
  readonly volume: Volume;
  readonly vpool: Pick<VirtualPool, 'name' | 'sharedAccess'>;
  readonly pairs: readonly ExportPair[];
}

/** What a driver is told of a host, beside its initiators. */
export type HostFacts = Pick<Host, 'id' | 'name' | 'osType'>;

export interface PairsRequest {
  readonly groupId: string;
  readonly touched: readonly TouchedVolume[];
  /** The initiators that the group has afterwards. */
  readonly initiators: readonly Initiator[];
  /** Of the initiators and the mappings, as far as they are known. */
  readonly hosts: readonly HostFacts[];
  readonly after: Pick<Members, 'volumes'>;
}

export interface PlannedPairs {
  readonly initiators: PlannedInitiator[];
  readonly pairs: PlannedPair[];
}

const removal = (pair: ExportPair, others: readonly string[]): PairAction => {
  if (others.length > 0) return 'leave';
  return pair.origin === 'made' ? 'unmap' : 'forget';
};

type Decision = Pick<PlannedPair, 'action' | 'groups' | 'version'>;

const existing = (pair: ExportPair, groupId: string, isWanted: boolean): Decision => {
  const { groups, version } = pair;
  const others = groups.filter((id) => id !== groupId);
  const wasWanted = others.length < groups.length;
  if (wasWanted === isWanted || (!wasWanted && !isWanted)) return { action: 'keep', version, groups };
  return isWanted ? { action: 'join', version, groups: [...groups, groupId] } : { action: removal(pair, others), version, groups: others };
};

/** In the words of the API, for a host that tells no other. */
const otherOs = 'Other';

const osTypeOf = (hosts: readonly HostFacts[], hostId: string): string => hosts.find(({ id }) => id === hostId)?.osType || otherOs;

const initiatorFacts = (initiator: Initiator, hosts: readonly HostFacts[]): PlannedInitiator => ({
  id: initiator.id,
  type: initiator.initiatorType,
  port: initiator.port,
  ...(initiator.node === undefined ? {} : { node: initiator.node }),
  hostId: initiator.hostId,
  hostName: initiator.hostName,
  osType: osTypeOf(hosts, initiator.hostId),
});

/** Of a mapping whose initiator is not in the group: its row tells what the array maps to. */
const pairFacts = ({ initiatorId, initiatorType, port, hostId }: ExportPair, hosts: readonly HostFacts[]): PlannedInitiator => ({
  id: initiatorId,
  type: initiatorType,
  port,
  hostId,
  hostName: hosts.find(({ id }) => id === hostId)?.name ?? port,
  osType: osTypeOf(hosts, hostId),
});

const requireReachable = (initiator: Initiator, volume: Volume): void => {
  const who = `the initiator ${initiator.port} of the host ${initiator.hostName}`;
  const refusal = (text: string) => new ControlPlaneError(text, { code: 'export.unsupported' });
  if (initiator.providerId !== volume.providerId)
    throw refusal(`${who} belongs to another array than the volume ${volume.name}; export it to an initiator of the volume's own array`);
  if (!initiator.approved) throw refusal(`${who} is not approved on its array; approve it there first`);
  if (initiator.visibility !== 'visible')
    throw refusal(`${who} was not found by discovery since ${initiator.notVisibleSince ?? 'its last run'}`);
};

/** Mappings are added before others are removed, so those to be removed count as well. */
const requireShareable = ({ volume, vpool, pairs }: TouchedVolume, added: readonly Initiator[]): void => {
  const hosts = new Set([...pairs, ...added].map(({ hostId }) => hostId));
  if (added.length === 0 || hosts.size <= 1 || vpool.sharedAccess) return;
  throw new ControlPlaneError(
    `the volume ${volume.name} would be mapped read-write to ${hosts.size} hosts, and the virtual pool ${vpool.name} does not allow that (shared_access); remove it from the other host first`,
    { code: 'export.unsupported' },
  );
};

const addedTo = ({ volume, pairs }: TouchedVolume, { initiators, after }: PairsRequest): Initiator[] => {
  if (!after.volumes.some(({ id }) => id === volume.id)) return [];
  return initiators.filter((initiator) => !pairs.some(({ initiatorId }) => initiatorId === initiator.id));
};

interface Draft {
  readonly v: number;
  readonly initiator: PlannedInitiator;
  readonly decision: Decision;
}

const draftsOf = (one: TouchedVolume, v: number, request: PairsRequest): Draft[] => {
  const { groupId, initiators, hosts, after } = request;
  const isMember = after.volumes.some(({ id }) => id === one.volume.id);
  const added = addedTo(one, request);
  for (const initiator of added) requireReachable(initiator, one.volume);
  requireShareable(one, added);
  const old = one.pairs.map((pair): Draft => {
    const initiator = initiators.find(({ id }) => id === pair.initiatorId);
    const facts = initiator ? initiatorFacts(initiator, hosts) : pairFacts(pair, hosts);
    return { v, initiator: facts, decision: existing(pair, groupId, isMember && initiator !== undefined) };
  });
  const fresh = added.map(
    (initiator): Draft => ({ v, initiator: initiatorFacts(initiator, hosts), decision: { action: 'map', version: 0, groups: [groupId] } }),
  );
  // What stays is named to the array only beside something new, and only where nobody else may have the volume.
  const isNamed = fresh.length > 0 && !one.vpool.sharedAccess;
  return [...old.filter(({ decision }) => isNamed || decision.action !== 'keep'), ...fresh];
};

/** What becomes of every mapping of the touched volumes. The array is asked only for the first and the last group that wants one. */
export const planPairs = (request: PairsRequest): PlannedPairs => {
  const drafts = request.touched.flatMap((one, v) => draftsOf(one, v, request));
  const initiators = [...new Map(drafts.map(({ initiator }) => [initiator.id, initiator])).values()];
  return {
    initiators,
    pairs: drafts.map(({ v, initiator, decision }) => ({ v, i: initiators.findIndex(({ id }) => id === initiator.id), ...decision })),
  };
};
