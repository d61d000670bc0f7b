import { volumesOfHost } from './array-index.ts';
import { choice, requiredText, text } from './body.ts';
import { refuse } from './errors.ts';
import { defineFamily } from './family.ts';
import { addIo, bandwidth, type Io, ioThrough, latency, userIo, userIoSince3 } from './io.ts';
import type { Json } from './json.ts';
import { linksOf } from './links.ts';
import type { ArrayState, Sdc, Volume } from './model.ts';
import { requireFreeName } from './names.ts';
import { atLeast, softwareVersions } from './versions.ts';
import { volumeView } from './volume-view.ts';

const since35 = (sdc: Sdc): Json => ({ sdcIps: sdc.ips, sdcType: 'AppSdc', peerMdmId: null, sdrId: null });

const since4 = (sdc: Sdc): Json => ({
  hostOsFullType: null,
  sdtId: null,
  sdcAgentActive: false,
  mdmIpAddressesCurrent: false,
  hostType: sdc.hostType,
  nqn: sdc.nqn,
  maxNumPaths: sdc.maxNumPaths,
  maxNumSysPorts: sdc.maxNumSysPorts,
});

/** An NVMe host has the fields of an SDC, empty. */
const withoutSdcFields = {
  ...{ hostOsFullType: 'Generic', sdcIp: null, sdcIps: null, sdcGuid: null, sdcApproved: null, sdcApprovedIps: null, sdcType: null },
  ...{ sdcAgentActive: null, mdmIpAddressesCurrent: null, osType: null, mdmConnectionState: null, perfProfile: null },
  ...{ versionInfo: null, softwareVersionInfo: null, installedSoftwareVersionInfo: null, kernelVersion: null },
};

function sdcFields(array: ArrayState, sdc: Sdc): Json {
  const software = softwareVersions[array.version];
  return {
    id: sdc.id,
    name: sdc.name,
    systemId: array.system.id,
    sdcGuid: sdc.guid,
    sdcIp: sdc.connected ? sdc.ips[0] : 'N/A',
    sdcApproved: sdc.approved,
    sdcApprovedIps: sdc.approvedIps,
    osType: sdc.osType,
    mdmConnectionState: sdc.connected ? 'Connected' : 'Disconnected',
    perfProfile: sdc.perfProfile,
    versionInfo: sdc.connected ? software : null,
    softwareVersionInfo: sdc.connected ? software : null,
    installedSoftwareVersionInfo: software,
    kernelVersion: '5.15.179',
    kernelBuildNumber: null,
    memoryAllocationFailure: null,
    socketAllocationFailure: null,
    ...(atLeast(array.version, '3.6') ? since35(sdc) : {}),
    ...(atLeast(array.version, '4.5') ? since4(sdc) : {}),
    ...(sdc.hostType === 'NVMeHost' ? withoutSdcFields : {}),
  };
}

/** Among the SDCs, too, an NVMe host has the links of a host. */
export function sdcView(array: ArrayState, sdc: Sdc): Json {
  const parents = { systemId: `System::${array.system.id}` };
  const links =
    sdc.hostType === 'NVMeHost'
      ? linksOf('Host', sdc.id, { relationships: ['Volume', 'NvmeController'], parents })
      : linksOf('Sdc', sdc.id, { relationships: ['Statistics', 'Volume'], parents });
  return { ...sdcFields(array, sdc), links };
}

export const volumesOf = (array: ArrayState, sdc: Sdc): readonly Volume[] => volumesOfHost(array, sdc.id);

const ioWith = (array: ArrayState, sdc: Sdc, volume: Volume): Io =>
  addIo(volume.mappings.filter(({ sdcId }) => sdcId === sdc.id).map((mapping) => ioThrough(array, volume, mapping)));

export function hostStatistics(array: ArrayState, sdc: Sdc): Json {
  const volumes = volumesOf(array, sdc);
  const io = addIo(volumes.map((volume) => ioWith(array, sdc, volume)));
  return {
    ...userIo(io),
    ...(atLeast(array.version, '3.0') ? userIoSince3(io) : {}),
    volumeIds: volumes.map((volume) => volume.id),
    numOfMappedVolumes: volumes.length,
  };
}

function rename(array: ArrayState, sdc: Sdc, body: Json): void {
  const name = requiredText(body, 'sdcName');
  requireFreeName({ name, among: array.sdcs.values(), inUse: 'INI_NAME_IN_USE', owner: sdc.id });
  sdc.name = name;
}

/** An SDC must be disconnected; an NVMe host has no connection to look at. */
export function removeSdc(array: ArrayState, sdc: Sdc): void {
  if (sdc.hostType === 'SdcHost' && sdc.connected) throw refuse('INI_MUST_BE_DISCONNECTED');
  if (volumesOf(array, sdc).length > 0) throw refuse('INI_HAS_MAPPINGS');
  array.sdcs.delete(sdc.id);
}

function setPerformance(_array: ArrayState, sdc: Sdc, body: Json): void {
  sdc.perfProfile = choice(body, { key: 'perfProfile', from: ['Default', 'HighPerformance', 'Compact'], absent: 'Default' });
}

function bandwidthsOf(array: ArrayState, sdc: Sdc): Json[] {
  return volumesOf(array, sdc).map((volume) => {
    const { read, write, trim } = ioWith(array, sdc, volume);
    return {
      ...{ volumeId: volume.id, sdcId: sdc.id },
      ...{ readBwc: bandwidth(read), writeBwc: bandwidth(write), trimBwc: bandwidth(trim) },
      ...{ readLatencyBwc: latency(read), writeLatencyBwc: latency(write), trimLatencyBwc: latency(trim) },
    };
  });
}

function findSdc(array: ArrayState, body: Json): Sdc | undefined {
  const wanted = { ip: text(body, 'ip'), name: text(body, 'name'), guid: text(body, 'guid')?.toUpperCase() };
  return [...array.sdcs.values()].find(
    (sdc) =>
      (wanted.ip !== undefined && sdc.ips.includes(wanted.ip)) ||
      (wanted.name !== undefined && sdc.name === wanted.name) ||
      (wanted.guid !== undefined && sdc.guid === wanted.guid),
  );
}

export const sdcs = defineFamily<Sdc>({
  type: 'Sdc',
  missing: 'INI_NOT_FOUND',
  items: (array) => [...array.sdcs.values()],
  find: (array, id) => array.sdcs.get(id),
  view: sdcView,
  statistics: hostStatistics,
  relationships: { Volume: (array, sdc) => volumesOf(array, sdc).map((volume) => volumeView(array, volume)) },
  byKey: findSdc,
  actions: {
    setSdcName: { run: rename },
    removeSdc: { run: removeSdc },
    setSdcPerformanceParameters: { since: '3.0', run: setPerformance },
    queryVolumeSdcBwc: { run: bandwidthsOf },
  },
});
