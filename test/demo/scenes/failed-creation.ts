import { nameOfCall } from '../accounts.ts';
import type { FinishedTask } from '../client.ts';
import { gib, tasksIn, type World } from '../world.ts';
import { changesDuring, managedGib, seeFailed, withFault } from './asides.ts';
import type { Stage } from './stage.ts';

/** No space, for the second volume. */
const refusal = { match: { verb: 'create', nth: 2 }, effect: 'error', error: { errorCode: 191 } };
const calls = ['create', 'create (refused)', 'removeVolume'];

const listings = async ({ arrays }: World): Promise<string> => (await Promise.all(arrays.map((array) => array.listing()))).join('\n');

interface Ordered {
  readonly tasks: readonly FinishedTask[];
  readonly managedMeanwhile: readonly number[];
}

const orderTwo = async (world: World, { orderOf }: Stage): Promise<Ordered> => {
  const answer = await world.api.post('/block/volumes', orderOf('both', 2));
  const managedMeanwhile = await managedGib(world);
  return { tasks: await Promise.all(tasksIn(answer).map((task) => world.api.finished(task))), managedMeanwhile };
};

const total = (managed: readonly number[]): string => gib(managed.reduce((sum, one) => sum + one, 0));

/** Of two volumes in one request the array makes one and refuses the other: the request leaves nothing. */
export const failCreation = async (world: World, stage: Stage): Promise<void> => {
  const { arrays, screen } = world;
  const before = { listings: await listings(world), managed: await managedGib(world) };
  const [{ tasks, managedMeanwhile }, changes] = await changesDuring(arrays, () =>
    withFault(arrays, refusal, () => orderTwo(world, stage)),
  );
  for (const task of tasks) seeFailed(world, `the creation of ${task.resource.name}`, task);
  const done = changes.map(nameOfCall);
  screen.line(`the arrays' logs: ${done.join(', ')}`);
  screen.seen(done.join() === calls.join(), 'one volume was made, the other refused, and the first taken back');
  world.explained.push({ because: 'the creation that failed and was taken back', calls });
  screen.seen((await listings(world)) === before.listings, 'nothing of it is left on the arrays');
  const after = await managedGib(world);
  screen.line(`managed: ${total(before.managed)} before, ${total(managedMeanwhile)} while it was under way, ${total(after)} after`);
  const wasTaken = managedMeanwhile.join() !== before.managed.join();
  screen.seen(wasTaken && after.join() === before.managed.join(), 'the capacity that it had taken is given back');
};
