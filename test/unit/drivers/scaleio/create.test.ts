import { describe, expect, it } from 'vitest';
import { ensureVolumes } from '../../../../drivers/scaleio/create.ts';
import type { Run } from '../../../../drivers/scaleio/run.ts';
import { arrayRefuses, fakeGateway, volumeMissing } from '../../../support/fake-gateway.ts';

const hex = (index: number) => index.toString(16).padStart(16, '0');
const gibibytes8 = 8 * 1024 ** 3;
const pool = hex(0xf);

const volumeOf = (index: number, name: string) => ({
  id: hex(index),
  name,
  sizeInKb: gibibytes8 / 1024,
  storagePoolId: pool,
  volumeType: 'ThinProvisioned',
  creationTime: 1_700_000_000,
});
type Volume = ReturnType<typeof volumeOf>;

interface World {
  volumes: Volume[];
  /** By the array's own count; more than there are, to make it large. */
  counted?: number;
  /** What the array does not tell. */
  refuses?: string;
  /** Gone since the list was read. */
  removed?: string;
}

/** An array that makes volumes, told from what it would answer. */
const arrayOf = (world: World) => {
  const made = (body: unknown) => {
    const volume = volumeOf(0x1000 + world.volumes.length, (body as { name: string }).name);
    world.volumes.push(volume);
    return { id: volume.id };
  };
  const byId = (id: string | undefined) => {
    const found = world.volumes.find((volume) => volume.id === id);
    if (found === undefined) throw volumeMissing();
    return found;
  };
  const listed = () => {
    const all = [...world.volumes];
    world.volumes = world.volumes.filter(({ name }) => name !== world.removed);
    return all;
  };
  const counts = () => ({
    [pool]: { numOfThickBaseVolumes: 0, numOfThinBaseVolumes: world.counted ?? world.volumes.length, numOfSnapshots: 0 },
  });
  const answers: readonly [RegExp, (body: unknown, path: string) => unknown][] = [
    [/querySelectedStatistics$/, counts],
    [/queryIdByKey$/, (body) => byId(world.volumes.find(({ name }) => name === (body as { name: string }).name)?.id).id],
    [/queryBySelectedIds$/, (body) => (body as { ids: string[] }).ids.map(byId)],
    [/Volume\/instances$/, (body) => (body === undefined ? listed() : made(body))],
    [/Volume::/, (_, path) => byId(path.split('::')[1])],
  ];
  const { gateway, calls } = fakeGateway({
    answer: (path, body) => {
      if (world.refuses !== undefined && path.endsWith(world.refuses)) throw arrayRefuses();
      return answers.find(([pattern]) => pattern.test(path))?.[1](body, path);
    },
  });
  const run: Run = { gateway, limits: { atOnce: 1, startUntil: 1, now: () => 0 } };
  return { run, calls };
};

const intents = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...{ ref: `r${index}`, name: `v${index}`, systemNativeId: hex(1), poolNativeId: pool },
    ...{ sizeBytes: gibibytes8, provisioningType: 'thin' as const },
  }));

const outcomesOf = async (run: Run, count: number) => {
  const { items } = await ensureVolumes(run, { items: intents(count) });
  return items.map(({ status, outcome, observed }) => `${status} ${outcome} ${observed?.name}`);
};

const looksIn = (calls: readonly string[]) => calls.filter((path) => path.endsWith('queryIdByKey')).length;

describe('a batch of new volumes', () => {
  it('is looked up in one listing where there are many names and few volumes, and read back at once', async () => {
    const { run, calls } = arrayOf({ volumes: [volumeOf(7, 'v3'), volumeOf(8, 'other')] });
    const outcomes = await outcomesOf(run, 30);
    expect(outcomes).toEqual(Array.from({ length: 30 }, (_, index) => `done ${index === 3 ? 'found' : 'made'} v${index}`));
    expect(looksIn(calls)).toBe(0);
    expect(calls.filter((path) => path.endsWith('queryBySelectedIds'))).toHaveLength(1);
  });

  it.each([
    ['few names', 19, {}],
    ['more volumes than the looks are worth', 30, { counted: 1501 }],
    ['more volumes than one answer should hold', 300, { counted: 10_001 }],
    ['an array that does not tell how many there are', 30, { refuses: 'querySelectedStatistics' }],
  ])('is looked up name by name with %s', async (_, count, world) => {
    const { run, calls } = arrayOf({ volumes: [], ...world });
    expect(new Set((await outcomesOf(run, count)).map((outcome) => outcome.split(' v')[0]))).toEqual(new Set(['done made']));
    expect(looksIn(calls)).toBe(count);
  });

  it('makes a volume anew that was removed since the listing', async () => {
    const { run } = arrayOf({ volumes: [volumeOf(7, 'v3')], removed: 'v3' });
    expect((await outcomesOf(run, 30))[3]).toBe('done made v3');
  });

  it('is uncertain where it cannot be read back, but for what was there before', async () => {
    const { run } = arrayOf({ volumes: [volumeOf(7, 'v1')], refuses: 'queryBySelectedIds' });
    expect(await outcomesOf(run, 3)).toEqual(['uncertain undefined undefined', 'done found v1', 'uncertain undefined undefined']);
  });

  it('refuses one that is there and is another, alone', async () => {
    const { run } = arrayOf({ volumes: [{ ...volumeOf(7, 'v1'), sizeInKb: 1024 }] });
    expect(await outcomesOf(run, 3)).toEqual(['done made v0', 'rejected undefined undefined', 'done made v2']);
  });

  it('is read back also when no further volume may be begun', async () => {
    const { run } = arrayOf({ volumes: [] });
    let looks = 0;
    run.limits.now = () => {
      looks += 1;
      return looks > 2 ? 2 : 0;
    };
    expect(await outcomesOf(run, 4)).toEqual([
      ...['done made v0', 'done made v1'],
      ...['inProgress undefined undefined', 'inProgress undefined undefined'],
    ]);
  });
});
