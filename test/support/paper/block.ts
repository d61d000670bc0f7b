import type { MappingLimits, ObservedVolume } from '../../../drivers/sdk/model.ts';
import { pairRef } from '../../../drivers/sdk/refs.ts';
import type { AdoptItem, MigrationItem, ReleaseItem, RenameItem, VolumeLimitsItem } from '../../../drivers/sdk/verbs/volume-change.ts';
import type {
  CommittedVolume,
  ExpandItem,
  ExportIntent,
  ExportPair,
  ItemAnswer,
  ObservedExport,
  VolumeIdentity,
  VolumeIntent,
  VolumeItem,
} from '../../../drivers/sdk/verbs.ts';
import { byName, change, newId, type PaperArray, type PaperVolume, told } from './array.ts';
import { findCommitted, findRemovable, getCommitted, refused, requireName, requireSize, requireThat } from './checks.ts';

export type Done<Observed> = Omit<ItemAnswer<Observed>, 'ref' | 'status' | 'error'>;
export const pools = ['p1', 'p2'];

export const answerOf = (volume: PaperVolume, outcome: 'made' | 'found'): Done<ObservedVolume> => ({
  outcome,
  nativeId: volume.nativeId,
  observed: told(volume),
});

export const ensureVolume = (array: PaperArray, intent: VolumeIntent): Done<ObservedVolume> => {
  requireName(intent.name);
  requireSize(intent.sizeBytes);
  requireThat(pools.includes(intent.poolNativeId), 'object.missing');
  const there = byName(array, intent.name);
  if (there !== undefined) {
    const isSame = there.kind === 'volume' && there.sizeBytes === intent.sizeBytes && there.poolNativeId === intent.poolNativeId;
    requireThat(isSame && there.provisioningType === intent.provisioningType, 'object.foreign');
    return answerOf(there, 'found');
  }
  const { name, poolNativeId, systemNativeId, sizeBytes, provisioningType } = intent;
  return change(array, 'create', () => {
    const nativeId = newId(array, 'v');
    const volume: PaperVolume = {
      ...{ nativeId, name, poolNativeId, systemNativeId, sizeBytes, provisioningType },
      ...{ kind: 'volume', createdAt: new Date().toISOString(), sharedFateId: `tree-${nativeId}`, mappings: [] },
      ...{ access: 'read-write', isCopy: false, isDetached: false, content: '' },
    };
    array.volumes.set(nativeId, volume);
    return answerOf(volume, 'made');
  });
};

export const remove = (array: PaperArray, volume: PaperVolume | undefined): Done<never> => {
  if (volume === undefined) return { outcome: 'found' };
  return change(array, 'remove', () => {
    array.volumes.delete(volume.nativeId);
    return { outcome: 'made', nativeId: volume.nativeId };
  });
};

export const removeVolume = (array: PaperArray, { volume }: VolumeItem): Done<never> => remove(array, findRemovable(array, volume));

const locate = (array: PaperArray, identity: VolumeIdentity): PaperVolume | undefined =>
  identity.kind === 'committed' ? array.volumes.get(identity.nativeId) : byName(array, identity.name);

export const readVolume = (array: PaperArray, { volume }: VolumeItem): Done<ObservedVolume> => {
  const there = locate(array, volume);
  return there === undefined ? { outcome: 'found' } : answerOf(there, 'found');
};

const withSize = (array: PaperArray, volume: CommittedVolume): CommittedVolume => ({
  ...volume,
  sizeBytes: array.volumes.get(volume.nativeId)?.sizeBytes ?? volume.sizeBytes,
});

export const expandVolume = (array: PaperArray, { volume: identity, newSizeBytes }: ExpandItem): Done<ObservedVolume> => {
  requireSize(newSizeBytes);
  const volume = getCommitted(array, withSize(array, identity));
  if (volume.sizeBytes >= newSizeBytes) return answerOf(volume, 'found');
  return change(array, 'expand', () => {
    volume.sizeBytes = newSizeBytes;
    return answerOf(volume, 'made');
  });
};

export const renameVolume = (array: PaperArray, { volume: identity, newName }: RenameItem): Done<ObservedVolume> => {
  requireName(newName);
  const there = array.volumes.get(identity.nativeId);
  const isRenamed = there?.name === newName;
  const volume = getCommitted(array, isRenamed ? { ...identity, expectedName: newName } : identity);
  if (isRenamed) return answerOf(volume, 'found');
  requireThat(byName(array, newName) === undefined, 'object.foreign');
  return change(array, 'rename', () => {
    volume.name = newName;
    return answerOf(volume, 'made');
  });
};

const sameLimits = (one: MappingLimits, other: MappingLimits): boolean =>
  one.iops === other.iops && one.bandwidthBytesPerSecond === other.bandwidthBytesPerSecond;

export const limitVolume = (array: PaperArray, item: VolumeLimitsItem): Done<ObservedVolume> => {
  const volume = getCommitted(array, item.volume);
  const chosen = item.initiators.map(({ id }) => volume.mappings.find(({ initiatorId }) => initiatorId === id));
  requireThat(!chosen.includes(undefined), 'object.missing');
  if (chosen.every((mapping) => mapping && sameLimits(mapping.limits, item.limits))) return answerOf(volume, 'found');
  return change(array, 'limit', () => {
    for (const mapping of chosen) if (mapping) mapping.limits = item.limits;
    return answerOf(volume, 'made');
  });
};

export const migrateVolume = (array: PaperArray, item: MigrationItem): Done<ObservedVolume> | { running: string } => {
  requireThat(pools.includes(item.targetPoolNativeId), 'object.missing');
  const there = array.volumes.get(item.volume.nativeId);
  const isMoved = there?.poolNativeId === item.targetPoolNativeId;
  const volume = getCommitted(array, isMoved ? { ...item.volume, poolNativeId: item.targetPoolNativeId } : item.volume);
  if (isMoved) return answerOf(volume, 'found');
  const [running] = [...array.moves].filter(([, move]) => move.volumeId === volume.nativeId);
  if (running) return { running: running[0] };
  return change(array, 'migrate', () => {
    const handle = newId(array, 'move');
    array.moves.set(handle, { volumeId: volume.nativeId, poolId: item.targetPoolNativeId, seconds: 2 });
    return { running: handle };
  });
};

interface Pair {
  ref: string;
  volumeItem: ExportIntent['volumes'][number];
  initiator: ExportIntent['hosts'][number]['initiators'][number];
  mode: ExportIntent['mode'];
  listed: readonly string[];
}

export const pairsOf = ({ volumes, hosts, mode }: ExportIntent): readonly Pair[] => {
  const initiators = hosts.flatMap((host) => host.initiators);
  const listed = initiators.map(({ id }) => id);
  return volumes.flatMap((volumeItem) =>
    initiators.map((initiator) => ({ ref: pairRef(volumeItem.ref, initiator.ref), volumeItem, initiator, mode, listed })),
  );
};

export const ensurePair = (array: PaperArray, pair: Pair): Done<ObservedExport> => {
  const { volumeItem, initiator, mode, listed } = pair;
  const volume = getCommitted(array, volumeItem.volume);
  requireThat(
    array.hosts.some(({ initiators }) => initiators.some(({ id }) => id === initiator.id)),
    'object.missing',
  );
  const others = volume.mappings.filter(({ initiatorId }) => !listed.includes(initiatorId));
  requireThat(mode !== 'exclusive' || others.length === 0, 'object.inUse');
  const there = volume.mappings.find(({ initiatorId }) => initiatorId === initiator.id);
  requireThat(there === undefined || there.access === volumeItem.access, 'object.inUse');
  const { access, limits } = volumeItem;
  const observed: ObservedExport = {
    ...{ volumeRef: volumeItem.ref, initiatorRef: initiator.ref, targets: [], access, limits },
    connection: { kind: initiator.type, devicePath: `/dev/disk/by-id/paper-${volume.nativeId}`, attributes: {} },
  };
  if (there && sameLimits(there.limits, limits)) return { outcome: 'found', nativeId: volume.nativeId, observed };
  return change(array, 'map', () => {
    volume.mappings = volume.mappings.filter((mapping) => mapping !== there);
    volume.mappings.push({ initiatorType: initiator.type, initiatorId: initiator.id, access, limits });
    return { outcome: 'made', nativeId: volume.nativeId, observed };
  });
};

export const removePair = (array: PaperArray, { volume: identity, initiator }: ExportPair): Done<never> => {
  const volume = findCommitted(array, identity);
  const there = volume?.mappings.find(({ initiatorId }) => initiatorId === initiator.id);
  if (volume === undefined || there === undefined) return { outcome: 'found' };
  return change(array, 'unmap', () => {
    volume.mappings = volume.mappings.filter((mapping) => mapping !== there);
    return { outcome: 'made' };
  });
};

export const adoptVolume = (array: PaperArray, { volume }: AdoptItem): Done<ObservedVolume> =>
  answerOf(getCommitted(array, volume), 'found');

export const releaseVolume = (array: PaperArray, { volume }: ReleaseItem): Done<ObservedVolume> => {
  const there = findCommitted(array, volume);
  return there === undefined ? { outcome: 'found' } : answerOf(there, 'found');
};

export const requireInventoryCursor = (cursor: string | undefined): number => {
  if (cursor !== undefined && !/^\d+$/.test(cursor)) throw refused('request.invalid');
  return Number(cursor ?? 0);
};
