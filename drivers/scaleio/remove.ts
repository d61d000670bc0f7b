import * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';
import type { ObservedVolume } from '../sdk/model.ts';
import type { BatchAnswer, CommittedVolume, PlannedVolume, VolumeItem } from '../sdk/verbs.ts';
import { foreign, unlikePlan } from './create.ts';
import { isVolumeMissing } from './failures.ts';
import { findByName, findIdByName, readVolume, requireOurs, requireSame, requireSameSize, volumeAction } from './lookup.ts';
import { type Done, eachItem, type Run } from './run.ts';
import { createdAtOf, mappingsOf } from './volume-mapping.ts';
import { type VolumeWire, volumeWire } from './wire.ts';

/** The array's clock is not ours. */
const clockSkewMs = 5 * 60 * 1000;

const absent = { outcome: 'found' } as const;

const refused = (volume: VolumeWire, reason: string): DriverError =>
  new DriverError(`volume ${volume.id} ${reason}`, { outcome: 'DriverRejected', code: 'object.inUse' });

const requireUnmapped = (volume: VolumeWire): void => {
  if (mappingsOf(volume).length > 0) throw refused(volume, 'is mapped, and removing never unmaps');
};

const remove = async ({ gateway }: Run, volume: VolumeWire): Promise<Done<never>> => {
  requireOurs(volume);
  requireUnmapped(volume);
  try {
    await gateway.act(volumeAction(volume.id, 'removeVolume'), { removeMode: 'ONLY_ME' });
    return { nativeId: volume.id, outcome: 'made' };
  } catch (error) {
    if (isVolumeMissing(error)) return absent;
    throw error;
  }
};

const removeCommitted = async (run: Run, expected: CommittedVolume): Promise<Done<never>> => {
  const volume = await readVolume(run.gateway, expected.nativeId);
  if (volume !== undefined) {
    requireSame(volume, expected);
    requireSameSize(volume, expected);
    return remove(run, volume);
  }
  const other = await findIdByName(run.gateway, expected.expectedName);
  if (other === undefined) return absent;
  throw new DriverError(`volume ${expected.nativeId} is gone, and volume ${other} has its name`, {
    outcome: 'DriverRejected',
    code: 'object.drifted',
    facts: { nativeId: other },
  });
};

const requireAlone = async ({ gateway }: Run, volume: VolumeWire): Promise<void> => {
  if (!volume.vtreeId) return;
  const tree = await gateway.get(z.array(volumeWire), `/api/instances/VTree::${volume.vtreeId}/relationships/Volume`);
  if (tree.some(({ ancestorVolumeId }) => ancestorVolumeId === volume.id)) throw refused(volume, 'has snapshots');
};

const requirePlanned = (volume: VolumeWire, plan: PlannedVolume): void => {
  const difference = unlikePlan(volume, plan);
  if (difference !== undefined) throw foreign(plan.name, `its ${difference} differs`);
  if (Date.parse(createdAtOf(volume)) < Date.parse(plan.notBefore) - clockSkewMs) throw foreign(plan.name, 'it is older than the plan');
};

const removePlanned = async (run: Run, plan: PlannedVolume): Promise<Done<never>> => {
  const volume = await findByName(run.gateway, plan.name);
  if (volume === undefined) return absent;
  requirePlanned(volume, plan);
  requireUnmapped(volume);
  await requireAlone(run, volume);
  return remove(run, volume);
};

/** A committed volume: one look and one removal. A planned one: two looks, one at its tree, one removal. */
export const ensureVolumesAbsent = (run: Run, { items }: { items: readonly VolumeItem[] }): Promise<BatchAnswer<ObservedVolume>> =>
  eachItem(run, items, ({ volume }) => (volume.kind === 'committed' ? removeCommitted(run, volume) : removePlanned(run, volume)));
