import { DriverError } from '../sdk/errors.ts';
import type { MappingLimits } from '../sdk/model.ts';
import type { ExportVolume } from '../sdk/verbs.ts';
import { has } from './releases.ts';
import { bytesPerKb } from './sizes.ts';
import { bytesPerMb } from './volume-mapping.ts';

const leastIops = 11;

const invalid = (message: string): DriverError => new DriverError(message, { outcome: 'DriverRejected', code: 'request.invalid' });

/** The array takes no limit, or at least 11 IOPS and whole MiB per second. */
export const requireLimits = ({ iops = 0, bandwidthBytesPerSecond = 0 }: MappingLimits): void => {
  if (iops !== 0 && iops < leastIops) throw invalid(`limits.iops ${iops} must be 0 or at least ${leastIops}`);
  if (bandwidthBytesPerSecond % bytesPerMb !== 0) {
    throw invalid(`limits.bandwidthBytesPerSecond ${bandwidthBytesPerSecond} must be a multiple of ${bytesPerMb}`);
  }
};

/** Whether the limits asked for are not those in force; what is not asked for stays as it is. */
export const limitsDiffer = (now: MappingLimits | undefined, { iops, bandwidthBytesPerSecond }: MappingLimits): boolean =>
  (iops !== undefined && iops !== (now?.iops ?? 0)) ||
  (bandwidthBytesPerSecond !== undefined && bandwidthBytesPerSecond !== (now?.bandwidthBytesPerSecond ?? 0));

/** Texts, as all values of a body; 0 takes a limit away. */
export const limitsBody = ({ iops, bandwidthBytesPerSecond }: MappingLimits): Record<string, string> => ({
  ...(iops === undefined ? {} : { iopsLimit: String(iops) }),
  ...(bandwidthBytesPerSecond === undefined ? {} : { bandwidthLimitInKbps: String(bandwidthBytesPerSecond / bytesPerKb) }),
});

/** Before 3.0 every mapping is read-write. */
export const requireAccess = ({ access }: Pick<ExportVolume, 'access'>, apiVersion: string): void => {
  if (access === 'read-only' && !has(apiVersion, 'access modes of mappings')) {
    throw invalid(`release ${apiVersion} of the array has no read-only mappings`);
  }
};

/** Releases before 3.0 are not asked for an access mode. */
export const mapBody = (wanted: { shared: boolean; accessMode: string; apiVersion: string }): Record<string, string> => ({
  allowMultipleMappings: wanted.shared ? 'TRUE' : 'FALSE',
  ...(has(wanted.apiVersion, 'access modes of mappings') ? { accessMode: wanted.accessMode } : {}),
});
