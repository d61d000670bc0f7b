import { createVolumes, type VolumeOrder } from '../../core/volume/create.ts';
import type { ObservedVolume } from '../../drivers/sdk/model.ts';
import type { ItemAnswer } from '../../drivers/sdk/verbs.ts';
import { volumeCreateSteps } from '../../statemachines/volume-create/steps.ts';
import { asked, endStarted, gib, projectId, startedAt, startedOperation, varrayId, vpoolId, type World } from './block-world.ts';

export const observed = (nativeId: string, patch: Partial<ObservedVolume> = {}): ObservedVolume => ({
  nativeId,
  name: nativeId,
  poolNativeId: 'sp-1',
  sizeBytes: 8 * gib,
  provisioningType: 'thin',
  kind: 'volume',
  createdAt: startedAt,
  wwn: `wwn-${nativeId}`,
  mappings: [],
  ...patch,
});

export const done = (ref: string, nativeId?: string): ItemAnswer<unknown> => ({
  ref,
  status: 'done',
  outcome: 'made',
  ...(nativeId ? { nativeId, observed: observed(nativeId) } : {}),
});

export const rejected = (ref: string, message = 'it is mapped'): ItemAnswer<unknown> => ({
  ref,
  status: 'rejected',
  error: { name: 'DriverRejected', code: 'object.inUse', message },
});

/** One volume of 8 GiB. */
export const anOrder = (patch: Partial<VolumeOrder> = {}): VolumeOrder => ({
  name: 'data',
  size: '8GB',
  project: projectId,
  varray: varrayId,
  vpool: vpoolId,
  count: 1,
  ...patch,
});

/** Orders volumes of 8 GiB and lets the array make them; their ids. */
export const madeVolumes = async (world: World, order: Partial<VolumeOrder> = {}): Promise<string[]> => {
  await createVolumes(world.ports, asked(), anOrder(order));
  const ids = startedOperation(world, volumeCreateSteps).plan.volumes.map(({ id }) => id);
  await endStarted(world, volumeCreateSteps, { how: 'commit', answers: ids.map((id) => done(id, `native-${id.slice(-9, -5)}`)) });
  return ids;
};

/** Tasks as they ended, by resource. */
export const tasksOf = (world: World, resourceId: string) =>
  world.rows.all('Tasks').filter((row) => row.sk === 'TASK' && row['resourceId'] === resourceId);

export const lastTask = (world: World, resourceId: string) => tasksOf(world, resourceId).at(-1);

export const listed = (world: World, pk: string): string[] =>
  world.rows
    .all('Inventory')
    .filter((row) => row.pk === pk)
    .map((row) => String(row['id']));
