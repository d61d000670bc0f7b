import { DriverError } from '../sdk/errors.ts';
import { afterChange } from '../sdk/failure.ts';
import type { VolumeMapping } from '../sdk/model.ts';
import type { ExportInitiator, ExportIntent, ExportVolume } from '../sdk/verbs.ts';
import { arrayCode, hasArrayCode } from './failures.ts';
import { volumeAction } from './lookup.ts';
import { mapRequest } from './mapping-request.ts';
import type { Run } from './run.ts';
import { bytesPerKb } from './sizes.ts';
import { isSdcMapping, mappingsOf, wireAccessMode } from './volume-mapping.ts';
import type { VolumeWire } from './wire.ts';

/** One volume, to all initiators asked. */
export interface ExportWork {
  run: Run;
  volume: ExportVolume;
  initiators: readonly ExportInitiator[];
  mode: ExportIntent['mode'];
}

export const inUse = (message: string): DriverError => new DriverError(message, { outcome: 'DriverRejected', code: 'object.inUse' });

export const mappingOf = (there: VolumeWire, sdcId: string): VolumeMapping | undefined =>
  mappingsOf(there).find((mapping) => isSdcMapping(mapping, sdcId));

/** Limits that are not asked for stay as they are. */
const limitsDiffer = (mapping: VolumeMapping | undefined, { limits }: ExportVolume): boolean =>
  (limits.iops !== undefined && limits.iops !== (mapping?.limits.iops ?? 0)) ||
  (limits.bandwidthBytesPerSecond !== undefined && limits.bandwidthBytesPerSecond !== (mapping?.limits.bandwidthBytesPerSecond ?? 0));

export const requireSameAccess = (mapping: VolumeMapping, { access }: ExportVolume): void => {
  if (mapping.access !== access) throw inUse(`initiator ${mapping.initiatorId} has the volume mapped ${mapping.access}, not ${access}`);
};

const map = async ({ run, volume, initiators, mode }: ExportWork, sdcId: string): Promise<void> => {
  const wanted = {
    shared: mode !== 'exclusive' || initiators.length > 1,
    accessMode: wireAccessMode[volume.access],
    apiVersion: run.gateway.version,
  };
  await run.gateway.act(volumeAction(volume.volume.nativeId, 'addMappedSdc'), mapRequest(sdcId, wanted)).catch((error: unknown) => {
    if (!hasArrayCode(error, arrayCode.alreadyMapped)) throw error;
  });
};

const setLimits = ({ run, volume }: ExportWork, sdcId: string): Promise<void> => {
  const { iops, bandwidthBytesPerSecond } = volume.limits;
  return run.gateway.act(volumeAction(volume.volume.nativeId, 'setMappedSdcLimits'), {
    sdcId,
    ...(iops === undefined ? {} : { iopsLimit: String(iops) }),
    ...(bandwidthBytesPerSecond === undefined ? {} : { bandwidthLimitInKbps: String(bandwidthBytesPerSecond / bytesPerKb) }),
  });
};

/** What was done for one pair; `found` when nothing had to be. */
export const ensurePair = async (work: ExportWork, there: VolumeWire, sdcId: string): Promise<'made' | 'found'> => {
  const mapping = mappingOf(there, sdcId);
  if (mapping !== undefined) requireSameAccess(mapping, work.volume);
  const limits = limitsDiffer(mapping, work.volume);
  if (mapping === undefined) await map(work, sdcId);
  if (limits) await (mapping === undefined ? afterChange(() => setLimits(work, sdcId)) : setLimits(work, sdcId));
  return mapping === undefined || limits ? 'made' : 'found';
};
