import { DriverError } from '../sdk/errors.ts';
import { afterChange } from '../sdk/failure.ts';
import type { VolumeMapping } from '../sdk/model.ts';
import type { ExportInitiator, ExportIntent, ExportVolume } from '../sdk/verbs.ts';
import { arrayCode, hasArrayCode } from './failures.ts';
import { volumeAction } from './lookup.ts';
import { limitsBody, limitsDiffer, mapBody } from './mapping-request.ts';
import type { Run } from './run.ts';
import { isMappedTo, mappingCall, type Target } from './targets.ts';
import { mappingsOf, wireAccessMode } from './volume-mapping.ts';
import type { VolumeWire } from './wire.ts';

/** An initiator asked for, found on the array. */
export interface Attached {
  initiator: ExportInitiator;
  target: Target;
}

/** One volume, to all initiators asked. */
export interface ExportWork {
  run: Run;
  volume: ExportVolume;
  attached: readonly Attached[];
  mode: ExportIntent['mode'];
}

export const inUse = (message: string): DriverError => new DriverError(message, { outcome: 'DriverRejected', code: 'object.inUse' });

export const mappingOf = (there: VolumeWire, target: Target): VolumeMapping | undefined =>
  mappingsOf(there).find((mapping) => isMappedTo(mapping, target));

export const requireSameAccess = (mapping: VolumeMapping, { access }: ExportVolume): void => {
  if (mapping.access !== access) throw inUse(`initiator ${mapping.initiatorId} has the volume mapped ${mapping.access}, not ${access}`);
};

const map = async ({ run, volume, attached, mode }: ExportWork, target: Target): Promise<void> => {
  const { action, body } = mappingCall('add', target);
  const wanted = mapBody({
    shared: mode !== 'exclusive' || attached.length > 1,
    accessMode: wireAccessMode[volume.access],
    apiVersion: run.gateway.version,
  });
  await run.gateway.act(volumeAction(volume.volume.nativeId, action), { ...body, ...wanted }).catch((error: unknown) => {
    if (!hasArrayCode(error, arrayCode.alreadyMapped)) throw error;
  });
};

const setLimits = ({ run, volume }: ExportWork, { nativeId }: Target): Promise<void> =>
  run.gateway.act(volumeAction(volume.volume.nativeId, 'setMappedSdcLimits'), { sdcId: nativeId, ...limitsBody(volume.limits) });

/** What was done for one pair; `found` when nothing had to be. */
export const ensurePair = async (work: ExportWork, there: VolumeWire, target: Target): Promise<'made' | 'found'> => {
  const mapping = mappingOf(there, target);
  if (mapping !== undefined) requireSameAccess(mapping, work.volume);
  const limits = limitsDiffer(mapping?.limits, work.volume.limits);
  if (mapping === undefined) await map(work, target);
  if (limits) await (mapping === undefined ? afterChange(() => setLimits(work, target)) : setLimits(work, target));
  return mapping === undefined || limits ? 'made' : 'found';
};
