import { DriverError } from '../sdk/errors.ts';
import type { CommittedVolume } from '../sdk/verbs.ts';
import { isVolumeMissing } from './failures.ts';
import type { Gateway } from './gateway.ts';
import { bytesPerKb } from './sizes.ts';
import { createdAtOf, managedElsewhere } from './volume-mapping.ts';
import { idWire, type VolumeWire, volumeWire } from './wire.ts';

const orAbsent = async <T>(read: Promise<T>): Promise<T | undefined> => {
  try {
    return await read;
  } catch (error) {
    if (isVolumeMissing(error)) return undefined;
    throw error;
  }
};

export const volumePath = (nativeId: string): string => `/api/instances/Volume::${encodeURIComponent(nativeId)}`;

export const volumeAction = (nativeId: string, action: string): string => `${volumePath(nativeId)}/action/${action}`;

export const readVolume = (gateway: Gateway, nativeId: string): Promise<VolumeWire | undefined> =>
  orAbsent(gateway.get(volumeWire, volumePath(nativeId)));

export const findIdByName = (gateway: Gateway, name: string): Promise<string | undefined> =>
  orAbsent(gateway.ask(idWire, '/api/types/Volume/instances/action/queryIdByKey', { name }));

/** Two calls: the id of the name, then the volume. */
export const findByName = async (gateway: Gateway, name: string): Promise<VolumeWire | undefined> => {
  const nativeId = await findIdByName(gateway, name);
  return nativeId === undefined ? undefined : readVolume(gateway, nativeId);
};

/** Just changed by us: not being there is no answer. */
export const readBack = async (gateway: Gateway, nativeId: string): Promise<VolumeWire> => {
  const volume = await readVolume(gateway, nativeId);
  if (volume !== undefined) return volume;
  throw new DriverError(`volume ${nativeId} was changed and is not there`, { outcome: 'DriverUncertain', code: 'object.missing' });
};

export const missing = (nativeId: string): DriverError =>
  new DriverError(`volume ${nativeId} is not there`, { outcome: 'DriverRejected', code: 'object.missing' });

export const drifted = (nativeId: string, field: string): DriverError =>
  new DriverError(`volume ${nativeId} is not the one that was recorded: its ${field} differs`, {
    outcome: 'DriverRejected',
    code: 'object.drifted',
    facts: { field },
  });

export const sizeBytesOf = ({ sizeInKb }: VolumeWire): number => sizeInKb * bytesPerKb;

const sameSecond = (left: string, right: string): boolean => Math.floor(Date.parse(left) / 1000) === Math.floor(Date.parse(right) / 1000);

const differing = (volume: VolumeWire, expected: CommittedVolume): string | undefined => {
  if (volume.name !== expected.expectedName) return 'name';
  if (!sameSecond(createdAtOf(volume), expected.createdAt)) return 'time of creation';
  return volume.storagePoolId === expected.poolNativeId ? undefined : 'pool';
};

/** Refuses a volume that is not, in all but its size, the one recorded. */
export const requireSame = (volume: VolumeWire, expected: CommittedVolume): void => {
  const field = differing(volume, expected);
  if (field !== undefined) throw drifted(expected.nativeId, field);
};

export const requireSameSize = (volume: VolumeWire, expected: CommittedVolume): void => {
  if (sizeBytesOf(volume) !== expected.sizeBytes) throw drifted(expected.nativeId, 'size');
};

/** Refuses what somebody else looks after. */
export const requireOurs = (volume: VolumeWire): void => {
  const owner = managedElsewhere(volume);
  if (owner === undefined) return;
  throw new DriverError(`volume ${volume.id} may only be changed by its owner: it is ${owner}`, {
    outcome: 'DriverRejected',
    code: 'object.foreign',
    facts: { reason: owner },
  });
};
