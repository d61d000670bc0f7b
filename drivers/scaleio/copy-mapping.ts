import type { ObservedFullCopy, ObservedSnapshot } from '../sdk/model/protection.ts';
import type { AccessMode } from '../sdk/model.ts';
import { toVolume } from './volume-mapping.ts';
import type { VolumeWire } from './wire.ts';

/** Whether the volume may ever be written; before 3.0 every volume may. */
export const accessOf = ({ accessModeLimit }: VolumeWire): AccessMode => (accessModeLimit === 'ReadOnly' ? 'read-only' : 'read-write');

export const isSnapshot = ({ volumeType }: VolumeWire): boolean => volumeType === 'Snapshot';

export const toSnapshot = (volume: VolumeWire, systemId: string): ObservedSnapshot => ({
  ...toVolume(volume, systemId),
  kind: 'snapshot',
  access: accessOf(volume),
  ...(volume.secureSnapshotExpTime ? { retainedUntil: new Date(volume.secureSnapshotExpTime * 1000).toISOString() } : {}),
});

/** A writable snapshot: it shares blocks with its source for as long as it lives. */
export const toFullCopy = (volume: VolumeWire, systemId: string): ObservedFullCopy => ({
  ...toVolume(volume, systemId),
  independent: false,
});
