import { beforeEach, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../../core/request.ts';
import { deleteVolumes, type VolumeDeletion } from '../../../../core/volume/delete.ts';
import { volumeDeleteSteps } from '../../../../statemachines/volume-delete/steps.ts';
import { done, lastTask, listed, madeVolumes, rejected } from '../../../support/block-volumes.ts';
import {
  aProvider,
  asked,
  aVpool,
  aWorld,
  endStarted,
  gib,
  initiatorIdOf,
  poolIdOf,
  projectId,
  startedOperation,
  stranger,
  type World,
} from '../../../support/block-world.ts';

let world: World;
beforeEach(() => {
  world = aWorld();
});

const remove = (ids: readonly string[], patch: Partial<VolumeDeletion> = {}, request = asked()) =>
  deleteVolumes(world.ports, request, { ids, from: 'path', mode: 'destroy', ...patch });

const managed = () => world.row(poolIdOf(1))?.['managedBytes'];

describe('deleting volumes', () => {
  it('locks the volume, keeps its capacity, and answers one task', async () => {
    const [id = ''] = await madeVolumes(world);
    await expect(remove([id])).resolves.toMatchObject({ name: 'DELETE VOLUME', state: 'pending', resource: { id } });
    expect(world.row(id)).toMatchObject({ state: 'deleting', inactive: false });
    expect(managed()).toBe(8 * gib);
    expect(world.started.at(-1)?.workflow).toBe('volume-delete');
  });

  it('names to the array all that tells the volume from others', async () => {
    const [id = ''] = await madeVolumes(world);
    await remove([id]);
    const { plan } = startedOperation(world, volumeDeleteSteps);
    const volume = world.row(id);
    const item = {
      ref: id,
      volume: {
        kind: 'committed',
        nativeId: volume?.['nativeId'],
        expectedName: volume?.['nativeName'],
        createdAt: volume?.['nativeCreatedAt'],
        sizeBytes: 8 * gib,
        poolNativeId: 'sp-1',
      },
    };
    expect(volumeDeleteSteps.steps['EnsureVolumesAbsent']?.run(plan, {})).toMatchObject([
      { verb: 'ensureVolumesAbsent', input: { items: [item] } },
    ]);
    expect(volumeDeleteSteps.look?.(plan, {})).toMatchObject([{ verb: 'readVolumes', input: { items: [item] } }]);
  });

  it('ends each of several by itself: what is gone gives its capacity back, what is rejected is as it was', async () => {
    const [gone = '', kept = ''] = await madeVolumes(world, { count: 2 });
    await expect(remove([gone, kept, gone], { from: 'body' })).resolves.toMatchObject({
      task: [{ resource: { id: gone } }, { resource: { id: kept } }],
    });
    await endStarted(world, volumeDeleteSteps, { how: 'commit', answers: [done(gone), rejected(kept)] });
    expect(world.row(gone)).toMatchObject({ inactive: true, state: 'deleted' });
    expect(world.row(kept)).toMatchObject({ inactive: false, state: 'ready' });
    expect(world.row(kept)?.['activeTaskId']).toBeUndefined();
    expect(managed()).toBe(8 * gib);
    expect(listed(world, `LIST#${projectId}#Volume`)).toEqual([kept]);
    expect(listed(world, 'NATIVE#array-1#volume')).toEqual([kept]);
    expect(lastTask(world, gone)).toMatchObject({ state: 'ready' });
    expect(lastTask(world, kept)).toMatchObject({ state: 'error', serviceError: { details: 'it is mapped' } });
  });

  it('after a failure believes the array: what it still has stays, what it has not is gone', async () => {
    const [gone = '', kept = '', unknown = ''] = await madeVolumes(world, { count: 3 });
    await remove([gone, kept, unknown], { from: 'body' });
    const failure = { code: 'array.unreachable', message: 'nobody answered' };
    await endStarted(world, volumeDeleteSteps, { how: 'rollBack', failure, answers: [done(gone), done(kept, 'n')] });
    expect(world.row(gone)).toMatchObject({ state: 'deleted' });
    expect(lastTask(world, gone)).toMatchObject({ state: 'ready' });
    for (const id of [kept, unknown]) {
      expect(world.row(id)).toMatchObject({ state: 'ready' });
      expect(lastTask(world, id)).toMatchObject({ state: 'error', serviceError: { details: 'nobody answered' } });
    }
  });

  it('shows in a dry run what would be called, and stores nothing', async () => {
    const [id = ''] = await madeVolumes(world);
    const before = world.rows.dump();
    await expect(remove([id], {}, asked({ dryRun: true }))).resolves.toMatchObject({
      plan: { calls: [{ verb: 'ensureVolumesAbsent', items: 1 }], volumes: [{ id }] },
    });
    await expect(remove([id], { mode: 'release' }, asked({ dryRun: true }))).resolves.toMatchObject({ plan: { calls: [] } });
    expect(world.rows.dump()).toBe(before);
  });
});

describe('releasing volumes', () => {
  it('forgets the record at once, asks nothing of the array, and gives the capacity back', async () => {
    world.put(aVpool({ provisioningType: 'thick' }));
    const [id = '', other = ''] = await madeVolumes(world, { count: 2 });
    const starts = world.started.length;
    await expect(remove([id], { mode: 'release' })).resolves.toMatchObject({ state: 'ready', progress: 100, resource: { id } });
    expect(world.row(id)).toMatchObject({ inactive: true, state: 'released' });
    expect(world.row(poolIdOf(1))).toMatchObject({ managedBytes: 8 * gib, managedThickBytes: 8 * gib, managedCount: 1, foreignCount: 1 });
    expect(world.started).toHaveLength(starts);
    expect(listed(world, 'NATIVE#array-1#volume')).toEqual([other]);
    expect(world.rows.all('Tasks').filter((row) => row['openPk'] !== undefined)).toHaveLength(0);
    await expect(remove([other], { mode: 'release', from: 'body' })).resolves.toMatchObject({ task: [{ state: 'ready' }] });
  });

  it('releases also what has no native id on record', async () => {
    const [id = ''] = await madeVolumes(world);
    const row = world.row(id);
    if (row) world.rows.seed('Inventory', [{ ...row, nativeId: undefined }]);
    await expect(remove([id], { mode: 'release' })).resolves.toMatchObject({ state: 'ready' });
  });

  it('is left to tasks that run when one transaction does not take all', async () => {
    const ids = await madeVolumes(world, { count: 2 });
    for (const id of ids) {
      const row = world.row(id);
      if (row) world.rows.seed('Inventory', [{ ...row, tags: Array.from({ length: 45 }, (_, n) => `tag-${n}`) }]);
    }
    await expect(remove(ids, { mode: 'release', from: 'body' })).resolves.toMatchObject({
      task: [{ state: 'pending' }, { state: 'pending' }],
    });
    const { operation } = startedOperation(world, volumeDeleteSteps);
    expect(volumeDeleteSteps.steps['EnsureVolumesAbsent']?.run(startedOperation(world, volumeDeleteSteps).plan, {})).toEqual([]);
    expect(operation.state).toBe('accepted');
  });

  it('frees the name for another volume', async () => {
    const [id = ''] = await madeVolumes(world);
    await remove([id], { mode: 'release' });
    await expect(madeVolumes(world)).resolves.toHaveLength(1);
  });
});

type How = Partial<VolumeDeletion> & { request?: RequestContext };

describe('a deletion that cannot be', () => {
  const refused = async (ids: readonly string[], expected: { code: string; message?: unknown }, how: How = {}) => {
    const { request = asked(), ...patch } = how;
    const before = world.rows.dump();
    await expect(remove(ids, patch, request)).rejects.toMatchObject(expected);
    expect(world.rows.dump()).toBe(before);
  };

  it('refuses a volume that is mapped, destroying and releasing alike', async () => {
    const [id = ''] = await madeVolumes(world);
    world.rows.seed('Inventory', [{ pk: id, sk: `EXPORT#${initiatorIdOf(1)}` }]);
    for (const mode of ['destroy', 'release'] as const)
      await refused([id], { code: 'resource.inUse', message: expect.stringContaining('is exported') }, { mode });
  });

  it('refuses a volume in an export group that maps it to nobody yet, and with it the whole request', async () => {
    const [id = '', other = ''] = await madeVolumes(world, { count: 2 });
    world.rows.seed('Inventory', [{ pk: `LIST#${id}#ExportGroup`, sk: 'g', id: 'g', name: 'cluster-a' }]);
    await refused(
      [other, id],
      { code: 'resource.inUse', message: expect.stringContaining('in the export group cluster-a') },
      { from: 'body' },
    );
  });

  it('refuses a volume that a task works on, is being deleted, or is not ready', async () => {
    const [id = ''] = await madeVolumes(world);
    const row = world.row(id) ?? { pk: '', sk: '' };
    world.rows.seed('Inventory', [{ ...row, activeTaskId: 'urn:t' }]);
    await refused([id], { code: 'resource.busy', message: expect.stringContaining('urn:t') });
    world.rows.seed('Inventory', [{ ...row, activeTaskId: 'urn:t', state: 'deleting' }]);
    await refused([id], { code: 'resource.deleting' });
    world.rows.seed('Inventory', [{ ...row, state: 'error' }]);
    await refused([id], { code: 'resource.inUse', message: expect.stringContaining('is error, not ready') });
  });

  it('finds nothing of another tenant', async () => {
    const [id = ''] = await madeVolumes(world);
    await refused([id], { code: 'resource.notFound' }, { request: asked({ principal: stranger }) });
    await refused([id], { code: 'resource.referenceNotFound' }, { from: 'body', request: asked({ principal: stranger }) });
  });

  it('refuses what is removed already', async () => {
    const [id = ''] = await madeVolumes(world);
    await remove([id], { mode: 'release' });
    await refused([id], { code: 'resource.inactive' });
  });

  it.each([
    { mode: 'destroy', text: 'id: 101 volumes are more than the 100 that one request may delete' },
    { mode: 'release', text: 'id: 101 volumes are more than the 100 that one request may release' },
  ] as const)('refuses to $mode more than 100', async ({ mode, text }) => {
    const ids = Array.from({ length: 101 }, (_, n) => `v${n}`);
    await refused(ids, { code: 'request.limit', message: text }, { from: 'body', mode });
  });

  it('refuses to destroy while the provider is frozen, and says why it is', async () => {
    const [id = ''] = await madeVolumes(world);
    world.put(aProvider({ operations: 'frozen', brakeReason: 'another array answered' }));
    await refused([id], { code: 'operations.frozen', message: expect.stringContaining('frozen (another array answered)') });
    world.put(aProvider({ operations: 'drain' }));
    await refused([id], { code: 'operations.drain', message: expect.stringContaining('set to drain; ') });
  });

  it('refuses when the pool or the native id is not known', async () => {
    const [id = ''] = await madeVolumes(world);
    const row = world.row(id);
    if (row) world.rows.seed('Inventory', [{ ...row, nativeId: undefined }]);
    await refused([id], { code: 'resource.inUse', message: expect.stringContaining('was not made on its array') });
    if (row) world.rows.seed('Inventory', [row]);
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: { pk: poolIdOf(1), sk: 'RESOURCE' } }]);
    await refused([id], { code: 'resource.cannotDelete' });
  });

  it('refuses a request that names nothing', async () => {
    await refused([], { code: 'request.invalid' }, { from: 'body' });
    await refused([], { code: 'request.invalid' }, { from: 'body', mode: 'release' });
  });
});
