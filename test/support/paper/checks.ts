import { DriverError, type DriverErrorOptions } from '../../../drivers/sdk/errors.ts';
import type { CopyIdentity } from '../../../drivers/sdk/verbs/snapshot.ts';
import type { CommittedVolume, PlannedVolume, VolumeIdentity } from '../../../drivers/sdk/verbs.ts';
import { byName, gibibyte, type PaperArray, type PaperVolume } from './array.ts';

export const refused = (code: DriverErrorOptions['code']): DriverError => new DriverError(code, { outcome: 'DriverRejected', code });

export const requireThat = (holds: boolean, code: DriverErrorOptions['code']): void => {
  if (!holds) throw refused(code);
};

export const requireName = (name: string): void => requireThat(/^[\x21-\x7e]{1,31}$/.test(name), 'request.invalid');

export const requireSize = (sizeBytes: number): void =>
  requireThat(sizeBytes >= gibibyte && sizeBytes % gibibyte === 0 && sizeBytes <= 1024 * gibibyte, 'request.invalid');

const isRecorded = (volume: PaperVolume, { expectedName, createdAt, sizeBytes, poolNativeId }: CommittedVolume): boolean =>
  volume.name === expectedName && volume.createdAt === createdAt && volume.sizeBytes === sizeBytes && volume.poolNativeId === poolNativeId;

/** Undefined when it is gone; throws when it is not the recorded one. */
export const findCommitted = (array: PaperArray, identity: CommittedVolume): PaperVolume | undefined => {
  const volume = array.volumes.get(identity.nativeId);
  if (volume === undefined) {
    requireThat(byName(array, identity.expectedName) === undefined, 'object.drifted');
    return undefined;
  }
  requireThat(isRecorded(volume, identity), 'object.drifted');
  return volume;
};

export const getCommitted = (array: PaperArray, identity: CommittedVolume): PaperVolume => {
  const volume = findCommitted(array, identity);
  if (volume === undefined) throw refused('object.missing');
  return volume;
};

const isPlannedVolume = ({ kind, provisioningType }: PaperVolume, plan: PlannedVolume): boolean =>
  kind === 'volume' && provisioningType === plan.provisioningType;

const isPlanned = (volume: PaperVolume, plan: Exclude<VolumeIdentity | CopyIdentity, CommittedVolume>): boolean =>
  volume.sizeBytes === plan.sizeBytes &&
  volume.poolNativeId === plan.poolNativeId &&
  volume.createdAt >= plan.notBefore &&
  ('sourceNativeId' in plan ? volume.ancestorNativeId === plan.sourceNativeId : isPlannedVolume(volume, plan));

/** Undefined when it is gone; throws when it may not be removed. */
export const findRemovable = (array: PaperArray, identity: VolumeIdentity | CopyIdentity): PaperVolume | undefined => {
  if (identity.kind === 'committed') {
    const volume = findCommitted(array, identity);
    requireThat(volume === undefined || volume.mappings.length === 0, 'object.inUse');
    return volume;
  }
  const volume = byName(array, identity.name);
  if (volume === undefined) return undefined;
  requireThat(isPlanned(volume, identity), 'object.foreign');
  const hasDescendants = [...array.volumes.values()].some(({ ancestorNativeId }) => ancestorNativeId === volume.nativeId);
  requireThat(volume.mappings.length === 0 && !hasDescendants, 'object.inUse');
  return volume;
};
