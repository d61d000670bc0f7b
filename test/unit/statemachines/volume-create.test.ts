import { beforeEach, describe, expect, it } from 'vitest';
import { createVolumes } from '../../../core/volume/create.ts';
import { volumeIdOfName } from '../../../core/volume/native-name.ts';
import { volumeCreateSteps } from '../../../statemachines/volume-create/steps.ts';
import { anOrder, done, lastTask, listed, madeVolumes, observed } from '../../support/block-volumes.ts';
import {
  aPool,
  aProvider,
  aSystem,
  asked,
  aVpool,
  aWorld,
  endStarted,
  gib,
  otherProviderId,
  poolIdOf,
  projectId,
  startedAt,
  startedOperation,
  type World,
} from '../../support/block-world.ts';

let world: World;
beforeEach(() => {
  world = aWorld();
});

const order = (count: number) => createVolumes(world.ports, asked(), anOrder({ count }));

const calls = (kind: 'run' | 'undo') => {
  const { plan } = startedOperation(world, volumeCreateSteps);
  const { run, undo } = volumeCreateSteps.steps['EnsureVolumes'] ?? {};
  return (kind === 'run' ? run?.(plan, {}) : undo?.(plan, {}, {})) ?? [];
};

describe('the workflow that makes volumes', () => {
  it('asks each array once, for volumes of our name and of the planned size', async () => {
    await order(2);
    const [call, ...others] = calls('run');
    expect(others).toEqual([]);
    expect(call).toMatchObject({
      verb: 'ensureVolumes',
      input: { items: [{ systemNativeId: 'pd-1', poolNativeId: 'sp-1', sizeBytes: 8 * gib }, {}] },
    });
    const items = call?.verb === 'ensureVolumes' ? call.input.items : [];
    expect(items.map(({ name }) => volumeIdOfName({ prefix: 'p', mark: 'abc123' }, name))).toEqual(items.map(({ ref }) => ref));
  });

  it('asks two arrays side by side when the volumes are spread', async () => {
    const system = aSystem({ id: 'urn:storageos:StorageSystem:00000000-0000-4000-8000-0000000000aa:vdc1', providerId: otherProviderId });
    world.put(aProvider({ id: otherProviderId, arrayId: 'array-2' }), system);
    world.put(
      aPool({ n: 1, maxResources: 1 }),
      aPool({ n: 3, providerId: otherProviderId, arrayId: 'array-2', systemId: system.id, maxResources: 1 }),
    );
    await order(2);
    expect(calls('run').map(({ providerId, input }) => [providerId, (input as { items: [] }).items.length])).toEqual([
      [startedOperation(world, volumeCreateSteps).plan.pools[0]?.providerId, 1],
      [otherProviderId, 1],
    ]);
  });

  it('undoes by the planned name, and nothing that was there before the order', async () => {
    await order(1);
    expect(calls('undo')).toMatchObject([
      {
        verb: 'ensureVolumesAbsent',
        input: {
          items: [
            { volume: { kind: 'planned', poolNativeId: 'sp-1', sizeBytes: 8 * gib, provisioningType: 'thin', notBefore: startedAt } },
          ],
        },
      },
    ]);
  });

  it('makes the volumes ready with what the array told, findable by their native id, and unlocks them', async () => {
    const [id = ''] = await madeVolumes(world);
    const volume = world.row(id);
    expect(volume).toMatchObject({ state: 'ready', nativeCreatedAt: startedAt, wwn: expect.stringMatching(/^wwn-/) });
    expect(volume?.['activeTaskId']).toBeUndefined();
    expect(listed(world, 'NATIVE#array-1#volume')).toEqual([id]);
    expect(lastTask(world, id)).toMatchObject({ state: 'ready' });
    expect(world.row(poolIdOf(1))?.['managedBytes']).toBe(8 * gib);
  });

  it('commits one volume with 5 writes, the operation and the task included', async () => {
    await madeVolumes(world);
    expect(world.rows.transactions.at(-1)).toHaveLength(5);
  });

  it('does not commit without knowing what was made', async () => {
    await order(1);
    const id = startedOperation(world, volumeCreateSteps).plan.volumes[0]?.id ?? '';
    const nameless = { ref: id, status: 'done', observed: undefined } as const;
    await expect(endStarted(world, volumeCreateSteps, { how: 'commit', answers: [nameless] })).rejects.toThrow(
      'did not say which volume it made',
    );
  });

  it('takes the native id from what the driver observed, when it does not name it beside', async () => {
    await order(1);
    const id = startedOperation(world, volumeCreateSteps).plan.volumes[0]?.id ?? '';
    await endStarted(world, volumeCreateSteps, { how: 'commit', answers: [{ ref: id, status: 'done', observed: observed('n1') }] });
    expect(world.row(id)).toMatchObject({ nativeId: 'n1' });
  });

  it('leaves nothing after a failure: no capacity, no name, no lock, and a task that says why', async () => {
    await order(2);
    const ids = startedOperation(world, volumeCreateSteps).plan.volumes.map(({ id }) => id);
    await endStarted(world, volumeCreateSteps, { how: 'rollBack', failure: { code: 'space.exhausted', message: 'the pool is full' } });
    expect(world.row(poolIdOf(1))).toMatchObject({ managedBytes: 0 });
    expect(listed(world, `LIST#${projectId}#Volume`)).toEqual([]);
    for (const id of ids) {
      expect(world.row(id)).toMatchObject({ inactive: true, state: 'deleted' });
      expect(world.row(id)?.['activeTaskId']).toBeUndefined();
      expect(lastTask(world, id)).toMatchObject({ state: 'error', serviceError: { code: 66001, details: 'the pool is full' } });
    }
    await order(2);
    expect(listed(world, `LIST#${projectId}#Volume`)).toHaveLength(2);
  });

  it('gives thick capacity back as thick', async () => {
    world.put(aVpool({ provisioningType: 'thick' }));
    await order(1);
    await endStarted(world, volumeCreateSteps, { how: 'rollBack' });
    expect(world.row(poolIdOf(1))).toMatchObject({ managedBytes: 0, managedThickBytes: 0 });
  });

  it('rolls back also when the pool is gone from the records', async () => {
    await order(1);
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: { pk: poolIdOf(1), sk: 'RESOURCE' } }]);
    await endStarted(world, volumeCreateSteps, { how: 'rollBack', failure: { code: 'Cancelled', message: 'it was cancelled' } });
    const id = startedOperation(world, volumeCreateSteps).plan.volumes[0]?.id ?? '';
    expect(lastTask(world, id)).toMatchObject({ serviceError: { code: 14011 } });
  });

  it('writes nothing for an operation that lost its lock', async () => {
    await order(1);
    const id = startedOperation(world, volumeCreateSteps).plan.volumes[0]?.id ?? '';
    const row = world.row(id);
    if (row) world.rows.seed('Inventory', [{ ...row, activeTaskId: 'another' }]);
    const before = world.rows.dump();
    await expect(endStarted(world, volumeCreateSteps, { how: 'commit', answers: [done(id, 'n')] })).rejects.toMatchObject({
      code: 'resource.changed',
    });
    await expect(endStarted(world, volumeCreateSteps, { how: 'rollBack' })).rejects.toMatchObject({ code: 'resource.changed' });
    expect(world.rows.dump()).toBe(before);
  });

  it('skips what a damaged plan points nowhere', async () => {
    await order(1);
    const { plan } = startedOperation(world, volumeCreateSteps);
    expect(volumeCreateSteps.steps['EnsureVolumes']?.run({ ...plan, pools: [] }, {})).toEqual([]);
  });
});
