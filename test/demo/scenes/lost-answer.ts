import { orderAsPlanned, type World } from '../world.ts';
import { changesDuring, showOnArray, showTask, theOneOnArray, withFault } from './asides.ts';
import type { Stage } from './stage.ts';

const lostAnswer = { match: { verb: 'create' }, effect: 'failAfter' };

const volumesOn = async ({ arrays }: World): Promise<number> => (await Promise.all(arrays.map((array) => array.volumes()))).flat().length;

/** The array makes the volume, and the connection is cut before it can say so. The id of the volume. */
export const loseAnswer = async (world: World, { orderOf }: Stage): Promise<string> => {
  const { screen, arrays } = world;
  const before = await volumesOn(world);
  const request = { path: '/block/volumes', body: orderOf('ledger', 1) };
  const [[task], changes] = await changesDuring(arrays, () =>
    withFault(arrays, lostAnswer, () => orderAsPlanned(world, 'create the volume ledger', request)),
  );
  const volumeId = task?.resource.id ?? '';
  showTask(world, task);
  const unheard = changes.filter(({ reply, effect }) => reply === 'cut' && effect === 'done');
  screen.seen(unheard.length === 1, 'the array made the volume, and its answer never arrived');
  showOnArray(world, await theOneOnArray(world, volumeId));
  screen.seen(
    (await volumesOn(world)) === before + 1 && changes.length === 1,
    'there is one volume more, not two: before asking again, Patina looked',
  );
  return volumeId;
};
