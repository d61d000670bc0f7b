import { DriverError } from '../sdk/errors.ts';
import type { InitiatorType, MappingLimits } from '../sdk/model.ts';
import type { ExportVolume } from '../sdk/verbs.ts';
import { bytesPerMb } from './volume-mapping.ts';

const leastIops = 11;

const invalid = (message: string): DriverError => new DriverError(message, { outcome: 'DriverRejected', code: 'request.invalid' });

export const requireSdc = (type: InitiatorType): void => {
  if (type !== 'sdc') throw invalid(`an initiator of type ${type} cannot be mapped; this driver maps to type sdc`);
};

/** The array takes no limit, or at least 11 IOPS and whole MiB per second. */
export const requireLimits = ({ iops = 0, bandwidthBytesPerSecond = 0 }: MappingLimits): void => {
  if (iops !== 0 && iops < leastIops) throw invalid(`limits.iops ${iops} must be 0 or at least ${leastIops}`);
  if (bandwidthBytesPerSecond % bytesPerMb !== 0) {
    throw invalid(`limits.bandwidthBytesPerSecond ${bandwidthBytesPerSecond} must be a multiple of ${bytesPerMb}`);
  }
};

const hasAccessModes = (apiVersion: string): boolean => Number.parseFloat(apiVersion) >= 3;

/** Before 3.0 every mapping is read-write. */
export const requireAccess = ({ access }: ExportVolume, apiVersion: string): void => {
  if (access === 'read-only' && !hasAccessModes(apiVersion)) throw invalid(`release ${apiVersion} of the array has no read-only mappings`);
};

export interface MapRequest {
  sdcId: string;
  allowMultipleMappings: string;
  accessMode?: string;
}

/** Bodies are texts throughout; releases before 3.0 are not asked for an access mode. */
export const mapRequest = (sdcId: string, wanted: { shared: boolean; accessMode: string; apiVersion: string }): MapRequest => ({
  sdcId,
  allowMultipleMappings: wanted.shared ? 'TRUE' : 'FALSE',
  ...(hasAccessModes(wanted.apiVersion) ? { accessMode: wanted.accessMode } : {}),
});
