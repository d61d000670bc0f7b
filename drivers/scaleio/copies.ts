import * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';
import { afterChange } from '../sdk/failure.ts';
import type { AccessMode } from '../sdk/model.ts';
import type { BatchAnswer, CommittedVolume } from '../sdk/verbs.ts';
import { accessOf, isSnapshot } from './copy-mapping.ts';
import { requireSources } from './copy-sources.ts';
import { foreign, nameBusy } from './create.ts';
import { arrayCode, hasArrayCode } from './failures.ts';
import type { Gateway } from './gateway.ts';
import { findByName, requireOurs, sizeBytesOf } from './lookup.ts';
import { requireName } from './names.ts';
import { has } from './releases.ts';
import { allTogether, type Done, eachItem, type Run } from './run.ts';
import { snapshotsTakenWire, type VolumeWire, volumeWire } from './wire.ts';

/** A snapshot, or a full copy, which is a writable one. */
export interface Copy {
  ref: string;
  name: string;
  source: CommittedVolume;
  access: AccessMode;
  /** Where it shall lie, when that is asked for. */
  poolNativeId?: string;
}

const unlike = (volume: VolumeWire, { source, access }: Copy): string | undefined => {
  if (!isSnapshot(volume)) return 'kind';
  if (volume.ancestorVolumeId !== source.nativeId) return 'source';
  if (volume.storagePoolId !== source.poolNativeId) return 'pool';
  if (sizeBytesOf(volume) !== source.sizeBytes) return 'size';
  return accessOf(volume) === access ? undefined : 'access';
};

const requireAsked = (volume: VolumeWire, copy: Copy): void => {
  const difference = unlike(volume, copy);
  if (difference !== undefined) throw foreign(copy.name, `its ${difference} differs`);
  requireOurs(volume);
};

const requireOneGroup = ([copy]: readonly Copy[], found: readonly VolumeWire[]): void => {
  const groups = new Set(found.map(({ consistencyGroupId }) => consistencyGroupId ?? ''));
  if (found.length > 1 && (groups.size > 1 || groups.has(''))) throw foreign(copy?.name ?? '', 'it was not taken at once with the others');
};

/** What is found under the names counts only as a whole, taken in one call. */
const requireWhole = (copies: readonly Copy[], there: readonly (VolumeWire | undefined)[]): readonly VolumeWire[] => {
  const present = there.filter((volume) => volume !== undefined).length;
  const found = copies.map((copy, index) => {
    const volume = there[index];
    if (volume === undefined) throw foreign(copy.name, `of ${copies.length} copies to be taken at once ${present} are there`);
    requireAsked(volume, copy);
    return volume;
  });
  requireOneGroup(copies, found);
  return found;
};

const find = (gateway: Gateway, copies: readonly Copy[]): Promise<readonly (VolumeWire | undefined)[]> =>
  Promise.all(copies.map(({ name }) => findByName(gateway, name)));

/** The array said that a name is in use; nobody may have it yet. */
const findTaken = async (gateway: Gateway, copies: readonly Copy[]): Promise<readonly (VolumeWire | undefined)[]> => {
  const there = await find(gateway, copies);
  if (there.every((volume) => volume === undefined)) throw nameBusy(copies[0]?.name ?? '');
  return there;
};

const takenIncompletely = (asked: number, told: number): DriverError =>
  new DriverError(`${asked} copies were asked for and ${told} told of`, { outcome: 'DriverUncertain', code: 'array.answerUnreadable' });

/** All in one effect on the array; undefined when somebody took one of the names since the look. */
const take = async (gateway: Gateway, copies: readonly Copy[]): Promise<readonly string[] | undefined> => {
  const [first] = copies;
  const body = {
    snapshotDefs: copies.map(({ name, source }) => ({ volumeId: source.nativeId, snapshotName: name })),
    ...(has(gateway.version, 'access modes of mappings')
      ? { accessModeLimit: first?.access === 'read-only' ? 'ReadOnly' : 'ReadWrite' }
      : {}),
  };
  try {
    const path = `/api/instances/System::${gateway.system.id}/action/snapshotVolumes`;
    const { volumeIdList } = await gateway.create(snapshotsTakenWire, path, body);
    if (volumeIdList.length !== copies.length) throw takenIncompletely(copies.length, volumeIdList.length);
    return volumeIdList;
  } catch (error) {
    if (hasArrayCode(error, arrayCode.nameInUse)) return undefined;
    throw error;
  }
};

const selected = z.array(volumeWire);

const readBackAll = async (gateway: Gateway, ids: readonly string[], copies: readonly Copy[]): Promise<readonly VolumeWire[]> => {
  const volumes = await gateway.ask(selected, '/api/types/Volume/instances/action/queryBySelectedIds', { ids });
  const byId = new Map(volumes.map((volume) => [volume.id, volume]));
  return requireWhole(
    copies,
    ids.map((id) => byId.get(id)),
  );
};

interface Taken {
  outcome: 'made' | 'found';
  volumes: readonly VolumeWire[];
}

const ensureSet = async ({ gateway }: Run, copies: readonly Copy[]): Promise<Taken> => {
  const there = await find(gateway, copies);
  if (there.some((volume) => volume !== undefined)) return { outcome: 'found', volumes: requireWhole(copies, there) };
  await requireSources(
    gateway,
    copies.map(({ source }) => source),
  );
  const ids = await take(gateway, copies);
  if (ids === undefined) return { outcome: 'found', volumes: requireWhole(copies, await findTaken(gateway, copies)) };
  return afterChange(async () => ({ outcome: 'made', volumes: await readBackAll(gateway, ids, copies) }));
};

const invalid = (message: string): DriverError => new DriverError(message, { outcome: 'DriverRejected', code: 'request.invalid' });

const requirePossible = ({ name, access, source, poolNativeId }: Copy, { version }: Gateway): void => {
  requireName(name);
  if (poolNativeId !== undefined && poolNativeId !== source.poolNativeId) {
    throw invalid(`copy ${name} cannot lie in pool ${poolNativeId}: copies stay in the pool of their source`);
  }
  if (access === 'read-only' && !has(version, 'access modes of mappings')) {
    throw invalid(`release ${version} of the array has no read-only snapshots`);
  }
};

const requireOneAccess = (copies: readonly Copy[]): void => {
  if (new Set(copies.map(({ access }) => access)).size <= 1) return;
  throw invalid('copies that are taken at once have one kind of access');
};

const done = <Observed>({ outcome, volumes }: Taken, observe: (volume: VolumeWire) => Observed): readonly Done<Observed>[] =>
  volumes.map((volume) => ({ outcome, nativeId: volume.id, observed: observe(volume) }));

export interface CopiesWork<Observed> {
  copies: readonly Copy[];
  /** All at one moment, in one call, or none. */
  together: boolean;
  observe: (volume: VolumeWire) => Observed;
}

/** For one, or for all together: a look for each name, a look at each source and each tree, one call that takes them, one that reads back. */
export const ensureCopies = <Observed>(run: Run, { copies, together, observe }: CopiesWork<Observed>): Promise<BatchAnswer<Observed>> => {
  const ensure = async (set: readonly Copy[]) => {
    for (const copy of set) requirePossible(copy, run.gateway);
    requireOneAccess(set);
    return done(await ensureSet(run, set), observe);
  };
  if (together) return allTogether(run, copies, () => ensure(copies));
  return eachItem(run, copies, async (copy) => (await ensure([copy]))[0] ?? {});
};
