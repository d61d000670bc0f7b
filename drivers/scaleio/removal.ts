import { DriverError } from '../sdk/errors.ts';
import type { CommittedVolume } from '../sdk/verbs.ts';
import { isSnapshot } from './copy-mapping.ts';
import { readTree } from './copy-sources.ts';
import { foreign } from './create.ts';
import { isVolumeMissing } from './failures.ts';
import type { Gateway } from './gateway.ts';
import { drifted, findByName, findIdByName, readVolume, requireOurs, requireSame, requireSameSize, volumeAction } from './lookup.ts';
import type { Done } from './run.ts';
import { createdAtOf, mappingsOf } from './volume-mapping.ts';
import type { VolumeWire } from './wire.ts';

/** The array's clock is not ours. */
const clockSkewMs = 5 * 60 * 1000;

const refused = (volume: VolumeWire, reason: string): DriverError =>
  new DriverError(`volume ${volume.id} ${reason}`, { outcome: 'DriverRejected', code: 'object.inUse' });

const requireFree = (volume: VolumeWire): void => {
  requireOurs(volume);
  if (mappingsOf(volume).length > 0) throw refused(volume, 'is mapped, and removing never unmaps');
};

const requireNameFree = async (gateway: Gateway, { nativeId, expectedName }: CommittedVolume): Promise<void> => {
  const other = await findIdByName(gateway, expectedName);
  if (other === undefined) return;
  throw new DriverError(`volume ${nativeId} is gone, and volume ${other} has its name`, {
    outcome: 'DriverRejected',
    code: 'object.drifted',
    facts: { nativeId: other },
  });
};

/** The volume, when it is there and may be removed; undefined when it is gone. */
export const removable = async (gateway: Gateway, expected: CommittedVolume): Promise<VolumeWire | undefined> => {
  const volume = await readVolume(gateway, expected.nativeId);
  if (volume === undefined) {
    await requireNameFree(gateway, expected);
    return undefined;
  }
  requireSame(volume, expected);
  requireSameSize(volume, expected);
  requireFree(volume);
  return volume;
};

/** As `removable`, and never a volume that is no snapshot. */
export const removableSnapshot = async (gateway: Gateway, expected: CommittedVolume): Promise<VolumeWire | undefined> => {
  const volume = await removable(gateway, expected);
  if (volume !== undefined && !isSnapshot(volume)) throw drifted(volume.id, { field: 'kind' });
  return volume;
};

const requireAlone = async (gateway: Gateway, volume: VolumeWire): Promise<void> => {
  if (!volume.vtreeId) return;
  const tree = await readTree(gateway, volume.vtreeId);
  if (tree.some(({ ancestorVolumeId }) => ancestorVolumeId === volume.id)) throw refused(volume, 'has snapshots');
};

interface Plan {
  name: string;
  notBefore: string;
  /** What a volume found has that the plan has not. */
  unlike: (volume: VolumeWire) => string | undefined;
}

/** What a plan made, if it made anything: as planned, not older, and nothing was done with it since. */
export const removableAsPlanned = async (gateway: Gateway, { name, notBefore, unlike }: Plan): Promise<VolumeWire | undefined> => {
  const volume = await findByName(gateway, name);
  if (volume === undefined) return undefined;
  const difference = unlike(volume);
  if (difference !== undefined) throw foreign(name, `its ${difference} differs`);
  if (Date.parse(createdAtOf(volume)) < Date.parse(notBefore) - clockSkewMs) throw foreign(name, 'it is older than the plan');
  requireFree(volume);
  await requireAlone(gateway, volume);
  return volume;
};

/** Removes this one alone; what was taken of it stays. */
export const remove = async (gateway: Gateway, volume: VolumeWire | undefined): Promise<Done<never>> => {
  if (volume === undefined) return { outcome: 'found' };
  try {
    await gateway.act(volumeAction(volume.id, 'removeVolume'), { removeMode: 'ONLY_ME' });
    return { nativeId: volume.id, outcome: 'made' };
  } catch (error) {
    if (isVolumeMissing(error)) return { outcome: 'found' };
    throw error;
  }
};
