import { describe, expect, it } from 'vitest';
import { releaseOf, toIdentity } from '../../../../drivers/scaleio/array-identity.ts';
import { isNvmeHost, isSdc, toHost } from '../../../../drivers/scaleio/host-mapping.ts';
import { toPool, toSystem } from '../../../../drivers/scaleio/mapping.ts';
import { toPort, toTargetPort } from '../../../../drivers/scaleio/port-mapping.ts';
import { poolWire, sdcWire, sdsWire, sdtWire } from '../../../../drivers/scaleio/wire.ts';
import { systemWire } from '../../../../drivers/scaleio/wire-session.ts';

const counts = { numOfThickBaseVolumes: 1, numOfThinBaseVolumes: 2, numOfSnapshots: 4 };
const id = (digit: number) => String(digit).repeat(16);

const system = systemWire.parse({
  id: id(1),
  name: null,
  systemVersionName: 'DellEMC ScaleIO Version: R2_6.0.133',
  mdmCluster: { clusterState: 'ClusteredNormal' },
});
const degraded = { ...system, mdmCluster: { clusterState: 'ClusteredDegraded' } };

describe('an array', () => {
  it('is known by its system id, its product name and its release', () => {
    expect(toIdentity(system, '2.5')).toEqual({
      arrayId: id(1),
      vendor: 'Dell',
      model: 'ScaleIO',
      version: '2.6.0.133',
      apiVersion: '2.5',
      warnings: [],
    });
    expect(toIdentity({ ...system, name: 'n' }, '3.0')).toMatchObject({ name: 'n', model: 'VxFlex OS' });
    expect(toIdentity(system, '4.5')).toMatchObject({ model: 'PowerFlex' });
  });

  it('whose release has no name is known by the version of its interface', () => {
    expect(releaseOf({ ...system, systemVersionName: null }, '4.5')).toBe('4.5');
  });

  it('tells the role of the account, and warns when it may do more than is needed', () => {
    expect(toIdentity(system, '3.6', { role: 'Configure', moreThanNeeded: false })).toMatchObject({
      account: { role: 'Configure', moreThanNeeded: false },
      warnings: [],
    });
    expect(toIdentity(system, '3.6', { role: 'Administrator', moreThanNeeded: true }).warnings).toEqual([
      expect.stringContaining('Administrator'),
    ]);
  });

  it('warns when its management cluster is not whole', () => {
    expect(toIdentity(degraded, '3.6').warnings).toEqual(["the array's management cluster is ClusteredDegraded"]);
    expect(toIdentity({ ...system, mdmCluster: null, mdmClusterState: 'Tiebreaker' }, '3.6').warnings).toHaveLength(1);
    expect(toIdentity({ ...system, mdmCluster: null }, '3.6').warnings).toEqual([]);
  });
});

describe('a protection domain', () => {
  const domain = { id: id(2), name: 'pd1', protectionDomainState: 'Active' };

  it.each([
    ['Active', system, 'online'],
    ['Active', degraded, 'degraded'],
    ['Inactive', system, 'offline'],
    ['InactivePending', degraded, 'offline'],
    ['SomethingNew', system, 'unknown'],
    [null, system, 'unknown'],
  ])('that is %s is a system in the right state', (protectionDomainState, of, state) => {
    expect(toSystem({ ...domain, protectionDomainState }, of, '3.6')).toMatchObject({
      nativeId: id(2),
      name: 'pd1',
      serialNumber: id(2),
      state,
    });
  });

  it.each([
    ['1.32', 'unsupported'],
    ['2.0', 'supported'],
    ['4.5', 'supported'],
    ['5.0', 'unknown'],
  ])('of release %s is %s', (release, support) => {
    expect(toSystem({ ...domain, protectionDomainState: 'Active' }, system, release).support).toBe(support);
  });

  it('without a name goes by its id', () => {
    expect(toSystem({ ...domain, name: null }, system, '3.6').name).toBe(id(2));
  });
});

describe('a pool', () => {
  const pool = poolWire.parse({ id: id(3), name: 'pool1', protectionDomainId: id(2), zeroPaddingEnabled: true, mediaType: 'SSD' });

  it.each([
    [true, 'yes'],
    [false, 'no'],
    [null, 'unknown'],
  ])('with zero padding %o may show old data: %s', (zeroPaddingEnabled, unwrittenReadsZero) => {
    expect(toPool({ ...pool, zeroPaddingEnabled }, counts, []).unwrittenReadsZero).toBe(unwrittenReadsZero);
  });

  it('of fine granularity holds thin volumes only', () => {
    expect(toPool({ ...pool, dataLayout: 'FineGranularity' }, counts, []).provisioningTypes).toEqual(['thin']);
    expect(toPool(pool, counts, []).provisioningTypes).toEqual(['thin', 'thick']);
  });

  it('tells its medium, or that of its own devices', () => {
    const devices = [
      { id: id(7), storagePoolId: id(3), mediaType: 'HDD' },
      { id: id(8), storagePoolId: id(9), mediaType: 'SSD' },
      { id: id(9), storagePoolId: id(3), mediaType: 'NewMedium' },
    ];
    expect(toPool(pool, counts, devices).driveTypes).toEqual(['SSD']);
    expect(toPool({ ...pool, mediaType: null }, counts, devices).driveTypes).toEqual(['SATA', 'UNKNOWN']);
  });

  it('compresses when told to, and goes by its id without a name', () => {
    expect(toPool({ ...pool, name: null, compressionMethod: 'Normal' }, counts, [])).toMatchObject({
      name: id(3),
      compression: true,
      volumeCount: 7,
    });
  });

  it('tells its layout, its thresholds and its spare, where the release does', () => {
    const told = { ...pool, dataLayout: 'MediumGranularity', capacityAlertHighThreshold: 80, capacityAlertCriticalThreshold: 90 };
    expect(toPool(told, { ...counts, spareCapacityInKb: 8 }, [])).toMatchObject({
      layout: 'MediumGranularity',
      alertPercents: { high: 80, critical: 90 },
      spareBytes: 4096,
    });
    for (const field of ['layout', 'alertPercents', 'spareBytes']) expect(toPool(pool, counts, [])).not.toHaveProperty(field);
  });

  it.each([
    [{ degradedHealthyCapacityInKb: 8 }, 'degraded'],
    [{ failedCapacityInKb: 8 }, 'degraded'],
    [{ unreachableUnusedCapacityInKb: 8 }, 'degraded'],
    [{ degradedHealthyCapacityInKb: 0 }, 'online'],
  ])('with %o is %s', (figures, state) => {
    expect(toPool(pool, { ...counts, ...figures }, []).state).toBe(state);
  });
});

describe('an SDS', () => {
  const sds = sdsWire.parse({
    id: id(4),
    name: 'sds1',
    protectionDomainId: id(2),
    faultSetId: id(5),
    ipList: [
      { ip: '10.0.0.1', role: 'all' },
      { ip: '10.0.0.2', role: 'sdcOnly' },
      { ip: '10.0.0.3', role: 'sdsOnly' },
    ],
    sdsState: 'Normal',
    mdmConnectionState: 'Connected',
    maintenanceState: 'NoMaintenance',
  });

  it('is a port at the addresses that serve hosts', () => {
    expect(toPort(sds)).toEqual({
      nativeId: id(4),
      systemNativeId: id(2),
      name: 'sds1',
      addresses: ['10.0.0.1', '10.0.0.2'],
      transport: 'ip',
      state: 'online',
      faultDomain: id(5),
    });
  });

  it.each([
    [{ mdmConnectionState: 'Disconnected' }, 'offline'],
    [{ maintenanceState: 'InMaintenance' }, 'degraded'],
    [{ sdsState: 'RemovePending' }, 'degraded'],
    [{ maintenanceState: null }, 'online'],
  ])('with %o is %s', (changed, state) => {
    expect(toPort({ ...sds, ...changed }).state).toBe(state);
  });

  it('may have neither a name nor a fault set', () => {
    const bare = toPort({ ...sds, name: null, faultSetId: null });
    expect(bare.name).toBe(id(4));
    expect(bare).not.toHaveProperty('faultDomain');
  });
});

describe('an NVMe target', () => {
  const sdt = sdtWire.parse({
    id: id(4),
    name: null,
    systemId: id(1),
    protectionDomainId: id(2),
    ipList: [
      { ip: '10.0.0.1', role: 'StorageAndHost' },
      { ip: '10.0.0.2', role: 'HostOnly' },
      { ip: '10.0.0.3', role: 'StorageOnly' },
    ],
    ...{ storagePort: 12200, nvmePort: 4420, discoveryPort: 8009 },
    ...{ sdtState: 'Normal', mdmConnectionState: 'Connected', membershipState: 'Joined', maintenanceState: 'NoMaintenance' },
  });

  it('is a port at the addresses that serve hosts', () => {
    expect(toTargetPort(sdt)).toEqual({
      nativeId: id(4),
      systemNativeId: id(2),
      name: id(4),
      addresses: ['10.0.0.1', '10.0.0.2'],
      transport: 'ip',
      state: 'online',
    });
    expect(toTargetPort({ ...sdt, maintenanceState: 'InMaintenance' }).state).toBe('degraded');
  });
});

describe('an NVMe host', () => {
  const nqn = 'nqn.2014-08.org.nvmexpress:uuid:c470396a';
  const host = sdcWire.parse({ id: id(6), name: 'host_1', hostType: 'NVMeHost', nqn, sdcGuid: null, sdcIp: null, sdcIps: null });

  it('is a host with one initiator: its NQN; the array does not tell whether it is connected', () => {
    expect(toHost(host)).toEqual({
      nativeId: id(6),
      name: 'host_1',
      osType: 'Other',
      addresses: [],
      state: 'unknown',
      initiators: [{ type: 'nvme-tcp', id: nqn, protocol: 'NVMe/TCP', approved: true, state: 'unknown' }],
    });
    expect(toHost({ ...host, name: null }).name).toBe(nqn);
  });

  it('is none without an NQN', () => {
    expect(isNvmeHost(host)).toBe(true);
    expect(isNvmeHost({ ...host, nqn: null })).toBe(false);
    expect(isSdc(host)).toBe(false);
  });
});

describe('an SDC', () => {
  const guid = '9E56672F-2F4B-4A42-BFF4-88B6846FBFDA';
  const sdc = sdcWire.parse({
    id: id(6),
    name: 'n',
    sdcGuid: guid,
    sdcApproved: true,
    sdcIp: '10.0.1.1',
    sdcIps: ['10.0.1.1', '10.0.2.1'],
    osType: 'Linux',
    mdmConnectionState: 'Connected',
  });

  it('is a host named by its address, with one initiator: its id, with its GUID as node', () => {
    expect(toHost(sdc)).toEqual({
      nativeId: id(6),
      name: '10.0.1.1',
      osType: 'Linux',
      addresses: ['10.0.1.1', '10.0.2.1'],
      state: 'online',
      initiators: [{ type: 'sdc', id: id(6), protocol: 'ScaleIO', nodeName: guid, approved: true, state: 'online' }],
    });
  });

  it.each([
    [{ sdcIp: null }, '10.0.1.1'],
    [{ sdcIp: 'N/A', sdcIps: null }, 'n'],
    [{ sdcIp: null, sdcIps: [], name: null }, guid],
    [{ sdcIp: null, sdcIps: null, name: null, sdcGuid: null }, id(6)],
  ])('with %o is named %s', (changed, name) => {
    expect(toHost({ ...sdc, ...changed }).name).toBe(name);
  });

  it('may be away, not approved, or of an unknown kind', () => {
    const host = toHost({ ...sdc, mdmConnectionState: 'Disconnected', sdcApproved: false, osType: 'Plan9', sdcGuid: null });
    expect(host).toMatchObject({ state: 'offline', osType: 'Other', initiators: [{ approved: false, state: 'offline' }] });
    expect(toHost({ ...sdc, sdcApproved: null, osType: null })).toMatchObject({ osType: 'Other', initiators: [{ approved: true }] });
  });

  it('is told from NVMe hosts, which releases since 4.0 list with it', () => {
    expect(isSdc(sdc)).toBe(true);
    expect(isSdc({ ...sdc, hostType: 'SdcHost' })).toBe(true);
    expect(isSdc({ ...sdc, hostType: 'NVMeHost' })).toBe(false);
  });
});
