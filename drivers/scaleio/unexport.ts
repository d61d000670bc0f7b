import type { VolumeMapping } from '../sdk/model.ts';
import type { BatchAnswer, ExportPair, ItemAnswer, VolumeItem } from '../sdk/verbs.ts';
import { arrayCode, hasArrayCode, isVolumeMissing } from './failures.ts';
import { readVolume, requireOurs, requireSame, requireSameSize, volumeAction } from './lookup.ts';
import { type Done, eachItem, type Run } from './run.ts';
import { findTarget, isMappedTo, mappingCall, requireMappable } from './targets.ts';
import { mappingsOf } from './volume-mapping.ts';
import { locate } from './volumes.ts';

const unmap = async ({ gateway }: Run, { volume: expected, initiator }: ExportPair): Promise<Done<never>> => {
  requireMappable(initiator, gateway.version);
  const volume = await readVolume(gateway, expected.nativeId);
  if (volume === undefined) return { outcome: 'found' };
  requireSame(volume, expected);
  requireSameSize(volume, expected);
  const target = await findTarget(gateway, initiator);
  if (!mappingsOf(volume).some((mapping) => isMappedTo(mapping, target))) return { outcome: 'found', nativeId: volume.id };
  requireOurs(volume);
  try {
    const { action, body } = mappingCall('remove', target);
    await gateway.act(volumeAction(volume.id, action), body);
    return { outcome: 'made', nativeId: volume.id };
  } catch (error) {
    if (hasArrayCode(error, arrayCode.notMapped) || isVolumeMissing(error)) return { outcome: 'found', nativeId: volume.id };
    throw error;
  }
};

/** Two calls a pair: look, unmap. */
export const ensureExportsAbsent = (run: Run, { items }: { items: readonly ExportPair[] }): Promise<BatchAnswer<never>> =>
  eachItem(run, items, (pair): Promise<Done<never>> => unmap(run, pair));

interface Mappings {
  readonly mappings: readonly VolumeMapping[];
}

const read = async ({ gateway }: Run, { volume: identity }: VolumeItem): Promise<Omit<ItemAnswer<Mappings>, 'ref' | 'status'>> => {
  const volume = await locate(gateway, identity);
  if (volume === undefined) return { outcome: 'found' };
  return { outcome: 'found', nativeId: volume.id, observed: { mappings: mappingsOf(volume) } };
};

/** One call for a committed volume, two for a planned one. */
export const readExports = (run: Run, { items }: { items: readonly VolumeItem[] }): Promise<BatchAnswer<Mappings>> =>
  eachItem(run, items, (item) => read(run, item));
