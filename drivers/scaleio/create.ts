import * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';
import { afterChange } from '../sdk/failure.ts';
import type { ObservedVolume } from '../sdk/model.ts';
import type { BatchAnswer, VolumeIntent } from '../sdk/verbs.ts';
import { arrayCode, hasArrayCode } from './failures.ts';
import type { Gateway } from './gateway.ts';
import { findByName, readBack, readVolume, requireOurs, sizeBytesOf } from './lookup.ts';
import { requireName } from './names.ts';
import { requireProvisioning } from './pools.ts';
import { type Done, eachItem, type Run } from './run.ts';
import { bytesPerKb, requireSize } from './sizes.ts';
import { type FindId, finderOf } from './taken-names.ts';
import { selectVolumes } from './volume-listings.ts';
import { toVolume } from './volume-mapping.ts';
import { createdWire, type VolumeWire, volumeWire } from './wire.ts';

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

/** Made and not read back yet, or found. */
const ensure = async (run: Run, item: VolumeIntent, findId: FindId): Promise<Done<ObservedVolume>> => {
  requireName(item.name);
  requireSize(item.sizeBytes);
  const takenBy = await findId(item.name);
  const there = takenBy === undefined ? undefined : await readVolume(run.gateway, takenBy);
  if (there !== undefined) return { ...done(run, item, there), outcome: 'found' };
  await requireProvisioning(run.gateway, item.poolNativeId, item.provisioningType);
  const nativeId = await create(run, item);
  if (nativeId !== undefined) return { nativeId, outcome: 'made' };
  const taken = await findByName(run.gateway, item.name);
  if (taken === undefined) throw nameBusy(item.name);
  return { ...done(run, item, taken), outcome: 'found' };
};

const readMade = async (gateway: Gateway, ids: readonly string[]): Promise<readonly VolumeWire[]> => {
  const [first, ...others] = ids;
  if (first === undefined || others.length > 0) return selectVolumes(gateway, z.array(volumeWire), ids);
  return [await readBack(gateway, first)];
};

const gone = (name: string): DriverError =>
  new DriverError(`volume ${name} was made and is not there`, { outcome: 'DriverUncertain', code: 'object.missing' });

/** What was made counts as made once it is read back as planned; all of a batch is read in one call, for which time was kept. */
const confirmMade = async (run: Run, made: readonly (VolumeIntent & { nativeId: string })[]): Promise<BatchAnswer<ObservedVolume>> => {
  let reading: Promise<readonly VolumeWire[]> | undefined;
  const whenever = { ...run, limits: { ...run.limits, startUntil: Number.POSITIVE_INFINITY } };
  return eachItem(whenever, made, (item) =>
    afterChange(async () => {
      reading ??= readMade(
        run.gateway,
        made.map(({ nativeId }) => nativeId),
      );
      const volume = (await reading).find(({ id }) => id === item.nativeId);
      if (volume === undefined) throw gone(item.name);
      return { ...done(run, item, volume), outcome: 'made' };
    }),
  );
};

/** For one new volume look, create, read back; what a batch makes is read back at once, and many names are looked up at once. */
export const ensureVolumes = async (run: Run, { items }: { items: readonly VolumeIntent[] }): Promise<BatchAnswer<ObservedVolume>> => {
  const findId = await finderOf(run.gateway, items.length);
  const answer = await eachItem(run, items, (item) => ensure(run, item, findId));
  const nativeIds = new Map(answer.items.map(({ ref, outcome, nativeId }) => [ref, outcome === 'made' ? nativeId : undefined]));
  const made = items.flatMap((item) => {
    const nativeId = nativeIds.get(item.ref);
    return nativeId === undefined ? [] : [{ ...item, nativeId }];
  });
  const confirmed = new Map((await confirmMade(run, made)).items.map((item) => [item.ref, item]));
  return { items: answer.items.map((item) => confirmed.get(item.ref) ?? item) };
};
