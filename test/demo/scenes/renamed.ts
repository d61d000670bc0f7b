import { orderAsPlanned, type World } from '../world.ts';
import { deleteInVain, showOnArray, theOneOnArray } from './asides.ts';

const newName = 'do-not-delete';

/** Somebody renames a volume on the array: what is not the recorded volume beyond doubt is not destroyed. */
export const renameOnArray = async (world: World, volumeId: string): Promise<void> => {
  const { array, listed } = await theOneOnArray(world, volumeId);
  const rename = (name: string): Promise<unknown> => array.control('POST', `/volumes/${listed.id}/rename`, { name });
  await rename(newName);
  world.screen.line(`somebody renames ${listed.name} to ${newName} on ${array.name}`);
  await deleteInVain(world, volumeId);
  await rename(listed.name);
  showOnArray(world, await theOneOnArray(world, volumeId));
  await orderAsPlanned(world, 'renamed back, delete it', { path: `/block/volumes/${volumeId}/deactivate` });
};
