import type { ArrayChange, DemoArray } from './array.ts';
import type { PlannedCall, World } from './world.ts';

/** The arrays before Patina knew of them. */
export interface Before {
  readonly listings: readonly string[];
  readonly volumeIds: readonly string[];
}

export const lookBefore = async (arrays: readonly DemoArray[]): Promise<Before> => ({
  listings: await Promise.all(arrays.map((array) => array.listing())),
  volumeIds: (await Promise.all(arrays.map((array) => array.volumes()))).flat().map(({ id }) => id),
});

/** Which call of the array carries out which verb of a plan. */
const arrayVerbs: Readonly<Record<string, string>> = {
  ensureVolumes: 'create',
  expandVolumes: 'setVolumeSize',
  ensureExports: 'addMappedSdc',
  ensureExportsAbsent: 'removeMappedSdc',
  ensureVolumesAbsent: 'removeVolume',
};

export const nameOfCall = ({ verb, path, effect }: ArrayChange): string =>
  `${path.endsWith('/types/Volume/instances') ? 'create' : verb}${effect === 'done' ? '' : ' (refused)'}`;

export const counted = (calls: readonly string[]): string =>
  [...new Set(calls)]
    .sort()
    .map((call) => `${call} ×${calls.filter((other) => other === call).length}`)
    .join(', ');

const callsOf = (planned: readonly PlannedCall[]): string[] =>
  planned.flatMap(({ verb, items }) => (arrayVerbs[verb] ? Array.from({ length: items }, () => arrayVerbs[verb] ?? '') : []));

export const changesOn = async (arrays: readonly DemoArray[]): Promise<ArrayChange[]> =>
  (await Promise.all(arrays.map((array) => array.changes()))).flat();

/** Changing calls that named an object which was there before the demo. */
const foreignTouched = (changes: readonly ArrayChange[], before: readonly string[]): ArrayChange[] =>
  changes.filter(({ ids, path }) => before.some((id) => ids.includes(id) || path.includes(`::${id}/`)));

const compareCalls = ({ screen, planned, explained }: World, changes: readonly ArrayChange[]): void => {
  const announced = callsOf(planned);
  const done = counted(changes.map(nameOfCall));
  screen.line(`planned: ${counted(announced)}`);
  for (const { because, calls } of explained) screen.line(`besides: ${counted(calls)}: ${because}`);
  screen.line(`done:    ${done}`);
  screen.seen(
    counted([...announced, ...explained.flatMap(({ calls }) => calls)]) === done,
    `the arrays’ logs of changing calls are exactly the plans’${explained.length > 0 ? ' and what is explained here' : ''}`,
  );
};

/** Holds the arrays against what they were, and all they were told against what was planned. How many foreign objects were touched. */
export const settleAccounts = async (world: World, before: Before): Promise<number> => {
  const { screen, arrays } = world;
  const after = await Promise.all(arrays.map((array) => array.listing()));
  screen.seen(
    after.join('\n') === before.listings.join('\n'),
    'the listing taken through the arrays’ own API is byte for byte what it was',
  );
  const changes = await changesOn(arrays);
  compareCalls(world, changes);
  const touched = foreignTouched(changes, before.volumeIds);
  screen.seen(touched.length === 0, `foreign objects touched: ${touched.length}`);
  return touched.length;
};
