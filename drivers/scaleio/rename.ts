import { DriverError } from '../sdk/errors.ts';
import { afterChange } from '../sdk/failure.ts';
import type { ObservedVolume } from '../sdk/model.ts';
import type { AdoptItem, ReleaseItem, RenameItem } from '../sdk/verbs/volume-change.ts';
import type { BatchAnswer, CommittedVolume } from '../sdk/verbs.ts';
import type { Gateway } from './gateway.ts';
import { missing, readBack, readVolume, requireOurs, requireSame, requireSameSize, volumeAction } from './lookup.ts';
import { requireName } from './names.ts';
import { type Done, eachItem, type Run } from './run.ts';
import { toVolume } from './volume-mapping.ts';
import type { VolumeWire } from './wire.ts';

const found = (volume: VolumeWire, systemId: string): Done<ObservedVolume> => ({
  outcome: 'found',
  nativeId: volume.id,
  observed: toVolume(volume, systemId),
});

/** The recorded one, under the recorded name or under the one it is to have. */
const requireRecorded = (volume: VolumeWire, expected: CommittedVolume, newName: string): void => {
  requireSame(volume, volume.name === newName ? { ...expected, expectedName: newName } : expected);
  requireSameSize(volume, expected);
};

const readRenamed = async (gateway: Gateway, nativeId: string, newName: string): Promise<VolumeWire> => {
  const volume = await readBack(gateway, nativeId);
  if (volume.name === newName) return volume;
  throw new DriverError(`volume ${nativeId} has not got its new name yet`, { outcome: 'DriverUncertain', code: 'array.busy' });
};

const rename = async (gateway: Gateway, volume: VolumeWire, newName: string): Promise<Done<ObservedVolume>> => {
  if (volume.name === newName) return found(volume, gateway.system.id);
  await gateway.act(volumeAction(volume.id, 'setVolumeName'), { newName });
  return afterChange(async () => ({ ...found(await readRenamed(gateway, volume.id, newName), gateway.system.id), outcome: 'made' }));
};

/** Three calls: look, rename, read back. */
export const renameVolumes = (run: Run, { items }: { items: readonly RenameItem[] }): Promise<BatchAnswer<ObservedVolume>> =>
  eachItem(run, items, async ({ volume: expected, newName }) => {
    requireName(newName);
    const volume = await readVolume(run.gateway, expected.nativeId);
    if (volume === undefined) throw missing(expected.nativeId);
    requireRecorded(volume, expected, newName);
    requireOurs(volume);
    return rename(run.gateway, volume, newName);
  });

/** The array keeps no mark of who manages a volume; adopting is a look, and a new name when one is asked for. */
export const adoptVolumes = (run: Run, { items }: { items: readonly AdoptItem[] }): Promise<BatchAnswer<ObservedVolume>> =>
  renameVolumes(run, { items: items.map((item) => ({ ...item, newName: item.newName ?? item.volume.expectedName })) });

export const releaseVolumes = (run: Run, { items }: { items: readonly ReleaseItem[] }): Promise<BatchAnswer<ObservedVolume>> =>
  eachItem(run, items, async ({ volume: expected, newName = expected.expectedName }) => {
    requireName(newName);
    const volume = await readVolume(run.gateway, expected.nativeId);
    if (volume === undefined) return { outcome: 'found' };
    requireRecorded(volume, expected, newName);
    if (volume.name !== newName) requireOurs(volume);
    return rename(run.gateway, volume, newName);
  });
