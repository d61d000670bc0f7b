import { beforeEach, describe, expect, it } from 'vitest';
import { createExport } from '../../../core/export/create.ts';
import { deleteExport, updateExport } from '../../../core/export/update.ts';
import { createVolumes } from '../../../core/volume/create.ts';
import { deleteVolumes } from '../../../core/volume/delete.ts';
import { expandVolume } from '../../../core/volume/expand.ts';
import type { ItemAnswer } from '../../../drivers/sdk/verbs.ts';
import { exportCreateSteps } from '../../../statemachines/export-create/steps.ts';
import { exportDeleteSteps } from '../../../statemachines/export-delete/steps.ts';
import { exportUpdateSteps } from '../../../statemachines/export-update/steps.ts';
import { volumeCreateSteps } from '../../../statemachines/volume-create/steps.ts';
import { volumeDeleteSteps } from '../../../statemachines/volume-delete/steps.ts';
import { volumeExpandSteps } from '../../../statemachines/volume-expand/steps.ts';
import { exportOrder, madeExport, noChange, pairRows, readAnswers } from '../../support/block-exports.ts';
import { anOrder, lastTask, madeVolumes, observed } from '../../support/block-volumes.ts';
import { asked, aWorld, endStarted, gib, poolIdOf, startedOperation, type World } from '../../support/block-world.ts';

let world: World;
beforeEach(() => {
  world = aWorld();
});

const managed = () => world.row(poolIdOf(1))?.['managedBytes'];
const failure = { code: 'array.refused', message: 'why it failed' };

/** What a look finds: nothing, or a volume. */
const nothing = (ref: string): ItemAnswer<unknown> => ({ ref, status: 'done', outcome: 'found' });
const found = (ref: string, patch: Parameters<typeof observed>[1] & { nativeId: string }): ItemAnswer<unknown> => ({
  ...nothing(ref),
  nativeId: patch.nativeId,
  observed: observed(patch.nativeId, patch),
});

describe('a creation that needs repair', () => {
  const planned = async () => {
    await createVolumes(world.ports, asked(), anOrder({ count: 2 }));
    return startedOperation(world, volumeCreateSteps).plan.volumes;
  };

  it('accepts what the array has, volume by volume, and gives the capacity of the others back', async () => {
    const [one, two] = await planned();
    const answers = [found(one?.id ?? '', { nativeId: 'n1', name: one?.nativeName ?? '' }), nothing(two?.id ?? '')];
    await endStarted(world, volumeCreateSteps, { how: 'accept', answers, failure });
    expect(world.row(one?.id ?? '')).toMatchObject({ state: 'ready', nativeId: 'n1' });
    expect(world.row(two?.id ?? '')).toMatchObject({ state: 'deleted', inactive: true });
    expect(lastTask(world, one?.id ?? '')).toMatchObject({ state: 'ready' });
    expect(lastTask(world, two?.id ?? '')).toMatchObject({ state: 'error', serviceError: { details: 'why it failed' } });
    expect(managed()).toBe(8 * gib);
  });

  it.each([
    ['size', { sizeBytes: 16 * gib }],
    ['pool', { poolNativeId: 'sp-9' }],
    ['provisioning type', { provisioningType: 'thick' as const }],
    ['time of creation', { createdAt: '2020-01-01T00:00:00.000Z' }],
    ['kind', { kind: 'snapshot' as const }],
    ['owner', { managedElsewhere: 'replicated' }],
  ])('does not accept a volume of the planned name whose %s is another', async (what, patch) => {
    const [one, two] = await planned();
    const answers = [found(one?.id ?? '', { nativeId: 'n1', name: one?.nativeName ?? '', ...patch }), nothing(two?.id ?? '')];
    const before = world.rows.dump();
    await expect(endStarted(world, volumeCreateSteps, { how: 'accept', answers })).rejects.toThrow(`its ${what} differs`);
    expect(world.rows.dump()).toBe(before);
  });

  it('released, forgets the volumes, gives the capacity back and says what may be left', async () => {
    const [one] = await planned();
    await endStarted(world, volumeCreateSteps, { how: 'release', failure });
    expect(world.row(one?.id ?? '')).toMatchObject({ state: 'released', inactive: true });
    expect(world.row(one?.id ?? '')).not.toHaveProperty('activeTaskId');
    expect(lastTask(world, one?.id ?? '')?.['serviceError']).toMatchObject({
      details: expect.stringContaining(one?.nativeName ?? 'no name'),
    });
    expect(managed()).toBe(0);
  });

  it('is looked at by the planned names', async () => {
    await planned();
    const { plan } = startedOperation(world, volumeCreateSteps);
    expect(volumeCreateSteps.resolve?.look(plan)).toMatchObject([
      { verb: 'readVolumes', input: { items: [{ volume: { kind: 'planned' } }, { volume: { kind: 'planned' } }] } },
    ]);
  });
});

const recordOf = (id: string) => {
  const row = world.row(id);
  return { nativeId: String(row?.['nativeId']), name: String(row?.['nativeName']), createdAt: String(row?.['nativeCreatedAt']) };
};

describe('an expansion that needs repair', () => {
  let id = '';
  beforeEach(async () => {
    [id = ''] = await madeVolumes(world);
    await expandVolume(world.ports, asked(), { volumeId: id, newSize: '24GB' });
  });
  const accept = (sizeBytes: number) =>
    endStarted(world, volumeExpandSteps, { how: 'accept', answers: [found(id, { ...recordOf(id), sizeBytes })], failure });

  it.each([
    { sizeGib: 8, state: 'error', requested: 8 },
    { sizeGib: 16, state: 'error', requested: 8 },
    { sizeGib: 24, state: 'ready', requested: 24 },
    { sizeGib: 32, state: 'ready', requested: 24 },
  ])('accepts $sizeGib GiB as the size, and counts that', async ({ sizeGib, state, requested }) => {
    await accept(sizeGib * gib);
    expect(world.row(id)).toMatchObject({ state: 'ready', provisionedBytes: sizeGib * gib, requestedBytes: requested * gib });
    expect(lastTask(world, id)).toMatchObject({ state });
    expect(managed()).toBe(sizeGib * gib);
  });

  it('accepts neither a smaller volume nor another one nor none', async () => {
    await expect(accept(4 * gib)).rejects.toThrow('its size differs');
    const other = { ...recordOf(id), name: 'theirs', sizeBytes: 24 * gib };
    await expect(endStarted(world, volumeExpandSteps, { how: 'accept', answers: [found(id, other)] })).rejects.toThrow('its name differs');
    await expect(endStarted(world, volumeExpandSteps, { how: 'accept', answers: [nothing(id)] })).rejects.toThrow('not on the array');
  });

  it('releases nothing', async () => {
    await expect(endStarted(world, volumeExpandSteps, { how: 'release' })).rejects.toThrow('not released');
  });
});

describe('a deletion that needs repair', () => {
  let ids: string[] = [];
  beforeEach(async () => {
    ids = await madeVolumes(world, { count: 2 });
    await deleteVolumes(world.ports, asked(), { ids, from: 'body', mode: 'destroy' });
  });

  it('accepts that what is gone is gone, and that what is there stays', async () => {
    const [gone = '', there = ''] = ids;
    const answers = [nothing(gone), found(there, recordOf(there))];
    await endStarted(world, volumeDeleteSteps, { how: 'accept', answers, failure });
    expect(world.row(gone)).toMatchObject({ state: 'deleted', inactive: true });
    expect(world.row(there)).toMatchObject({ state: 'ready', inactive: false });
    expect(managed()).toBe(8 * gib);
  });

  it('does not accept another volume in the place of the recorded one', async () => {
    const [gone = '', there = ''] = ids;
    const answers = [nothing(gone), found(there, { ...recordOf(there), name: 'theirs' })];
    await expect(endStarted(world, volumeDeleteSteps, { how: 'accept', answers })).rejects.toThrow('its name differs');
  });

  it('released, forgets the volumes and that they were ours', async () => {
    await endStarted(world, volumeDeleteSteps, { how: 'release' });
    for (const id of ids) expect(world.row(id)).toMatchObject({ state: 'released', inactive: true });
    expect(world.rows.all('Inventory').filter(({ pk }) => pk.startsWith('NATIVE#'))).toEqual([]);
    expect(managed()).toBe(0);
  });

  it('discarded, is destroyed by the recorded identity', () => {
    const { plan } = startedOperation(world, volumeDeleteSteps);
    expect(volumeDeleteSteps.resolve?.discard?.(plan)).toMatchObject([
      { verb: 'ensureVolumesAbsent', input: { items: [{ volume: { kind: 'committed' } }, { volume: { kind: 'committed' } }] } },
    ]);
  });
});

describe('an export that needs repair', () => {
  let volumeId = '';
  beforeEach(async () => {
    [volumeId = ''] = await madeVolumes(world);
  });
  const order = () => createExport(world.ports, asked(), exportOrder({ volumes: [{ id: volumeId }] }));

  it('is accepted when the array has every new mapping', async () => {
    await order();
    const { plan } = startedOperation(world, exportCreateSteps);
    await endStarted(world, exportCreateSteps, { how: 'accept', answers: readAnswers({ 0: ['sdc-1'] }), learned: { ReadExports: [] } });
    expect(world.row(plan.groupId)).toMatchObject({ state: 'ready' });
    expect(pairRows(world, volumeId)).toMatchObject([{ groups: [plan.groupId], origin: 'made' }]);
    expect(world.row(volumeId)).not.toHaveProperty('activeTaskId');
  });

  it('is not accepted when one is missing', async () => {
    await order();
    await expect(endStarted(world, exportCreateSteps, { how: 'accept', answers: readAnswers({ 0: [] }) })).rejects.toThrow(
      '0 of the 1 new mappings',
    );
  });

  it('released, is forgotten, and its volumes are free', async () => {
    await order();
    const { plan } = startedOperation(world, exportCreateSteps);
    await endStarted(world, exportCreateSteps, { how: 'release' });
    expect(world.row(plan.groupId)).toMatchObject({ state: 'deleted', inactive: true });
    expect(pairRows(world, volumeId)).toEqual([]);
    expect(world.row(volumeId)).not.toHaveProperty('activeTaskId');
  });

  it('updated, keeps the mappings that are still there and drops those that are not', async () => {
    const groupId = await madeExport(world, { volumes: [{ id: volumeId }] });
    const remove = { ...noChange, groupId, volumes: { add: [], remove: [volumeId] } };
    await updateExport(world.ports, asked(), remove);
    await endStarted(world, exportUpdateSteps, { how: 'accept', answers: readAnswers({ 0: ['sdc-1'] }) });
    expect(world.row(groupId)).toMatchObject({ state: 'ready', volumes: [{ id: volumeId }] });
    expect(pairRows(world, volumeId)).toHaveLength(1);
    await updateExport(world.ports, asked(), remove);
    await endStarted(world, exportUpdateSteps, { how: 'accept', answers: readAnswers({ 0: [] }) });
    expect(world.row(groupId)).toMatchObject({ state: 'ready', volumes: [] });
    expect(pairRows(world, volumeId)).toEqual([]);
  });

  it('updated, is not accepted without its new mappings, and never released', async () => {
    const groupId = await madeExport(world, {});
    await updateExport(world.ports, asked(), { ...noChange, groupId, volumes: { add: [{ id: volumeId }], remove: [] } });
    await expect(endStarted(world, exportUpdateSteps, { how: 'accept', answers: readAnswers({ 0: [] }) })).rejects.toThrow('new mappings');
    await expect(endStarted(world, exportUpdateSteps, { how: 'release' })).rejects.toThrow('not released');
  });

  it('deleted, is gone when the array has no mapping left, and stays when it has', async () => {
    const groupId = await madeExport(world, { volumes: [{ id: volumeId }] });
    await deleteExport(world.ports, asked(), groupId);
    await endStarted(world, exportDeleteSteps, { how: 'accept', answers: readAnswers({ 0: ['sdc-1'] }), failure });
    expect(world.row(groupId)).toMatchObject({ state: 'ready', inactive: false });
    await deleteExport(world.ports, asked(), groupId);
    await endStarted(world, exportDeleteSteps, { how: 'accept', answers: readAnswers({ 0: [] }), failure });
    expect(world.row(groupId)).toMatchObject({ inactive: true });
  });

  it('deleted and released, is forgotten with its mappings, which the array may still have', async () => {
    const groupId = await madeExport(world, { volumes: [{ id: volumeId }] });
    await deleteExport(world.ports, asked(), groupId);
    await endStarted(world, exportDeleteSteps, { how: 'release' });
    expect(world.row(groupId)).toMatchObject({ inactive: true });
    expect(pairRows(world, volumeId)).toEqual([]);
  });

  it('deleted and discarded, is unmapped again', async () => {
    const groupId = await madeExport(world, { volumes: [{ id: volumeId }] });
    await deleteExport(world.ports, asked(), groupId);
    const { plan } = startedOperation(world, exportDeleteSteps);
    expect(exportDeleteSteps.resolve?.discard?.(plan)).toMatchObject([{ verb: 'ensureExportsAbsent' }]);
  });
});
