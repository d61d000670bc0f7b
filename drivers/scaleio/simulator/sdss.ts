import { text } from './body.ts';
import { deviceView } from './devices.ts';
import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import { linksOf } from './links.ts';
import type { ArrayState, Sds } from './model.ts';
import { idle } from './statistics-names.ts';
import { atLeast, softwareVersions } from './versions.ts';

const since3 = (): Json => ({
  maintenanceType: 'NoMaintenance',
  configuredDrlMode: 'Volatile',
  rfcacheEnabled: true,
  lastUpgradeTime: 0,
  authenticationError: 'None',
  certificateInfo: null,
  raidControllers: null,
  numRestarts: 0,
});

export function sdsView(array: ArrayState, sds: Sds): Json {
  return {
    id: sds.id,
    name: sds.name,
    protectionDomainId: sds.domainId,
    faultSetId: null,
    port: 7072,
    ipList: sds.ips.map((ip) => ({ ip, role: 'all' })),
    sdsState: 'Normal',
    membershipState: 'Joined',
    mdmConnectionState: sds.connected ? 'Connected' : 'Disconnected',
    maintenanceState: 'NoMaintenance',
    drlMode: 'Volatile',
    rmcacheEnabled: true,
    rmcacheFrozen: false,
    rmcacheSizeInKb: 131072,
    rmcacheMemoryAllocationState: 'AllocationPending',
    onVmWare: false,
    perfProfile: 'HighPerformance',
    softwareVersionInfo: softwareVersions[array.version],
    numOfIoBuffers: null,
    ...(atLeast(array.version, '3.0') ? since3() : {}),
    links: linksOf('Sds', sds.id, {
      relationships: ['Statistics', 'Device'],
      parents: { protectionDomainId: `ProtectionDomain::${sds.domainId}` },
    }),
  };
}

const devicesOf = (array: ArrayState, sds: Sds) => [...array.devices.values()].filter((device) => device.sdsId === sds.id);

export const sdss = defineFamily<Sds>({
  type: 'Sds',
  missing: 'TGT_NOT_FOUND',
  items: (array) => [...array.sdss.values()],
  find: (array, id) => array.sdss.get(id),
  view: sdsView,
  statistics(array, sds) {
    const capacity = devicesOf(array, sds).reduce((total, device) => total + device.capacityInKb, 0);
    return {
      maxCapacityInKb: capacity,
      capacityLimitInKb: capacity,
      numOfDevices: devicesOf(array, sds).length,
      deviceIds: devicesOf(array, sds).map((device) => device.id),
      ...idle(['totalReadBwc', 'totalWriteBwc', 'primaryReadBwc', 'primaryWriteBwc', 'secondaryReadBwc', 'secondaryWriteBwc']),
    };
  },
  relationships: { Device: (array, sds) => devicesOf(array, sds).map((device) => deviceView(array, device)) },
  byKey: (array, body) => [...array.sdss.values()].find((sds) => sds.name === text(body, 'name')),
});
