import { describe, expect, it } from 'vitest';
import { devicePath, managedElsewhere, toVolume } from '../../../../drivers/scaleio/volume-mapping.ts';
import { type VolumeWire, volumeWire } from '../../../../drivers/scaleio/wire.ts';

const gib = 1024 ** 3;
const id = (digit: number) => String(digit).repeat(16);

describe('a volume', () => {
  const volume: VolumeWire = volumeWire.parse({
    id: id(7),
    name: 'v',
    sizeInKb: 8388608,
    storagePoolId: id(3),
    vtreeId: id(8),
    volumeType: 'ThinProvisioned',
    ancestorVolumeId: null,
    consistencyGroupId: null,
    creationTime: 1746889338,
    mappedSdcInfo: null,
  });

  it('is told in bytes and times', () => {
    expect(toVolume(volume, id(1), id(2))).toEqual({
      nativeId: id(7),
      name: 'v',
      poolNativeId: id(3),
      systemNativeId: id(2),
      sizeBytes: 8 * gib,
      provisioningType: 'thin',
      kind: 'volume',
      createdAt: '2025-05-10T15:02:18.000Z',
      wwn: `${id(1)}${id(7)}`,
      sharedFateId: id(8),
      mappings: [],
    });
  });

  it('that is thick is written in full from the beginning', () => {
    expect(toVolume({ ...volume, volumeType: 'ThickProvisioned' }, id(1))).toMatchObject({
      provisioningType: 'thick',
      allocatedBytes: 8 * gib,
    });
  });

  it('that is a snapshot names its ancestor, its tree and its group', () => {
    const snapshot = { ...volume, name: null, volumeType: 'Snapshot', ancestorVolumeId: id(9), consistencyGroupId: id(5) };
    expect(toVolume(snapshot, id(1))).toMatchObject({
      name: '',
      kind: 'snapshot',
      provisioningType: 'thin',
      ancestorNativeId: id(9),
      groupNativeId: id(5),
    });
  });

  it('tells its mappings with access and limits, of hosts of either kind', () => {
    const mappedSdcInfo = [
      { sdcId: id(6), accessMode: 'ReadOnly', limitIops: 100, limitBwInMbps: 2 },
      { sdcId: id(5), accessMode: null, limitIops: 0, limitBwInMbps: 0 },
      { sdcId: id(4), accessMode: 'NoAccess', hostType: 'NVMeHost' },
      { sdcId: id(3), hostType: 'NVMeHost', nqn: 'nqn.a' },
    ];
    expect(toVolume({ ...volume, mappedSdcInfo }, id(1)).mappings).toEqual([
      { initiatorType: 'sdc', initiatorId: id(6), access: 'read-only', limits: { iops: 100, bandwidthBytesPerSecond: 2 * 1024 ** 2 } },
      { initiatorType: 'sdc', initiatorId: id(5), access: 'read-write', limits: {} },
      { initiatorType: 'nvme-tcp', initiatorId: id(4), access: 'none', limits: {} },
      { initiatorType: 'nvme-tcp', initiatorId: 'nqn.a', access: 'read-write', limits: {} },
    ]);
  });

  it.each([
    [{ managedBy: 'OtherProduct' }, 'managed by another product'],
    [{ volumeReplicationState: 'MarkedForReplication' }, 'replicated'],
    [{ replicationJournalVolume: true }, 'replicated'],
    [{ autoSnapshotGroupId: id(2) }, 'made by a snapshot policy of the array'],
    [{ snplIdOfAutoSnapshot: id(2) }, 'made by a snapshot policy of the array'],
    [{ mappedScsiInitiatorInfo: 'something' }, 'mapped to a SCSI initiator'],
    [{ mappedScsiInitiatorInfo: [{ scsiInitiatorId: id(2) }] }, 'mapped to a SCSI initiator'],
    [{ lockedAutoSnapshot: true }, 'locked'],
    [{ secureSnapshotExpTime: 1 }, 'a secure snapshot'],
    [{ isVvol: true }, 'a virtual volume of a hypervisor'],
    [{ mappingToAllSdcsEnabled: true }, 'mapped to every host of the array'],
  ])('with %o is left to its owner', (marks, reason) => {
    expect(managedElsewhere({ ...volume, ...marks })).toBe(reason);
    expect(toVolume({ ...volume, ...marks }, id(1)).managedElsewhere).toBe(reason);
  });

  it("without such marks, or with those that say nothing, is nobody else's", () => {
    const nothing = {
      managedBy: 'ScaleIO',
      volumeReplicationState: 'UnmarkedForReplication',
      secureSnapshotExpTime: 0,
      autoSnapshotGroupId: null,
      snplIdOfAutoSnapshot: null,
      mappedScsiInitiatorInfo: [],
    };
    expect(managedElsewhere({ ...volume, ...nothing })).toBeUndefined();
  });

  it('appears on the host under the ids of array and volume', () => {
    expect(devicePath(id(1), id(7))).toBe(`/dev/disk/by-id/emc-vol-${id(1)}-${id(7)}`);
  });
});
