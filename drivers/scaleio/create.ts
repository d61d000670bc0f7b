import { DriverError } from '../sdk/errors.ts';
import { afterChange } from '../sdk/failure.ts';
import type { ObservedVolume } from '../sdk/model.ts';
import type { BatchAnswer, VolumeIntent } from '../sdk/verbs.ts';
import { arrayCode, hasArrayCode } from './failures.ts';
import { findByName, readBack, requireOurs, sizeBytesOf } from './lookup.ts';
import { requireName } from './names.ts';
import { requireProvisioning } from './pools.ts';
import { type Done, eachItem, type Run } from './run.ts';
import { bytesPerKb, requireSize } from './sizes.ts';
import { toVolume } from './volume-mapping.ts';
import { createdWire, type VolumeWire } from './wire.ts';

const volumeTypes = { thin: 'ThinProvisioned', thick: 'ThickProvisioned' } as const;

/** What a volume found under a planned name has that the plan has not. */
export const unlikePlan = (
  volume: VolumeWire,
  plan: Pick<VolumeIntent, 'poolNativeId' | 'sizeBytes' | 'provisioningType'>,
): string | undefined => {
  if (volume.storagePoolId !== plan.poolNativeId) return 'pool';
  if (sizeBytesOf(volume) !== plan.sizeBytes) return 'size';
  return volume.volumeType === volumeTypes[plan.provisioningType] ? undefined : 'type';
};

export const foreign = (name: string, reason: string): DriverError =>
  new DriverError(`a volume named ${name} is there and is not the planned one: ${reason}`, {
    outcome: 'DriverRejected',
    code: 'object.foreign',
    facts: { name },
  });

const create = async ({ gateway }: Run, item: VolumeIntent): Promise<string | undefined> => {
  try {
    const body = {
      name: item.name,
      storagePoolId: item.poolNativeId,
      protectionDomainId: item.systemNativeId,
      volumeSizeInKb: String(item.sizeBytes / bytesPerKb),
      volumeType: volumeTypes[item.provisioningType],
    };
    return (await gateway.create(createdWire, '/api/types/Volume/instances', body)).id;
  } catch (error) {
    // Somebody took the name since the look.
    if (hasArrayCode(error, arrayCode.nameInUse)) return undefined;
    throw error;
  }
};

const done = ({ gateway }: Run, item: VolumeIntent, volume: VolumeWire): Done<ObservedVolume> => {
  const difference = unlikePlan(volume, item);
  if (difference !== undefined) throw foreign(item.name, `its ${difference} differs`);
  requireOurs(volume);
  return { nativeId: volume.id, observed: toVolume(volume, gateway.system.id, item.systemNativeId) };
};

export const nameBusy = (name: string): DriverError =>
  new DriverError(`the name ${name} is taken and no volume has it yet`, {
    outcome: 'DriverBusy',
    code: 'array.busy',
    nativeCode: arrayCode.nameInUse,
  });

const ensure = async (run: Run, item: VolumeIntent): Promise<Done<ObservedVolume>> => {
  requireName(item.name);
  requireSize(item.sizeBytes);
  const there = await findByName(run.gateway, item.name);
  if (there !== undefined) return { ...done(run, item, there), outcome: 'found' };
  await requireProvisioning(run.gateway, item.poolNativeId, item.provisioningType);
  const nativeId = await create(run, item);
  if (nativeId !== undefined) {
    return afterChange(async () => ({ ...done(run, item, await readBack(run.gateway, nativeId)), outcome: 'made' }));
  }
  const taken = await findByName(run.gateway, item.name);
  if (taken === undefined) throw nameBusy(item.name);
  return { ...done(run, item, taken), outcome: 'found' };
};

/** Three calls for a new volume: look, create, read back. Two for one that is there. */
export const ensureVolumes = (run: Run, { items }: { items: readonly VolumeIntent[] }): Promise<BatchAnswer<ObservedVolume>> =>
  eachItem(run, items, (item) => ensure(run, item));
