import { forgetIndex, volumesOfHost } from './array-index.ts';
import { choice, flag, hexId, requiredText, text, wholeNumber } from './body.ts';
import { keepContent } from './contents.ts';
import { badRequest, refuse } from './errors.ts';
import type { Json } from './json.ts';
import type { AccessMode, ArrayState, Mapping, Sdc, Volume } from './model.ts';
import { atLeast } from './versions.ts';
import { requireOurs } from './volume-create.ts';

const accessModes = ['ReadWrite', 'ReadOnly', 'NoAccess'] as const;

function sdcById(array: ArrayState, body: Json): Sdc | undefined {
  const id = text(body, 'sdcId') ?? text(body, 'hostId');
  return id === undefined ? undefined : array.sdcs.get(hexId(id, 'sdcId'));
}

/** Bodies name the host by `sdcId` or `hostId`, by `guid` in any case, or by `nqn`. */
function requireSdc(array: ArrayState, body: Json): Sdc {
  const guid = text(body, 'guid')?.toUpperCase();
  const nqn = text(body, 'nqn');
  const all = [...array.sdcs.values()];
  const byKey = () => all.find((sdc) => (guid !== undefined && sdc.guid === guid) || (nqn !== undefined && sdc.nqn === nqn));
  const sdc = sdcById(array, body) ?? byKey();
  if (sdc === undefined) throw refuse('INI_NOT_FOUND');
  return sdc;
}

/** In restricted mode an SDC is used only once it is approved: by its GUID, or with all addresses it has. */
function isApproved({ system }: ArrayState, { hostType, approved, approvedIps, ips }: Sdc): boolean {
  if (hostType === 'NVMeHost' || system.restrictedSdcMode === 'None') return true;
  return approved && (system.restrictedSdcMode === 'Guid' || ips.every((ip) => approvedIps?.includes(ip) === true));
}

function requireMappable(array: ArrayState, volume: Volume, sdc: Sdc): void {
  if (volume.removalEndsAtMs !== null) throw refuse('VOL_REMOVE_IN_PROGRESS');
  if (volume.marks.replicationJournalVolume) throw refuse('UNCONFIRMED_VOL_REPLICATED');
  if (!isApproved(array, sdc)) throw refuse('INITIATOR_NOT_APPROVED');
  if (volume.mappings.some((mapping) => mapping.sdcId === sdc.id)) throw refuse('VOL_ALREADY_MAPPED_TO_THIS_INI');
  if (volume.mappings.length >= array.limits.mappingsPerVolume) throw refuse('TOO_MANY_MAPPINGS');
  if (volumesOfHost(array, sdc.id).length >= array.limits.volumesPerSdc) throw refuse('INI_MAPPED_TO_TOO_MANY_VOLS');
}

/** Before 3.0 mappings have no access mode: all are read-write. */
function requestedAccess({ version }: ArrayState, volume: Volume, body: Json): AccessMode {
  if (!atLeast(version, '3.0')) return 'ReadWrite';
  const accessMode = choice(body, { key: 'accessMode', from: accessModes, absent: volume.accessModeLimit });
  if (accessMode === 'ReadWrite' && volume.accessModeLimit === 'ReadOnly') throw refuse('UNCONFIRMED_VOL_READ_ONLY');
  return accessMode;
}

function mapToAll(volume: Volume): void {
  if (volume.mappings.length > 0) throw refuse('NOT_ALLOWED_MORE_THAN_ONE_MAPPING');
  volume.marks = { ...volume.marks, mappingToAllSdcsEnabled: true };
}

function mapToOne(array: ArrayState, volume: Volume, body: Json): void {
  const sdc = requireSdc(array, body);
  requireMappable(array, volume, sdc);
  if (volume.mappings.length > 0 && !flag(body, 'allowMultipleMappings')) throw refuse('NOT_ALLOWED_MORE_THAN_ONE_MAPPING');
  volume.mappings.push({ sdcId: sdc.id, accessMode: requestedAccess(array, volume, body), limitIops: 0, limitBwInKbps: 0 });
  forgetIndex(array);
}

/**
 * A second host needs `allowMultipleMappings`; without it the refusal is 297 (no source tells whether it might be 315).
 * Before 3.0 `allSdcs` maps to every SDC, also to those to come.
 */
export function addMappedSdc(array: ArrayState, volume: Volume, body: Json): void {
  requireOurs(volume, flag(body, 'allowOnExtManagedVol'));
  if (volume.marks.mappingToAllSdcsEnabled) throw refuse('VOL_ALREADY_MAPPED_TO_ALL_INIS');
  if ('allSdcs' in body && !atLeast(array.version, '3.0')) mapToAll(volume);
  else mapToOne(array, volume, body);
}

function requireMapping(array: ArrayState, volume: Volume, body: Json): Mapping {
  const sdc = requireSdc(array, body);
  const mapping = volume.mappings.find((candidate) => candidate.sdcId === sdc.id);
  if (mapping === undefined) throw refuse('VOL_NOT_MAPPED_TO_INI');
  return mapping;
}

/** `allSdcs` counts by being there, whatever its value. */
export function removeMappedSdc(array: ArrayState, volume: Volume, body: Json): void {
  forgetIndex(array);
  keepContent(array, volume);
  if ('allSdcs' in body) {
    if (volume.mappings.length === 0 && !volume.marks.mappingToAllSdcsEnabled) throw refuse('VOL_NOT_MAPPED_TO_INI');
    volume.mappings = [];
    volume.marks = { ...volume.marks, mappingToAllSdcsEnabled: false };
    return;
  }
  const mapping = requireMapping(array, volume, body);
  volume.mappings = volume.mappings.filter((candidate) => candidate !== mapping);
}

/** IOPS: 0 or more than 10. Bandwidth: 0 or a multiple of 1024 Kbps. 0 = unlimited; what is left out stays. */
export function setMappedSdcLimits(array: ArrayState, volume: Volume, body: Json): void {
  const mapping = requireMapping(array, volume, body);
  const limitIops = wholeNumber(body, 'iopsLimit') ?? mapping.limitIops;
  const limitBwInKbps = wholeNumber(body, 'bandwidthLimitInKbps') ?? mapping.limitBwInKbps;
  if (limitIops > 0 && limitIops <= 10) throw badRequest(`iopsLimit (${limitIops}) must be 0 or greater than 10`);
  if (limitBwInKbps % 1024 !== 0) throw badRequest(`bandwidthLimitInKbps (${limitBwInKbps}) must be a multiple of 1024`);
  Object.assign(mapping, { limitIops, limitBwInKbps });
}

export function setVolumeMappingAccessMode(array: ArrayState, volume: Volume, body: Json): void {
  const mapping = requireMapping(array, volume, body);
  requiredText(body, 'accessMode');
  keepContent(array, volume);
  mapping.accessMode = requestedAccess(array, volume, body);
}
