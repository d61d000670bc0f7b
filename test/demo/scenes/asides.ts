import type { ArrayChange, DemoArray, ListedVolume } from '../array.ts';
import type { Answer, FinishedTask } from '../client.ts';
import type { World } from '../world.ts';

/** What the scenes look at and do beside Patina: at the arrays, and in what Patina answered. */

/** Arms a fault on every array, since nobody knows yet which one will be asked, and disarms it after the work. */
export const withFault = async <T>(arrays: readonly DemoArray[], rule: unknown, work: () => Promise<T>): Promise<T> => {
  await Promise.all(arrays.map((array) => array.control('POST', '/faults', rule)));
  try {
    return await work();
  } finally {
    await Promise.all(arrays.map((array) => array.control('DELETE', '/faults')));
  }
};

/** What the work comes to, and the changing calls that arrive at the arrays meanwhile. */
export const changesDuring = async <T>(arrays: readonly DemoArray[], work: () => Promise<T>): Promise<[T, ArrayChange[]]> => {
  const before = await Promise.all(arrays.map(async (array) => (await array.changes()).length));
  const result = await work();
  const changes = await Promise.all(arrays.map(async (array, n) => (await array.changes()).slice(before[n])));
  return [result, changes.flat()];
};

export interface OnArray {
  readonly array: DemoArray;
  readonly listed: ListedVolume;
}

/** A volume of ours in the listings of the arrays' own API, by the name it has there. */
export const onArrays = async ({ api, arrays }: World, volumeId: string): Promise<OnArray[]> => {
  const { body } = await api.get(`/block/volumes/${volumeId}`);
  const found = await Promise.all(
    arrays.map(async (array) =>
      (await array.volumes()).filter(({ name }) => name === body['device_label']).map((listed) => ({ array, listed })),
    ),
  );
  return found.flat();
};

export const theOneOnArray = async (world: World, volumeId: string): Promise<OnArray> => {
  const [first, ...others] = await onArrays(world, volumeId);
  if (!first || others.length > 0) throw new Error(`the volume ${volumeId} is not exactly once on the arrays`);
  return first;
};

export const showOnArray = ({ screen }: World, { array, listed }: OnArray): void => {
  const mapped = listed.mappedSdcInfo?.map(({ sdcId }) => sdcId).join(', ') ?? 'nobody';
  screen.line(`the array's own API: ${listed.id} ${listed.name} on ${array.name}, mapped to ${mapped}`);
};

/** A request that must be refused at once, without a call that changes an array; what the caller reads is shown. */
export const seeRefused = async (world: World, what: string, ask: () => Promise<Answer>): Promise<void> => {
  const [{ status, body }, changes] = await changesDuring(world.arrays, ask);
  world.screen.line(`Patina (${status}): ${String(body['details'])}`);
  world.screen.seen(status === 400 && changes.length === 0, `${what} is refused, and nothing reached an array`);
};

/** What somebody reads who looks at the task. */
export const showTask = ({ screen }: World, task: FinishedTask | undefined): void => {
  const error = task?.service_error;
  screen.line(`Patina (task ${task?.state}): ${error ? `${error.description}: ${error.details}` : (task?.message ?? '')}`);
};

/** A task that must have failed; its reason is shown. */
export const seeFailed = (world: World, what: string, task: FinishedTask | undefined): void => {
  showTask(world, task);
  world.screen.seen(task?.state === 'error' && (task.service_error?.details ?? '') !== '', `${what} ends as an error, with its reason`);
};

/** A deletion that is accepted, since only the array can tell why it must not be carried out. */
export const deleteInVain = async (world: World, volumeId: string): Promise<void> => {
  const [task, changes] = await changesDuring(world.arrays, async () => {
    const { body } = await world.api.post(`/block/volumes/${volumeId}/deactivate`);
    return world.api.finished(body);
  });
  seeFailed(world, 'its deletion', task);
  const { body: record } = await world.api.get(`/block/volumes/${volumeId}`);
  world.screen.seen(
    record['inactive'] === false && changes.length === 0,
    `the record of ${String(record['name'])} stays, and no array was told to change anything`,
  );
};

/** What Patina has taken of each storage pool, in GiB. */
export const managedGib = async ({ api }: World): Promise<readonly number[]> => {
  const { body } = await api.get('/vdc/storage-pools');
  const pools = (body['storage_pool'] ?? []) as readonly { readonly id: string }[];
  const details = await Promise.all(pools.map(async ({ id }) => (await api.get(`/vdc/storage-pools/${id}`)).body));
  return details.map((pool) => Number(pool['managed_gb']));
};
