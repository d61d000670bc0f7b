import { DriverError } from '../sdk/errors.ts';
import { afterChange } from '../sdk/failure.ts';
import type { MappingLimits, ObservedVolume } from '../sdk/model.ts';
import type { VolumeLimitsItem } from '../sdk/verbs/volume-change.ts';
import type { BatchAnswer } from '../sdk/verbs.ts';
import { mappingOf } from './export-pair.ts';
import type { Gateway } from './gateway.ts';
import { missing, readBack, readVolume, requireOurs, requireSame, requireSameSize, volumeAction } from './lookup.ts';
import { limitsBody, limitsDiffer, requireLimits } from './mapping-request.ts';
import { type Done, eachItem, type Run } from './run.ts';
import { findTarget, requireMappable, type Target } from './targets.ts';
import { toVolume } from './volume-mapping.ts';
import type { VolumeWire } from './wire.ts';

/** What is absent is unlimited. */
const absolute = ({ iops = 0, bandwidthBytesPerSecond = 0 }: MappingLimits): Required<MappingLimits> => ({ iops, bandwidthBytesPerSecond });

const notMapped = (volumeId: string, { initiatorId }: Target): DriverError =>
  new DriverError(`volume ${volumeId} is not mapped to ${initiatorId}`, { outcome: 'DriverRejected', code: 'object.missing' });

const targetsToLimit = (volume: VolumeWire, targets: readonly Target[], limits: MappingLimits): readonly Target[] =>
  targets.filter((target) => {
    const mapping = mappingOf(volume, target);
    if (mapping === undefined) throw notMapped(volume.id, target);
    return limitsDiffer(mapping.limits, limits);
  });

const requireLimited = (volume: VolumeWire, targets: readonly Target[], limits: MappingLimits): void => {
  if (targetsToLimit(volume, targets, limits).length === 0) return;
  throw new DriverError(`volume ${volume.id} has not got its limits yet`, { outcome: 'DriverUncertain', code: 'array.busy' });
};

const limit = async (gateway: Gateway, item: VolumeLimitsItem): Promise<Done<ObservedVolume>> => {
  requireLimits(item.limits);
  for (const initiator of item.initiators) requireMappable(initiator, gateway.version);
  const volume = await readVolume(gateway, item.volume.nativeId);
  if (volume === undefined) throw missing(item.volume.nativeId);
  requireSame(volume, item.volume);
  requireSameSize(volume, item.volume);
  const limits = absolute(item.limits);
  const targets = await Promise.all(item.initiators.map((initiator) => findTarget(gateway, initiator)));
  const wrong = targetsToLimit(volume, targets, limits);
  const answer = (of: VolumeWire) => ({ nativeId: of.id, observed: toVolume(of, gateway.system.id) });
  if (wrong.length === 0) return { ...answer(volume), outcome: 'found' };
  requireOurs(volume);
  const setLimits = ({ nativeId }: Target): Promise<void> =>
    gateway.act(volumeAction(volume.id, 'setMappedSdcLimits'), { sdcId: nativeId, ...limitsBody(limits) });
  for (const [index, target] of wrong.entries()) await (index === 0 ? setLimits(target) : afterChange(() => setLimits(target)));
  return afterChange(async () => {
    const changed = await readBack(gateway, volume.id);
    requireLimited(changed, targets, limits);
    return { ...answer(changed), outcome: 'made' };
  });
};

/** Two calls, look and read back, and one for each mapping whose limits differ. */
export const ensureVolumeLimits = (run: Run, { items }: { items: readonly VolumeLimitsItem[] }): Promise<BatchAnswer<ObservedVolume>> =>
  eachItem(run, items, (item) => limit(run.gateway, item));
