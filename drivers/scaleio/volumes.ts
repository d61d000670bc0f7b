import { DriverError } from '../sdk/errors.ts';
import { afterChange } from '../sdk/failure.ts';
import type { ObservedVolume } from '../sdk/model.ts';
import type { BatchAnswer, ExpandItem, VolumeIdentity, VolumeItem } from '../sdk/verbs.ts';
import type { Gateway } from './gateway.ts';
import { findByName, missing, readBack, readVolume, requireOurs, requireSame, sizeBytesOf, volumeAction } from './lookup.ts';
import { type Done, eachItem, type Run } from './run.ts';
import { bytesPerGb, requireSize } from './sizes.ts';
import { toVolume } from './volume-mapping.ts';
import type { VolumeWire } from './wire.ts';

export const locate = (gateway: Gateway, volume: VolumeIdentity): Promise<VolumeWire | undefined> =>
  volume.kind === 'committed' ? readVolume(gateway, volume.nativeId) : findByName(gateway, volume.name);

const observe = async ({ gateway }: Run, { volume: identity }: VolumeItem): Promise<Done<ObservedVolume>> => {
  const volume = await locate(gateway, identity);
  if (volume === undefined) return { outcome: 'found' };
  return { outcome: 'found', nativeId: volume.id, observed: toVolume(volume, gateway.system.id) };
};

/** One call for a committed volume, two for a planned one. */
export const readVolumes = (run: Run, { items }: { items: readonly VolumeItem[] }): Promise<BatchAnswer<ObservedVolume>> =>
  eachItem(run, items, (item) => observe(run, item));

const shrunk = (nativeId: string): DriverError =>
  new DriverError(`volume ${nativeId} is smaller than recorded`, {
    outcome: 'DriverRejected',
    code: 'object.drifted',
    facts: { field: 'size' },
  });

const readGrown = async (gateway: Gateway, nativeId: string, newSizeBytes: number): Promise<VolumeWire> => {
  const volume = await readBack(gateway, nativeId);
  if (sizeBytesOf(volume) >= newSizeBytes) return volume;
  throw new DriverError(`volume ${nativeId} has not grown yet`, { outcome: 'DriverUncertain', code: 'array.busy' });
};

const expand = async ({ gateway }: Run, { volume: expected, newSizeBytes }: ExpandItem): Promise<Done<ObservedVolume>> => {
  requireSize(newSizeBytes);
  const volume = await readVolume(gateway, expected.nativeId);
  if (volume === undefined) throw missing(expected.nativeId);
  requireSame(volume, expected);
  if (sizeBytesOf(volume) < expected.sizeBytes) throw shrunk(volume.id);
  const answer = (of: VolumeWire) => ({ nativeId: of.id, observed: toVolume(of, gateway.system.id) });
  if (sizeBytesOf(volume) >= newSizeBytes) return { ...answer(volume), outcome: 'found' };
  requireOurs(volume);
  await gateway.act(volumeAction(volume.id, 'setVolumeSize'), { sizeInGB: String(newSizeBytes / bytesPerGb) });
  return afterChange(async () => ({ ...answer(await readGrown(gateway, volume.id, newSizeBytes)), outcome: 'made' }));
};

/** Three calls: look, resize, read back. */
export const expandVolumes = (run: Run, { items }: { items: readonly ExpandItem[] }): Promise<BatchAnswer<ObservedVolume>> =>
  eachItem(run, items, (item) => expand(run, item));
