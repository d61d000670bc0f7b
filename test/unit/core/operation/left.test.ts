import { describe, expect, it } from 'vitest';
import { discoveredId } from '../../../../core/discovery/discovered-id.ts';
import { type LeftObject, leftTexts, objectsOf, withoutGone } from '../../../../core/operation/left.ts';
import type { ArrayCall } from '../../../../core/operation/steps.ts';
import type { CommittedVolume, PlannedVolume } from '../../../../drivers/sdk/verbs.ts';
import { workflows } from '../../../../statemachines/registry.ts';
import { readAnswers } from '../../../support/block-exports.ts';
import { aPool, aWorld, providerId } from '../../../support/block-world.ts';

const volume: CommittedVolume = {
  kind: 'committed',
  nativeId: '0f3a',
  expectedName: 'pabc123-one',
  createdAt: '2026-01-01T00:00:00.000Z',
  sizeBytes: 8,
  poolNativeId: 'sp-1',
};
const planned: PlannedVolume = {
  kind: 'planned',
  name: 'pabc123-two',
  poolNativeId: 'sp-1',
  sizeBytes: 8,
  provisioningType: 'thin',
  notBefore: '2026-01-01T00:00:00.000Z',
};
const initiator = { type: 'sdc', id: 'guid-1' } as const;

const removal: ArrayCall = {
  providerId,
  verb: 'ensureVolumesAbsent',
  input: {
    items: [
      { ref: 'a', volume },
      { ref: 'b', volume: planned },
    ],
  },
};
const growth: ArrayCall = { providerId, verb: 'expandVolumes', input: { items: [{ ref: 'a', volume, newSizeBytes: 16 }] } };
const unmapping: ArrayCall = { providerId, verb: 'ensureExportsAbsent', input: { items: [{ ref: '0 0', volume, initiator }] } };

const world = () => {
  const made = aWorld();
  const arrayId = String(made.row(providerId)?.['arrayId']);
  made.put({ ...aPool(), id: discoveredId('StoragePool', arrayId, 'sp-1'), name: 'pool1' });
  return made.rows;
};
const provider = 'at storage provider gateway';
const providerName = () => String(aWorld().row(providerId)?.['name']);
const textsOf = async (...calls: ArrayCall[]) => {
  const texts = await leftTexts(world(), calls.flatMap(objectsOf));
  return texts.map((text) => text.replace(`at storage provider ${providerName()}`, provider));
};
const many = (count: number, name = (n: number) => `pabc123-${n}`): LeftObject[] =>
  Array.from({ length: count }, (_, n) => ({ providerId, ref: String(n), name: name(n), poolNativeId: 'sp-1' }));

describe('what may be left is told', () => {
  it('as volumes with their native ids where they are known, the storage provider and the pool', async () => {
    expect(await textsOf(removal)).toEqual([
      `volume pabc123-one (native id 0f3a) ${provider}, pool pool1`,
      `volume pabc123-two ${provider}, pool pool1`,
    ]);
  });

  it('as a volume that may have grown', async () => {
    expect(await textsOf(growth)).toEqual([`volume pabc123-one (native id 0f3a) ${provider}, pool pool1, perhaps expanded to 16 bytes`]);
  });

  it('as mappings of volumes to initiators', async () => {
    expect(await textsOf(unmapping)).toEqual([`volume pabc123-one (native id 0f3a) mapped to initiator guid-1 ${provider}`]);
  });

  it.each(workflows.map((workflow) => ({ name: workflow.name, workflow })))('for every change that $name makes', ({ workflow }) => {
    const verbs = workflow.steps.map(({ verb, undo }) => undo ?? verb).filter((verb) => verb !== undefined && !verb.startsWith('read'));
    const told: readonly (string | undefined)[] = [removal, growth, unmapping]
      .filter((call) => objectsOf(call).length > 0)
      .map(({ verb }) => verb);
    expect(told).toEqual(expect.arrayContaining(verbs));
  });

  it('without what was only read', () => {
    expect(objectsOf({ providerId, verb: 'readVolumes', input: { items: [{ ref: 'a', volume }] } })).toEqual([]);
  });

  it('by ids where provider and pool are not on record', async () => {
    const left = many(1).map((object) => ({ ...object, providerId: 'gone', poolNativeId: 'sp-9' }));
    expect(await leftTexts(world(), left)).toEqual(['volume pabc123-0 at storage provider gone, pool sp-9']);
  });

  it('with ten names at most, and how many more there are', async () => {
    const texts = await leftTexts(world(), many(50));
    expect(texts).toHaveLength(11);
    expect(texts.at(-1)).toBe('and 40 more');
  });

  it('in about a kilobyte, however long the names are', async () => {
    const texts = await leftTexts(
      world(),
      many(10, (n) => `${n}${'x'.repeat(400)}`),
    );
    expect(Buffer.byteLength(texts.join(''))).toBeLessThan(1024);
    expect(texts.at(-1)).toBe('and 7 more');
  });
});

describe('what a look has shown', () => {
  it('takes away a volume that is not there, and gives its native id to one that is', () => {
    const left = withoutGone(objectsOf(removal), [
      { ref: 'a', status: 'done' },
      { ref: 'b', status: 'done', nativeId: '0f3b', observed: {} },
    ]);
    expect(left).toMatchObject([{ name: 'pabc123-two', nativeId: '0f3b' }]);
  });

  it('leaves what it did not answer for', () => {
    expect(withoutGone(objectsOf(removal), [{ ref: 'a', status: 'rejected' }])).toEqual(objectsOf(removal));
  });

  it.each([
    { mapped: ['guid-1'], left: 1 },
    { mapped: ['guid-2'], left: 0 },
    { mapped: [], left: 0 },
  ])('leaves $left mappings where the volume is mapped to $mapped', ({ mapped, left }) => {
    expect(withoutGone(objectsOf(unmapping), readAnswers({ 0: mapped }))).toHaveLength(left);
  });

  it('leaves no mapping of a volume that is gone', () => {
    expect(withoutGone(objectsOf(unmapping), [{ ref: '0', status: 'done' }])).toEqual([]);
  });

  it('does not take a mapping to an initiator of another type for it', () => {
    const others: ArrayCall = { ...unmapping, input: { items: [{ ref: '0 0', volume, initiator: { type: 'fc', id: 'guid-1' } }] } };
    expect(withoutGone(objectsOf(others), readAnswers({ 0: ['guid-1'] }))).toEqual([]);
  });
});
