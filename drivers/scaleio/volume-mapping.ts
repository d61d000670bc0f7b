import type { AccessMode, ObservedVolume, VolumeMapping } from '../sdk/model.ts';
import { bytesPerKb } from './sizes.ts';
import type { MappedSdcWire, VolumeWire } from './wire.ts';

export const bytesPerMb = 1024 ** 2;

/** Before 3.0 mappings have no access mode: all are read-write. */
const accessModes: ReadonlyMap<string, VolumeMapping['access']> = new Map([
  ['ReadWrite', 'read-write'],
  ['ReadOnly', 'read-only'],
  ['NoAccess', 'none'],
]);

export const wireAccessMode: { readonly [A in AccessMode]: string } = { 'read-write': 'ReadWrite', 'read-only': 'ReadOnly' };

const initiatorOf = ({ hostType, sdcId, nqn }: MappedSdcWire): Pick<VolumeMapping, 'initiatorType' | 'initiatorId'> =>
  (hostType ?? 'SdcHost') === 'SdcHost'
    ? { initiatorType: 'sdc', initiatorId: sdcId }
    : { initiatorType: 'nvme-tcp', initiatorId: nqn || sdcId };

export const toMapping = (mapped: MappedSdcWire): VolumeMapping => ({
  ...initiatorOf(mapped),
  access: accessModes.get(mapped.accessMode ?? 'ReadWrite') ?? 'none',
  limits: {
    ...(mapped.limitIops ? { iops: mapped.limitIops } : {}),
    ...(mapped.limitBwInMbps ? { bandwidthBytesPerSecond: mapped.limitBwInMbps * bytesPerMb } : {}),
  },
});

export const mappingsOf = ({ mappedSdcInfo }: VolumeWire): readonly VolumeMapping[] => (mappedSdcInfo ?? []).map(toMapping);

/** Older releases write texts or lists here; none, null and empty mean no mapping. */
const hasEntries = (info: unknown): boolean => (Array.isArray(info) ? info.length > 0 : Boolean(info));

const owners: readonly { reason: string; holds: (volume: VolumeWire) => boolean }[] = [
  { reason: 'managed by another product', holds: ({ managedBy }) => (managedBy ?? 'ScaleIO') !== 'ScaleIO' },
  {
    reason: 'replicated',
    holds: ({ volumeReplicationState, replicationJournalVolume }) =>
      (volumeReplicationState ?? 'UnmarkedForReplication') !== 'UnmarkedForReplication' || replicationJournalVolume === true,
  },
  {
    reason: 'made by a snapshot policy of the array',
    holds: ({ autoSnapshotGroupId, snplIdOfAutoSnapshot }) => Boolean(autoSnapshotGroupId) || Boolean(snplIdOfAutoSnapshot),
  },
  { reason: 'locked', holds: ({ lockedAutoSnapshot }) => lockedAutoSnapshot === true },
  { reason: 'a secure snapshot', holds: ({ secureSnapshotExpTime }) => (secureSnapshotExpTime ?? 0) > 0 },
  { reason: 'a virtual volume of a hypervisor', holds: ({ isVvol }) => isVvol === true },
  { reason: 'mapped to every host of the array', holds: ({ mappingToAllSdcsEnabled }) => mappingToAllSdcsEnabled === true },
  { reason: 'mapped to a SCSI initiator', holds: ({ mappedScsiInitiatorInfo }) => hasEntries(mappedScsiInitiatorInfo) },
];

/** Why nobody but its owner may change it. */
export const managedElsewhere = (volume: VolumeWire): string | undefined => owners.find(({ holds }) => holds(volume))?.reason;

export const createdAtOf = ({ creationTime }: VolumeWire): string => new Date(creationTime * 1000).toISOString();

export const toVolume = (volume: VolumeWire, systemId: string, systemNativeId?: string): ObservedVolume => {
  const owner = managedElsewhere(volume);
  const provisioningType = volume.volumeType === 'ThickProvisioned' ? 'thick' : 'thin';
  const sizeBytes = volume.sizeInKb * bytesPerKb;
  return {
    nativeId: volume.id,
    name: volume.name ?? '',
    poolNativeId: volume.storagePoolId,
    ...(systemNativeId ? { systemNativeId } : {}),
    sizeBytes,
    provisioningType,
    kind: volume.volumeType === 'Snapshot' ? 'snapshot' : 'volume',
    createdAt: createdAtOf(volume),
    wwn: `${systemId}${volume.id}`,
    ...(provisioningType === 'thick' ? { allocatedBytes: sizeBytes } : {}),
    ...(volume.ancestorVolumeId ? { ancestorNativeId: volume.ancestorVolumeId } : {}),
    ...(volume.vtreeId ? { sharedFateId: volume.vtreeId } : {}),
    ...(volume.consistencyGroupId ? { groupNativeId: volume.consistencyGroupId } : {}),
    mappings: mappingsOf(volume),
    ...(owner ? { managedElsewhere: owner } : {}),
  };
};

/** Where a mapped volume appears on the host. */
export const devicePath = (systemId: string, volumeId: string): string => `/dev/disk/by-id/emc-vol-${systemId}-${volumeId}`;
