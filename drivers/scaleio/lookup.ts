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

/** What was recorded of a field, and what the array has. */
interface Difference {
  readonly field: string;
  readonly recorded?: string | number;
  readonly found?: string | number | null | undefined;
}

export const drifted = (nativeId: string, { field, recorded, found }: Difference): DriverError => {
  const values = recorded === undefined ? '' : `: recorded ${recorded}, found ${found ?? 'none'}`;
  return new DriverError(`volume ${nativeId} is not the one that was recorded: its ${field} differs${values}`, {
    outcome: 'DriverRejected',
    code: 'object.drifted',
    facts: { field },
  });
};

export const sizeBytesOf = ({ sizeInKb }: VolumeWire): number => sizeInKb * bytesPerKb;

const sameSecond = (left: string, right: string): boolean => Math.floor(Date.parse(left) / 1000) === Math.floor(Date.parse(right) / 1000);

const differing = (volume: VolumeWire, { expectedName, createdAt, poolNativeId }: CommittedVolume): Difference | undefined => {
  const { name, storagePoolId } = volume;
  if (name !== expectedName) return { field: 'name', recorded: expectedName, found: name };
  if (!sameSecond(createdAtOf(volume), createdAt)) return { field: 'time of creation', recorded: createdAt, found: createdAtOf(volume) };
  return storagePoolId === poolNativeId ? undefined : { field: 'pool', recorded: poolNativeId, found: storagePoolId };
};

/** Refuses a volume that is not, in all but its size, the one recorded. */
export const requireSame = (volume: VolumeWire, expected: CommittedVolume): void => {
  const difference = differing(volume, expected);
  if (difference !== undefined) throw drifted(expected.nativeId, difference);
};

export const requireSameSize = (volume: VolumeWire, expected: CommittedVolume): void => {
  const found = sizeBytesOf(volume);
  const { nativeId, sizeBytes: recorded } = expected;
  if (found !== recorded) throw drifted(nativeId, { field: 'size', recorded: `${recorded} bytes`, found: `${found} bytes` });
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
