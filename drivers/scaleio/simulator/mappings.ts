import { choice, flag, hexId, requiredText, text, wholeNumber } from './body.ts';
import { badRequest, refuse } from './errors.ts';
import type { Json } from './json.ts';
import type { AccessMode, ArrayState, Mapping, Sdc, Volume } from './model.ts';

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

const mappedVolumes = (array: ArrayState, sdcId: string) =>
  [...array.volumes.values()].filter((volume) => volume.mappings.some((mapping) => mapping.sdcId === sdcId));

function requireMappable(array: ArrayState, volume: Volume, sdc: Sdc): void {
  if (volume.removalEndsAtMs !== null) throw refuse('VOL_REMOVE_IN_PROGRESS');
  if (volume.mappings.some((mapping) => mapping.sdcId === sdc.id)) throw refuse('VOL_ALREADY_MAPPED_TO_THIS_INI');
  if (volume.mappings.length >= array.limits.mappingsPerVolume) throw refuse('TOO_MANY_MAPPINGS');
  if (mappedVolumes(array, sdc.id).length >= array.limits.volumesPerSdc) throw refuse('INI_MAPPED_TO_TOO_MANY_VOLS');
}

function requestedAccess(volume: Volume, body: Json): AccessMode {
  const accessMode = choice(body, { key: 'accessMode', from: accessModes, absent: volume.accessModeLimit });
  if (accessMode === 'ReadWrite' && volume.accessModeLimit === 'ReadOnly') throw refuse('UNCONFIRMED_VOL_READ_ONLY');
  return accessMode;
}

/** A second host needs `allowMultipleMappings`; without it the refusal is 297 (no source tells whether it might be 315). */
export function addMappedSdc(array: ArrayState, volume: Volume, body: Json): void {
  const sdc = requireSdc(array, body);
  requireMappable(array, volume, sdc);
  if (volume.mappings.length > 0 && !flag(body, 'allowMultipleMappings')) throw refuse('NOT_ALLOWED_MORE_THAN_ONE_MAPPING');
  volume.mappings.push({ sdcId: sdc.id, accessMode: requestedAccess(volume, body), limitIops: 0, limitBwInKbps: 0 });
}

function requireMapping(array: ArrayState, volume: Volume, body: Json): Mapping {
  const sdc = requireSdc(array, body);
  const mapping = volume.mappings.find((candidate) => candidate.sdcId === sdc.id);
  if (mapping === undefined) throw refuse('VOL_NOT_MAPPED_TO_INI');
  return mapping;
}

/** `allSdcs` counts by being there, whatever its value. */
export function removeMappedSdc(array: ArrayState, volume: Volume, body: Json): void {
  if ('allSdcs' in body) {
    if (volume.mappings.length === 0) throw refuse('VOL_NOT_MAPPED_TO_INI');
    volume.mappings = [];
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
  mapping.accessMode = requestedAccess(volume, body);
}
