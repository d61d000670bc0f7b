import { orderAsPlanned, type World } from '../world.ts';
import { deleteInVain, seeRefused, theOneOnArray } from './asides.ts';
import type { Stage } from './stage.ts';

/** Somebody maps the volume on the array, where Patina does not see it before it looks. */
const mappedByOthers = async (world: World, volumeId: string): Promise<void> => {
  const { array, listed } = await theOneOnArray(world, volumeId);
  const host = `${array.name}-host3`;
  await array.control('POST', `/volumes/${listed.id}/mappings`, { sdc: host });
  world.screen.line(`somebody maps ${listed.name} to ${host} on ${array.name}`);
  await deleteInVain(world, volumeId);
  await array.control('DELETE', `/volumes/${listed.id}/mappings/${host}`);
};

/** Deleting never unmaps: neither what Patina mapped, not even with `force`, nor what others did. A volume that is not mapped any more. */
export const deleteMapped = async (world: World, { orderOf }: Stage, exportedId: string): Promise<string> => {
  const { api } = world;
  await seeRefused(world, 'deleting it, even with force,', () => api.post(`/block/volumes/${exportedId}/deactivate?force=true`));
  const [task] = await orderAsPlanned(world, 'create the volume notes', { path: '/block/volumes', body: orderOf('notes', 1) });
  const volumeId = task?.resource.id ?? '';
  await mappedByOthers(world, volumeId);
  return volumeId;
};
