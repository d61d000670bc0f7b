import { DriverError } from '../sdk/errors.ts';
import type { RestoreItem } from '../sdk/verbs/snapshot.ts';
import type { BatchAnswer, CommittedVolume } from '../sdk/verbs.ts';
import type { Gateway } from './gateway.ts';
import { missing, readVolume, requireOurs, requireSame, requireSameSize, sizeBytesOf, volumeAction } from './lookup.ts';
import { has, introducedIn } from './releases.ts';
import { eachItem, type Run } from './run.ts';
import { mappingsOf } from './volume-mapping.ts';
import type { VolumeWire } from './wire.ts';

const refused = (code: 'object.inUse' | 'request.invalid', message: string): DriverError =>
  new DriverError(message, { outcome: 'DriverRejected', code });

const readRecorded = async (gateway: Gateway, expected: CommittedVolume): Promise<VolumeWire> => {
  const volume = await readVolume(gateway, expected.nativeId);
  if (volume === undefined) throw missing(expected.nativeId);
  requireSame(volume, expected);
  requireSameSize(volume, expected);
  requireOurs(volume);
  return volume;
};

const requireUnwritten = (target: VolumeWire): void => {
  if (mappingsOf(target).every(({ access }) => access !== 'read-write')) return;
  throw refused('object.inUse', `volume ${target.id} is mapped read-write, and may be written while it is restored`);
};

const requireKin = (target: VolumeWire, source: VolumeWire): void => {
  if (target.id === source.id) throw refused('request.invalid', `volume ${target.id} cannot be restored from itself`);
  if (!target.vtreeId || target.vtreeId !== source.vtreeId) {
    throw refused('request.invalid', `volume ${source.id} is no copy of volume ${target.id}`);
  }
  if (sizeBytesOf(target) !== sizeBytesOf(source)) {
    throw refused('request.invalid', `volume ${target.id} has another size than its copy ${source.id}`);
  }
};

const requireRelease = (version: string): void => {
  if (has(version, 'overwriting a volume with a snapshot')) return;
  throw new DriverError(`release ${version} of the array cannot restore volumes`, {
    outcome: 'DriverRejected',
    code: 'capability.missing',
    facts: { capability: 'snapshot.restore', since: introducedIn('overwriting a volume with a snapshot') },
  });
};

/** Refuses before any effect; two calls. */
export const requireRestorable = async (gateway: Gateway, { target, source }: RestoreItem): Promise<void> => {
  requireRelease(gateway.version);
  const [to, from] = await Promise.all([readRecorded(gateway, target), readRecorded(gateway, source)]);
  requireUnwritten(to);
  requireKin(to, from);
};

export const overwrite = (gateway: Gateway, { target, source }: RestoreItem): Promise<void> =>
  gateway.act(volumeAction(target.nativeId, 'overwriteVolumeContent'), { srcVolumeId: source.nativeId });

/** Three calls: a look at either side, and the restore. */
export const restoreVolumes = (run: Run, { items }: { items: readonly RestoreItem[] }): Promise<BatchAnswer<never>> =>
  eachItem(run, items, async (item) => {
    await requireRestorable(run.gateway, item);
    await overwrite(run.gateway, item);
    return { outcome: 'made', nativeId: item.target.nativeId };
  });
