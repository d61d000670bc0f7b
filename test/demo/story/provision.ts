import type { FinishedTask } from '../client.ts';
import { orderAsPlanned, type World } from '../world.ts';
import type { Classes } from './classes.ts';
import type { Discovered } from './discovered.ts';

export interface Provisioned {
  readonly volumeIds: readonly string[];
  readonly exportId: string;
}

const created = async (world: World, classes: Classes): Promise<readonly string[]> => {
  const body = { name: 'data', size: '10GB', count: 3, project: classes.projectId, varray: classes.varrayId, vpool: classes.vpoolId };
  const tasks = await orderAsPlanned(world, 'create 3 volumes', { path: '/block/volumes', body });
  return tasks.map((task: FinishedTask) => task.resource.id);
};

/** A host of the array on which the volume lies; it already uses a volume of somebody else. */
export const hostFor = async (
  { api, arrays }: World,
  volumeId: string,
  { hosts }: Discovered,
): Promise<{ id: string; name: string; initiator: string }> => {
  const native = String((await api.get(`/block/volumes/${volumeId}`)).body['native_id']);
  const listings = await Promise.all(arrays.map(async (array) => ({ array, volumes: await array.volumes() })));
  const home = listings.find(({ volumes }) => volumes.some(({ id }) => id === native))?.array;
  const foreign = (await home?.volumes())?.find((volume) => volume.name === 'oracle-redo')?.mappedSdcInfo?.[0]?.sdcId;
  for (const host of hosts) {
    const { body } = await api.get(`/compute/hosts/${String(host['id'])}/initiators`);
    const initiators = (body['initiator'] ?? []) as readonly { name: string }[];
    const initiator = initiators.find(({ name }) => name === foreign);
    if (initiator) return { id: String(host['id']), name: String(host['name']), initiator: initiator.name };
  }
  throw new Error('no host of the array was found');
};

interface Itl {
  readonly device: { readonly id: string };
  readonly connection?: { readonly device_path?: string };
  readonly device_path?: string;
}

const showAttachment = async ({ api, screen }: World, volumeIds: readonly string[]): Promise<void> => {
  for (const id of volumeIds) {
    const { body } = await api.get(`/block/volumes/${id}/exports`);
    const [itl] = (body['itl'] ?? []) as readonly Itl[];
    const path = itl?.connection?.device_path ?? itl?.device_path ?? '';
    const name = String((await api.get(`/block/volumes/${id}`)).body['name']);
    screen.line(`on the host: volume ${name} is ${path}`);
    screen.seen(path.startsWith('/dev/disk/by-id/'), `${name} can be attached by its path`);
  }
};

const showOnArray = async (world: World, volumeIds: readonly string[], initiator: string): Promise<void> => {
  const listed = (await Promise.all(world.arrays.map((array) => array.volumes()))).flat();
  const natives = await Promise.all(volumeIds.map(async (id) => String((await world.api.get(`/block/volumes/${id}`)).body['native_id'])));
  const found = natives.map((native) => listed.find(({ id }) => id === native));
  for (const volume of found) {
    const mapped = volume?.mappedSdcInfo?.map(({ sdcId }) => sdcId).join(', ') ?? 'nobody';
    world.screen.line(
      `the array's own API: ${volume?.id} ${volume?.name} ${(volume?.sizeInKb ?? 0) / 1024 / 1024} GiB, mapped to ${mapped}`,
    );
  }
  const sizes = found.map((volume) => (volume?.sizeInKb ?? 0) / 1024 / 1024);
  world.screen.seen(sizes.join() === '24,16,16', 'the array has the three volumes, one of them expanded to 24 GiB');
  const mapped = found.map((volume) => volume?.mappedSdcInfo?.some(({ sdcId }) => sdcId === initiator) ?? false);
  world.screen.seen(mapped.join() === 'true,true,false', 'the array has mapped the two exported ones to the host');
};

/** Three volumes in one request, one expanded, two exported to a host that already uses a volume of somebody else. */
export const provision = async (world: World, classes: Classes, discovered: Discovered): Promise<Provisioned> => {
  world.screen.chapter('Create 3 volumes, expand one, export two to a host');
  const volumeIds = await created(world, classes);
  const [first = '', second = ''] = volumeIds;
  await orderAsPlanned(world, 'expand a volume', { path: `/block/volumes/${first}/expand`, body: { new_size: '24GB' } });
  const host = await hostFor(world, first, discovered);
  const body = {
    name: 'app',
    project: classes.projectId,
    varray: classes.varrayId,
    type: 'Host',
    hosts: [host.id],
    volumes: [{ id: first }, { id: second }],
  };
  const [task] = await orderAsPlanned(world, `export 2 volumes to ${host.name}`, { path: '/block/exports', body });
  await showAttachment(world, [first, second]);
  await showOnArray(world, volumeIds, host.initiator);
  return { volumeIds, exportId: task?.resource.id ?? '' };
};
