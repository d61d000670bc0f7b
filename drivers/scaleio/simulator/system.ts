import { choice, hexId, requiredText, text } from './body.ts';
import { capacityStatistics } from './capacity-statistics.ts';
import { counterParameters } from './counter-parameters.ts';
import { domainView } from './domains.ts';
import { badRequest, refuse } from './errors.ts';
import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import { linksOf } from './links.ts';
import { mdmCluster } from './mdm-cluster.ts';
import type { ArrayState, SystemObject } from './model.ts';
import { requireFreeName } from './names.ts';
import { sdcView } from './sdcs.ts';
import { removeConsistencyGroupSnapshots, snapshotVolumes } from './snapshots.ts';
import { systemZeros, zeros } from './statistics-names.ts';
import { systemLimits } from './system-limits.ts';
import { usersOnWire } from './users.ts';
import { atLeast, softwareVersions } from './versions.ts';

const counters = (): Json => ({
  sdcMdmNetworkDisconnectionsCounterParameters: counterParameters(300, 500, 700),
  sdcSdsNetworkDisconnectionsCounterParameters: counterParameters(800, 4000, 20000),
  sdcMemoryAllocationFailuresCounterParameters: counterParameters(300, 500, 700),
  sdcSocketAllocationFailuresCounterParameters: counterParameters(300, 500, 700),
  sdcLongOperationsCounterParameters: counterParameters(10000, 100000, 1000000),
});

const connectivity = {
  sdcSdsConnectivityStatus: 'AllConnected',
  ...{ disconnectedSdcId: null, disconnectedSdcName: null },
  ...{ disconnectedSdsId: null, disconnectedSdsName: null, disconnectedSdsIp: null },
};

const since4 = (system: SystemObject): Json => ({
  systemNqn: `nqn.1988-11.com.dell:powerflex:00:${system.id}`,
  mdmManagementPort: 8611,
  mdmExternalPort: 7611,
  lastUpgradeTime: 0,
  lastRealignNetPathTime: 0,
  realignNetPathInterval: 0,
  defragmentationEnabled: true,
});

const versionName = (array: ArrayState) => {
  const maker = atLeast(array.version, '3.6') ? 'DellEMC PowerFlex' : 'DellEMC ScaleIO';
  return `${maker} Version: ${softwareVersions[array.version].replace(/0$/, '133')}`;
};

function systemView(array: ArrayState, system: SystemObject): Json {
  return {
    id: system.id,
    name: system.name,
    installId: system.installId,
    systemVersionName: versionName(array),
    swid: '',
    perfProfile: 'Default',
    daysInstalled: 6,
    maxCapacityInGb: 'Unlimited',
    capacityTimeLeftInDays: 'Unlimited',
    enterpriseFeaturesEnabled: true,
    isInitialLicense: true,
    defaultIsVolumeObfuscated: false,
    restrictedSdcModeEnabled: system.restrictedSdcMode !== 'None',
    restrictedSdcMode: system.restrictedSdcMode,
    capacityAlertHighThresholdPercent: 80,
    capacityAlertCriticalThresholdPercent: 90,
    upgradeState: 'NoUpgrade',
    remoteReadOnlyLimitState: false,
    mdmManagementPort: 6611,
    cliPasswordAllowed: true,
    managementClientSecureCommunicationEnabled: true,
    tlsVersion: 'TLSv1.2',
    showGuid: true,
    authenticationMethod: 'Native',
    mdmToSdsPolicy: 'None',
    mdmCluster: mdmCluster(array),
    sdcSdsConnectivityInfo: connectivity,
    ...counters(),
    ...(atLeast(array.version, '4.5') ? since4(system) : {}),
    links: linksOf('System', system.id, { relationships: ['Statistics', 'ProtectionDomain', 'Sdc', 'User'] }),
  };
}

const statistics = (array: ArrayState): Json => ({
  ...capacityStatistics(array, [...array.pools.values()]),
  ...zeros(systemZeros),
  numOfSdc: array.sdcs.size,
  numOfSds: array.sdss.size,
  numOfStoragePools: array.pools.size,
  numOfProtectionDomains: array.domains.size,
  numOfFaultSets: 0,
  sdcIds: [...array.sdcs.keys()],
  protectionDomainIds: [...array.domains.keys()],
  ...(atLeast(array.version, '3.0') ? {} : { numOfScsiInitiators: 0, scsiInitiatorIds: [] }),
});

function addressesIn(body: Json): string[] | undefined {
  const given = body['sdcIps'] ?? body['sdcApprovedIps'];
  if (Array.isArray(given)) return given.map(String);
  const ip = text(body, 'sdcIp');
  return ip === undefined ? undefined : [ip];
}

/** Takes the SDC by GUID or address, and may name it; the addresses given are approved with it. */
function approveSdc(array: ArrayState, _system: SystemObject, body: Json): Json {
  const guid = text(body, 'sdcGuid')?.toUpperCase();
  const ips = addressesIn(body);
  const sdc = [...array.sdcs.values()].find(
    (candidate) => (guid !== undefined && candidate.guid === guid) || (guid === undefined && ips?.some((ip) => candidate.ips.includes(ip))),
  );
  if (sdc === undefined) throw refuse('INI_NOT_FOUND');
  const name = text(body, 'name');
  if (name !== undefined) {
    requireFreeName({ name, among: array.sdcs.values(), inUse: 'INI_NAME_IN_USE', owner: sdc.id });
    sdc.name = name;
  }
  sdc.approved = true;
  if (ips !== undefined) sdc.approvedIps = ips;
  return { id: sdc.id };
}

function setApprovedSdcIps(array: ArrayState, _system: SystemObject, body: Json): void {
  const sdc = array.sdcs.get(hexId(requiredText(body, 'sdcId'), 'sdcId'));
  if (sdc === undefined) throw refuse('INI_NOT_FOUND');
  const ips = addressesIn(body);
  if (ips === undefined) throw badRequest('Required field sdcApprovedIps is missing');
  sdc.approvedIps = ips;
}

function setRestrictedSdcMode(_array: ArrayState, system: SystemObject, body: Json): void {
  requiredText(body, 'restrictedSdcMode');
  system.restrictedSdcMode = choice(body, { key: 'restrictedSdcMode', from: ['None', 'Guid', 'ApprovedIp'], absent: 'None' });
}

export const system = defineFamily<SystemObject>({
  type: 'System',
  missing: 'NOT_FOUND',
  items: (array) => [array.system],
  find: (array, id) => (array.system.id === id ? array.system : undefined),
  view: systemView,
  statistics,
  relationships: {
    ProtectionDomain: (array) => [...array.domains.values()].map((domain) => domainView(array, domain)),
    Sdc: (array) => [...array.sdcs.values()].map((sdc) => sdcView(array, sdc)),
    User: usersOnWire,
  },
  byKey: (array, body) => (array.system.name === text(body, 'name') ? array.system : undefined),
  actions: {
    snapshotVolumes: { run: snapshotVolumes },
    removeConsistencyGroupSnapshots: { run: removeConsistencyGroupSnapshots },
    querySystemLimits: { run: systemLimits },
    queryMdmCluster: { run: mdmCluster },
    approveSdc: { run: approveSdc },
    setRestrictedSdcMode: { run: setRestrictedSdcMode },
    setApprovedSdcIps: { since: '3.6', run: setApprovedSdcIps },
  },
});
