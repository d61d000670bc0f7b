import type { ArrayChange } from '../array.ts';
import { orderAsPlanned, type PlannedCall, type World } from '../world.ts';
import type { Provisioned } from './provision.ts';

/** Which call of the array carries out which verb of a plan. */
const arrayVerbs: Readonly<Record<string, string>> = {
  ensureVolumes: 'create',
  expandVolumes: 'setVolumeSize',
  ensureExports: 'addMappedSdc',
  ensureExportsAbsent: 'removeMappedSdc',
  ensureVolumesAbsent: 'removeVolume',
};

const counted = (verbs: readonly string[]): string =>
  [...new Set(verbs)]
    .sort()
    .map((verb) => `${verb} ×${verbs.filter((other) => other === verb).length}`)
    .join(', ');

const plannedVerbs = (planned: readonly PlannedCall[]): string[] =>
  planned.flatMap(({ verb, items }) => (arrayVerbs[verb] ? Array.from({ length: items }, () => arrayVerbs[verb] ?? '') : []));

const doneVerbs = (changes: readonly ArrayChange[]): string[] =>
  changes.map(({ verb, path }) => (path.endsWith('/types/Volume/instances') ? 'create' : verb));

/** Changing calls that named an object which was there before the demo. */
const foreignTouched = (changes: readonly ArrayChange[], before: readonly string[]): ArrayChange[] =>
  changes.filter(({ ids, path }) => before.some((id) => ids.includes(id) || path.includes(`::${id}/`)));

/** Everything that was ordered is taken back; the arrays are as they were. */
export const cleanUp = async (
  world: World,
  provisioned: Provisioned,
  before: { listings: readonly string[]; volumeIds: readonly string[] },
): Promise<number> => {
  const { screen, arrays } = world;
  screen.chapter('Unexport and delete all of it');
  await orderAsPlanned(world, 'delete the export', { path: `/block/exports/${provisioned.exportId}/deactivate` });
  await orderAsPlanned(world, 'delete 3 volumes', { path: '/block/volumes/deactivate', body: { id: provisioned.volumeIds } });
  const after = await Promise.all(arrays.map((array) => array.listing()));
  screen.seen(
    after.join('\n') === before.listings.join('\n'),
    'the listing taken through the arrays’ own API is byte for byte what it was',
  );
  const changes = (await Promise.all(arrays.map((array) => array.changes()))).flat();
  const [planned, done] = [counted(plannedVerbs(world.planned)), counted(doneVerbs(changes))];
  screen.line(`planned: ${planned}`);
  screen.line(`done:    ${done}`);
  screen.seen(
    planned === done && changes.every(({ effect }) => effect === 'done'),
    'the arrays’ logs of changing calls are exactly the plans’',
  );
  const touched = foreignTouched(changes, before.volumeIds);
  screen.seen(touched.length === 0, `foreign objects touched: ${touched.length}`);
  return touched.length;
};
