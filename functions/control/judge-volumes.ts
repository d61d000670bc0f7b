import type { Row, Write } from '../../core/change.ts';
import { seenPatch } from '../../core/discovery/recorded.ts';
import type { Seen, SeenKind } from '../../core/discovery/seen.ts';
import { isUnmanaged, type Sighting, seenAs } from '../../core/discovery/sighting.ts';
import { foundUnmanaged, goneWrites, unmanagedIdOf, unmanagedWrites } from '../../core/discovery/unmanaged.ts';
import { eachAtOnce } from '../../core/each-at-once.ts';
import { readPairs } from '../../core/export/pair.ts';
import { changed } from '../../core/inventory/changes.ts';
import { fromRow, resourceKey } from '../../core/inventory/resource.ts';
import { unmanagedVolumeSchema, type Volume, volumeSchema } from '../../core/inventory/schemas.ts';
import { isUrnOf } from '../../core/urn.ts';
import { findOwners } from '../../core/volume/native-row.ts';
import type { Discovery } from './begin-discovery.ts';
import type { ControlPorts } from './ports.ts';

/** What follows from a sighting: what is to be stored, and then remembered. */
export interface Verdict {
  readonly sighting: Sighting;
  readonly seen: Seen;
  readonly writes: readonly Write[];
}

/** `unsettled`: it was released or taken back just now, and is not ours; what it is, is decided next time. Undefined: it is being worked on. */
export type Judgement = Verdict | 'unsettled' | undefined;

interface Judging {
  readonly ports: ControlPorts;
  readonly discovery: Discovery;
  /** Rows of volumes on record and of unmanaged volumes, by id. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Epoch milliseconds; the array may have been read as early. */
  readonly since: number;
}

/** Clocks of different functions differ by less. */
const clocksDifferMs = 5000;

/** A volume that was worked on since the array was read is not what was read. */
const isSettled = async ({ ports, since }: Judging, volumeId: string): Promise<boolean> => {
  const { rows } = await ports.rows.query({ table: 'History', pk: volumeId, newestFirst: true, limit: 1 });
  const [last] = rows;
  return last === undefined || Date.parse(String(last['at'])) < since - clocksDifferMs;
};

const volumeOf = ({ rows }: Judging, id: string): Volume | undefined => {
  const row = rows.get(id);
  return row && fromRow(volumeSchema, row);
};

const unmanagedOf = ({ rows, discovery }: Judging, { observed }: Sighting) =>
  rows.get(unmanagedIdOf(discovery.provider.arrayId, observed.nativeId));

const judgeOurs = async (judging: Judging, sighting: Sighting, owner: string): Promise<Verdict | undefined> => {
  const { ports, discovery } = judging;
  const { arrayId } = discovery.provider;
  const { author } = discovery;
  const volume = volumeOf(judging, owner);
  if (!volume || volume.inactive || volume.activeTaskId) return undefined;
  const pairs = await readPairs(ports.rows, owner);
  const patch = seenPatch({ arrayId, observed: sighting.observed, volume, pairs }, author.at);
  const writes = changed(volume, patch, { author });
  if (writes.length > 0 && !(await isSettled(judging, owner))) return undefined;
  const unmanaged = unmanagedOf(judging, sighting);
  const left = unmanaged ? goneWrites(fromRow(unmanagedVolumeSchema, unmanaged)) : [];
  return { sighting, seen: seenAs(sighting, patch.drift ? 'drifted' : 'ours'), writes: [...writes, ...left] };
};

const judgeOthers = (judging: Judging, sighting: Sighting, kind: SeenKind): Verdict => {
  const { id: providerId, arrayId } = judging.discovery.provider;
  const found = foundUnmanaged(sighting.observed, { providerId, arrayId, bearsMark: kind !== 'foreign' });
  const writes = unmanagedWrites(found, unmanagedOf(judging, sighting), judging.discovery.author.at);
  return { sighting, seen: seenAs(sighting, kind), writes };
};

/** It bears a name that this installation gives, and no volume on record has its id. */
const judgeNamed = async (judging: Judging, sighting: Sighting, namesake: string): Promise<Judgement> => {
  const volume = volumeOf(judging, namesake);
  if (volume?.activeTaskId) return undefined;
  if (!(await isSettled(judging, namesake))) return volume?.inactive ? 'unsettled' : undefined;
  return judgeOthers(judging, sighting, volume && !volume.inactive ? 'same-name' : 'orphan');
};

const judge = async (judging: Judging, owners: ReadonlyMap<string, string>, sighting: Sighting): Promise<Judgement> => {
  const owner = sighting.owner ?? owners.get(sighting.observed.nativeId);
  if (owner !== undefined && isUrnOf('Volume', owner)) return judgeOurs(judging, sighting, owner);
  if (owner !== undefined) return { sighting, seen: seenAs(sighting, 'ours'), writes: [] };
  if (sighting.namesake !== undefined) return judgeNamed(judging, sighting, sighting.namesake);
  return judgeOthers(judging, sighting, 'foreign');
};

const defined = (value: string | undefined): string[] => (value === undefined ? [] : [value]);

const rowsOf = async (ports: ControlPorts, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> => {
  const found = await ports.rows.getMany('Inventory', [...new Set(ids)].map(resourceKey));
  return new Map(found.flatMap((row): [string, Row][] => (row ? [[row.pk, row]] : [])));
};

/**
 * Decides what each object is: ours by its id on the array, read anew for what bears our mark; in flight; bearing our mark without a record;
 * or somebody else's.
 */
export const judgeVolumes = async (
  ports: ControlPorts,
  discovery: Discovery,
  { sightings, since }: { readonly sightings: readonly Sighting[]; readonly since: number },
): Promise<Judgement[]> => {
  const { arrayId } = discovery.provider;
  const named = sightings.filter(({ owner, namesake }) => owner === undefined && namesake !== undefined);
  const owners = await findOwners(
    ports.rows,
    arrayId,
    named.map(({ observed }) => observed.nativeId),
  );
  const ids = sightings.flatMap(({ observed, owner, namesake, before }) => [
    ...defined(owner ?? owners.get(observed.nativeId)),
    ...defined(owner === undefined ? namesake : undefined),
    ...(owner === undefined || (before && isUnmanaged(before.kind)) ? [unmanagedIdOf(arrayId, observed.nativeId)] : []),
  ]);
  const judging: Judging = { ports, discovery, rows: await rowsOf(ports, ids), since };
  return eachAtOnce(sightings, (sighting) => judge(judging, owners, sighting));
};
