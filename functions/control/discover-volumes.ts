import type { SeenVolumes } from '../../core/discovery/seen.ts';
import { readSeen, seenWrites } from '../../core/discovery/seen.ts';
import { isUnchanged, isUnmanaged, type Sighting, sightingOf } from '../../core/discovery/sighting.ts';
import { readOwners } from '../../core/volume/native-row.ts';
import type { InventoryPage } from '../../drivers/sdk/verbs.ts';
import { type Discovery, readPages } from './begin-discovery.ts';
import { type Judgement, judgeVolumes, type Verdict } from './judge-volumes.ts';
import type { ControlPorts } from './ports.ts';
import { storeEach } from './store-writes.ts';
import type { VolumeWalk } from './volume-walk.ts';

/** Most that a driver may be asked for at once; it answers as many as fit 4 MB. */
const pageLimit = 10_000;

/** What is on record is read before the array is: what is then committed meanwhile cannot be missed. */
export const beginWalk = async (ports: ControlPorts, { provider, installation, namePrefix }: Discovery): Promise<VolumeWalk> => {
  const [owners, seen] = await Promise.all([readOwners(ports.rows, provider.arrayId), readSeen(ports.rows, provider.arrayId)]);
  return {
    known: { mark: { prefix: namePrefix, mark: installation.mark }, owners, seen },
    begunAt: ports.clock.now(),
    found: new Set(),
    ancestors: new Set(),
    next: new Map(),
    gone: new Set(),
    orphans: [],
    foreign: new Map(),
    namesakes: new Map(),
  };
};

/** What matters beyond its own row. */
const note = (walk: VolumeWalk, { sighting, seen }: Pick<Verdict, 'sighting' | 'seen'>): void => {
  const { nativeId } = sighting.observed;
  walk.next.set(nativeId, seen);
  if (seen.kind === 'orphan') walk.orphans.push(sighting);
  if (seen.kind === 'same-name' && sighting.namesake) walk.namesakes.set(sighting.namesake, nativeId);
};

const meet = (walk: VolumeWalk, sighting: Sighting): void => {
  const { nativeId, ancestorNativeId } = sighting.observed;
  walk.found.add(nativeId);
  if (ancestorNativeId !== undefined) walk.ancestors.add(ancestorNativeId);
  if (sighting.before) walk.next.set(nativeId, sighting.before);
};

/** It takes the room of a volume of ours. */
const countForeign = (walk: VolumeWalk, { observed }: Sighting): void => {
  walk.foreign.set(observed.nativeId, observed.poolNativeId);
};

const isForeign = (judgement: Judgement): boolean =>
  judgement === 'unsettled' || (judgement !== undefined && isUnmanaged(judgement.seen.kind));

/** What could not be stored, or is being worked on, stays remembered as it was, and is looked at again. */
const storePage = async (ports: ControlPorts, { discovery, walk }: Walking, page: InventoryPage): Promise<void> => {
  const sightings = page.volumes.map((observed) => sightingOf(walk.known, observed));
  for (const sighting of sightings) {
    meet(walk, sighting);
    if (!sighting.before || !isUnchanged(sighting)) continue;
    note(walk, { sighting, seen: sighting.before });
    if (isUnmanaged(sighting.before.kind)) countForeign(walk, sighting);
  }
  const looked = sightings.filter((sighting) => !isUnchanged(sighting));
  const judged = await judgeVolumes(ports, discovery, { sightings: looked, since: walk.begunAt });
  for (const [n, sighting] of looked.entries()) if (isForeign(judged[n])) countForeign(walk, sighting);
  const verdicts = judged.flatMap((judgement) => (judgement === undefined || judgement === 'unsettled' ? [] : [judgement]));
  const stored = await storeEach(
    ports,
    verdicts.map(({ writes }) => writes),
  );
  for (const [n, verdict] of verdicts.entries()) if (stored[n]) note(walk, verdict);
};

interface Walking {
  readonly discovery: Discovery;
  readonly walk: VolumeWalk;
}

/** Volumes and snapshots, ours and others'. Whether the view was complete. */
export const walkVolumes = (ports: ControlPorts, discovery: Discovery, walk: VolumeWalk): Promise<boolean> =>
  readPages(ports, discovery, { scope: 'volumes', limit: pageLimit, store: (page) => storePage(ports, { discovery, walk }, page) });

/** Remembers what was stored, also of a walk that did not get to its end; what it did not come upon is remembered as before. */
export const keepSeen = async (ports: ControlPorts, { provider }: Discovery, walk: VolumeWalk): Promise<void> => {
  const { known, found, gone, next } = walk;
  const unseen = [...known.seen].filter(([nativeId]) => !found.has(nativeId) && !gone.has(nativeId));
  const after: SeenVolumes = new Map([...unseen, ...next]);
  await storeEach(
    ports,
    seenWrites(provider.arrayId, known.seen, after).map((write) => [write]),
  );
};
