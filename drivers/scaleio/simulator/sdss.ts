import { devicesOf } from './array-index.ts';
import { text } from './body.ts';
import { deviceView } from './devices.ts';
import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import { linksOf } from './links.ts';
import { enterInstant, enterProtected, exitInstant, exitProtected } from './maintenance.ts';
import type { ArrayState, Sds } from './model.ts';
import { unitStatistics } from './unit-statistics.ts';
import { atLeast, softwareVersions } from './versions.ts';

const states = { entering: 'SetMaintenanceInProgress', in: 'InMaintenance', exiting: 'ExitMaintenanceInProgress' } as const;
const types = { Instant: 'InstantMaintenance', Protected: 'ProtectedMaintenance' } as const;

const since3 = ({ maintenance }: Sds): Json => ({
  maintenanceType: maintenance === null ? 'NoMaintenance' : types[maintenance.kind],
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
    maintenanceState: sds.maintenance === null ? 'NoMaintenance' : states[sds.maintenance.phase],
    drlMode: 'Volatile',
    rmcacheEnabled: true,
    rmcacheFrozen: false,
    rmcacheSizeInKb: 131072,
    rmcacheMemoryAllocationState: 'AllocationPending',
    onVmWare: false,
    perfProfile: 'HighPerformance',
    softwareVersionInfo: softwareVersions[array.version],
    numOfIoBuffers: null,
    ...(atLeast(array.version, '3.0') ? since3(sds) : {}),
    links: linksOf('Sds', sds.id, {
      relationships: ['Statistics', 'Device'],
      parents: { protectionDomainId: `ProtectionDomain::${sds.domainId}` },
    }),
  };
}

export const sdss = defineFamily<Sds>({
  type: 'Sds',
  missing: 'TGT_NOT_FOUND',
  items: (array) => [...array.sdss.values()],
  find: (array, id) => array.sdss.get(id),
  view: sdsView,
  statistics: (array, sds) => ({
    ...unitStatistics(array, devicesOf(array, sds.id)),
    numOfDevices: devicesOf(array, sds.id).length,
    deviceIds: devicesOf(array, sds.id).map((device) => device.id),
  }),
  relationships: { Device: (array, sds) => devicesOf(array, sds.id).map((device) => deviceView(array, device)) },
  byKey: (array, body) => [...array.sdss.values()].find((sds) => sds.name === text(body, 'name')),
  actions: {
    enterMaintenanceMode: { run: enterInstant },
    exitMaintenanceMode: { run: exitInstant },
    enterProtectedMaintenanceMode: { since: '3.6', run: enterProtected },
    exitProtectedMaintenanceMode: { since: '3.6', run: exitProtected },
  },
});
