import { missingPatch } from '../../core/discovery/recorded.ts';
import { isUnmanaged } from '../../core/discovery/sighting.ts';
import { goneWrites, unmanagedIdOf } from '../../core/discovery/unmanaged.ts';
import { changed } from '../../core/inventory/changes.ts';
import { getMany } from '../../core/inventory/read.ts';
import type { UnManagedVolume, Volume } from '../../core/inventory/schemas.ts';
import { isUrnOf } from '../../core/urn.ts';
import type { Discovery } from './begin-discovery.ts';
import type { ControlPorts } from './ports.ts';
import { storeEach } from './store-writes.ts';
import type { VolumeWalk } from './volume-walk.ts';

export interface MissingVolumes {
  readonly ours: readonly Volume[];
  readonly others: readonly UnManagedVolume[];
  /** How many were there before. */
  readonly newlyMissing: number;
  /** Unmanaged volumes that are known of. */
  readonly knownOthers: number;
}

export const noVolumes: MissingVolumes = { ours: [], others: [], newlyMissing: 0, knownOthers: 0 };

/** Read again: whatever was deleted or is being worked on meanwhile is not missing. */
const oursMissing = async (ports: ControlPorts, { known, found, namesakes }: VolumeWalk): Promise<Volume[]> => {
  const isNews = (nativeId: string, volumeId: string): boolean => known.seen.get(nativeId)?.kind !== 'missing' || namesakes.has(volumeId);
  const ids = [...known.owners]
    .filter(([nativeId, id]) => !found.has(nativeId) && isUrnOf('Volume', id) && isNews(nativeId, id))
    .map(([, id]) => id);
  const volumes = await getMany(ports.rows, 'system', { type: 'Volume', ids });
  return volumes.filter(({ inactive, activeTaskId }) => !inactive && activeTaskId === undefined);
};

const othersMissing = async (ports: ControlPorts, arrayId: string, { known, found, gone }: VolumeWalk): Promise<UnManagedVolume[]> => {
  const nativeIds = [...known.seen]
    .filter(([nativeId, { kind }]) => isUnmanaged(kind) && !found.has(nativeId))
    .map(([nativeId]) => nativeId);
  const ids = nativeIds.map((nativeId) => unmanagedIdOf(arrayId, nativeId));
  const active = (await getMany(ports.rows, 'system', { type: 'UnManagedVolume', ids })).filter(({ inactive }) => !inactive);
  for (const nativeId of nativeIds) if (!active.some((each) => each.nativeId === nativeId)) gone.add(nativeId);
  return active.filter(({ activeTaskId }) => activeTaskId === undefined);
};

/** Their records were deleted or released. */
const forgetUnowned = ({ known, found, gone }: VolumeWalk): void => {
  for (const [nativeId, { kind }] of known.seen)
    if (!isUnmanaged(kind) && !found.has(nativeId) && !known.owners.has(nativeId)) gone.add(nativeId);
};

/** After a complete walk: what of the known volumes it did not come upon. */
export const missingVolumes = async (ports: ControlPorts, { provider }: Discovery, walk: VolumeWalk): Promise<MissingVolumes> => {
  forgetUnowned(walk);
  const [ours, others] = await Promise.all([oursMissing(ports, walk), othersMissing(ports, provider.arrayId, walk)]);
  const newlyMissing = ours.filter(({ visibility }) => visibility === undefined).length + others.length;
  const knownOthers = [...walk.known.seen.values()].filter(({ kind }) => isUnmanaged(kind)).length;
  return { ours, others, newlyMissing, knownOthers };
};

/** Ours are marked and keep everything; of others' the record leaves the lists. */
export const storeMissing = async (
  ports: ControlPorts,
  { author }: Discovery,
  { walk, volumes }: { readonly walk: VolumeWalk; readonly volumes: MissingVolumes },
): Promise<void> => {
  const { ours, others } = volumes;
  const marked = await storeEach(
    ports,
    ours.map((volume) => changed(volume, missingPatch(volume, walk.namesakes.get(volume.id), author.at), { author })),
  );
  for (const [n, { nativeId, nativeName }] of ours.entries())
    if (marked[n] && nativeId) walk.next.set(nativeId, { kind: 'missing', digest: '', name: nativeName, poolNativeId: '' });
  const left = await storeEach(ports, others.map(goneWrites));
  for (const [n, { nativeId }] of others.entries()) if (left[n]) walk.gone.add(nativeId);
};
