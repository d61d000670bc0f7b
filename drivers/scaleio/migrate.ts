import { DriverError } from '../sdk/errors.ts';
import { afterChange } from '../sdk/failure.ts';
import type { ObservedVolume } from '../sdk/model.ts';
import type { MigrationItem } from '../sdk/verbs/volume-change.ts';
import type { BatchAnswer, LongOperation } from '../sdk/verbs.ts';
import { requireHealthyPools } from './array-health.ts';
import { readTree } from './copy-sources.ts';
import { arrayCode, hasArrayCode } from './failures.ts';
import type { Gateway } from './gateway.ts';
import { type Moving, writeHandle } from './handles.ts';
import { drifted, missing, readBack, readVolume, requireOurs, requireSame, requireSameSize, volumeAction } from './lookup.ts';
import { headingFor, readVTree } from './migration-state.ts';
import { requireProvisioning } from './pools.ts';
import { type Done, oneByOne, type Run } from './run.ts';
import { toVolume } from './volume-mapping.ts';
import type { VolumeWire } from './wire.ts';

const pollSeconds = 30;

interface Move {
  gateway: Gateway;
  item: MigrationItem;
  /** Everything of this batch; it may move along, too. */
  alsoAsked: ReadonlySet<string>;
  underWay: Moving[];
}

const refused = (code: 'object.inUse' | 'array.busy', message: string): DriverError =>
  new DriverError(message, { outcome: code === 'array.busy' ? 'DriverBusy' : 'DriverRejected', code });

/** The recorded one, in the recorded pool or in the one it is to be in. */
const readRecorded = async ({ gateway, item }: Move): Promise<VolumeWire & { vtreeId: string }> => {
  const { volume: expected, targetPoolNativeId } = item;
  const volume = await readVolume(gateway, expected.nativeId);
  if (volume === undefined) throw missing(expected.nativeId);
  requireSame(volume, volume.storagePoolId === targetPoolNativeId ? { ...expected, poolNativeId: targetPoolNativeId } : expected);
  requireSameSize(volume, expected);
  const { vtreeId } = volume;
  if (!vtreeId) throw drifted(volume.id, { field: 'tree' });
  return { ...volume, vtreeId };
};

const requireListed = async ({ gateway, item, alsoAsked }: Move, vtreeId: string): Promise<void> => {
  const tree = await readTree(gateway, vtreeId);
  for (const member of tree) {
    requireOurs(member);
    if (alsoAsked.has(member.id) || item.movesWith.includes(member.id)) continue;
    throw refused('object.inUse', `volume ${member.id} shares blocks with volume ${item.volume.nativeId} and is not to be moved`);
  }
};

const conversionOf = ({ volumeType }: VolumeWire, { provisioningType }: MigrationItem): string => {
  if (volumeType === 'ThickProvisioned' && provisioningType === 'thin') return 'ThickToThin';
  return volumeType === 'ThinProvisioned' && provisioningType === 'thick' ? 'ThinToThick' : 'NoConversion';
};

const begin = async (move: Move, volume: VolumeWire & { vtreeId: string }): Promise<void> => {
  const { gateway, item } = move;
  const { targetPoolNativeId: destSPId } = item;
  await requireListed(move, volume.vtreeId);
  await requireProvisioning(gateway, destSPId, item.provisioningType ?? (volume.volumeType === 'ThickProvisioned' ? 'thick' : 'thin'));
  await requireHealthyPools(gateway, [volume.storagePoolId, destSPId]);
  const body = { destSPId, volTypeConversion: conversionOf(volume, item), allowDuringRebuild: 'FALSE' };
  await gateway.act(volumeAction(volume.id, 'migrateVTree'), body).catch((error: unknown) => {
    // Somebody began it since the look, or has ended it.
    if (!hasArrayCode(error, arrayCode.migrating) && !hasArrayCode(error, arrayCode.migratedThere)) throw error;
  });
};

const unfinished = ({ underWay }: Move, moving: Moving): DriverError => {
  underWay.push(moving);
  return new DriverError(`tree ${moving.vtreeId} is on its way to pool ${moving.poolId}`, {
    outcome: 'DriverUnfinished',
    code: 'array.busy',
    facts: { sharedFateId: moving.vtreeId },
  });
};

const observed = async ({ gateway }: Move, nativeId: string): Promise<Done<ObservedVolume>> => {
  const volume = await readBack(gateway, nativeId);
  return { outcome: 'made', nativeId, observed: toVolume(volume, gateway.system.id) };
};

/** Where the tree stands; throws while it is under way. */
const standing = async (move: Move, vtreeId: string): Promise<'there' | 'elsewhere'> => {
  const poolId = move.item.targetPoolNativeId;
  const tree = await readVTree(move.gateway, vtreeId);
  const heading = tree === undefined ? undefined : headingFor(tree);
  if (heading === poolId) throw unfinished(move, { vtreeId, poolId });
  if (heading !== undefined) throw refused('array.busy', `tree ${vtreeId} is on its way to another pool`);
  return tree?.storagePoolId === poolId ? 'there' : 'elsewhere';
};

const lookAgain = async (move: Move, volume: VolumeWire & { vtreeId: string }): Promise<Done<ObservedVolume>> => {
  if ((await standing(move, volume.vtreeId)) === 'there') return observed(move, volume.id);
  throw new DriverError(`tree ${volume.vtreeId} has not set out yet`, { outcome: 'DriverUncertain', code: 'array.busy' });
};

/** Being under way is known for sure. */
const setOut = (move: Move, volume: VolumeWire & { vtreeId: string }): Promise<Done<ObservedVolume>> =>
  lookAgain(move, volume).catch((error: unknown) => {
    if (error instanceof DriverError && error.name === 'DriverUnfinished') throw error;
    return afterChange(() => Promise.reject(error));
  });

const migrate = async (move: Move): Promise<Done<ObservedVolume>> => {
  const volume = await readRecorded(move);
  const { gateway } = move;
  if ((await standing(move, volume.vtreeId)) === 'there') {
    return { outcome: 'found', nativeId: volume.id, observed: toVolume(volume, gateway.system.id) };
  }
  await begin(move, volume);
  return setOut(move, volume);
};

const operationOf = (underWay: readonly Moving[], asked: number): LongOperation => ({
  handle: writeHandle([...new Map(underWay.map((moving) => [moving.vtreeId, moving])).values()]),
  percent: Math.floor((100 * (asked - underWay.length)) / asked),
  retryAfterSeconds: pollSeconds,
  cancellable: true,
});

/** Five calls and the move for a tree that sets out: the volume, its tree twice, both pools, and a look at what became of it. */
export const migrateVolumes = async (run: Run, { items }: { items: readonly MigrationItem[] }): Promise<BatchAnswer<ObservedVolume>> => {
  const underWay: Moving[] = [];
  const alsoAsked = new Set(items.map(({ volume }) => volume.nativeId));
  const answer = await oneByOne(run, items, (item) => migrate({ gateway: run.gateway, item, alsoAsked, underWay }));
  return underWay.length === 0 ? answer : { ...answer, operation: operationOf(underWay, items.length) };
};
