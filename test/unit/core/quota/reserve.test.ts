import { beforeEach, describe, expect, it } from 'vitest';
import type { Write } from '../../../../core/change.ts';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import { makeUrn } from '../../../../core/urn.ts';
import { createVolumes, type VolumeOrder } from '../../../../core/volume/create.ts';
import { deleteVolumes } from '../../../../core/volume/delete.ts';
import { expandVolume } from '../../../../core/volume/expand.ts';
import { volumeDeleteSteps } from '../../../../statemachines/volume-delete/steps.ts';
import { volumeExpandSteps } from '../../../../statemachines/volume-expand/steps.ts';
import { done, madeVolumes, observed } from '../../../support/block-volumes.ts';
import {
  aProject,
  asked,
  aWorld,
  endStarted,
  gib,
  poolIdOf,
  projectId,
  tenantId,
  varrayId,
  vpoolId,
  type World,
} from '../../../support/block-world.ts';
import { expectQuotasAddUp, limit, liveVolumes, usedGib } from '../../../support/quotas.ts';

let world: World;
beforeEach(() => {
  world = aWorld();
});

const otherProjectId = makeUrn('Project', '00000000-0000-4000-8000-0000000000aa');

const create = (patch: Partial<VolumeOrder> = {}, request = asked()) =>
  createVolumes(world.ports, request, {
    name: 'data',
    size: '8GB',
    project: projectId,
    varray: varrayId,
    vpool: vpoolId,
    count: 1,
    ...patch,
  });
const expand = (volumeId: string, newSize: string, request = asked()) => expandVolume(world.ports, request, { volumeId, newSize });
const release = (ids: readonly string[]) => deleteVolumes(world.ports, asked(), { ids, from: 'body', mode: 'release' });
const destroy = (ids: readonly string[]) => deleteVolumes(world.ports, asked(), { ids, from: 'body', mode: 'destroy' });

const puts = (writes: readonly Write[]): number => writes.length;

describe('an order under quotas', () => {
  it('costs nothing while none is enabled, and one write for each that is', async () => {
    await create({ name: 'free' });
    await limit(world, vpoolId, 100);
    await limit(world, projectId, 100);
    await limit(world, tenantId, 100);
    await limit(world, vpoolId, { enabled: false });
    await create({ name: 'limited' });
    const [first, last] = [world.rows.transactions[0] ?? [], world.rows.transactions.at(-1) ?? []];
    expect([puts(first), puts(last)]).toEqual([6, 8]);
  });

  it('takes what is provisioned, of all its volumes at once, from the virtual pool, the project and the tenant', async () => {
    for (const id of [vpoolId, projectId, tenantId]) await limit(world, id, 100);
    await create({ size: '5GB', count: 3 });
    expect([vpoolId, projectId, tenantId].map((id) => usedGib(world, id))).toEqual([24, 24, 24]);
    expectQuotasAddUp(world);
  });

  it.each([
    ['virtual pool', vpoolId, 'gold'],
    ['project', projectId, 'finance'],
    ['tenant', tenantId, 'root'],
  ])(
    'is refused when it would exceed that of its %s, with what is used, asked for and allowed; nothing is stored',
    async (noun, id, name) => {
      await limit(world, id, 20);
      await create();
      const before = world.rows.dump();
      const refusal = {
        code: 'quota.exceeded',
        message: `the quota of the ${noun} ${name} (${id}) is 20 GB: 8.00 GB are used and 16.00 GB more are asked for`,
      };
      await expect(create({ name: 'more', count: 2 })).rejects.toMatchObject(refusal);
      await expect(create({ name: 'more', count: 2 }, asked({ dryRun: true }))).rejects.toMatchObject(refusal);
      expect(world.rows.dump()).toBe(before);
      await create({ name: 'fits' });
      expect(usedGib(world, id)).toBe(16);
    },
  );

  it('is judged by the virtual pool first, then the project', async () => {
    for (const id of [vpoolId, projectId]) await limit(world, id, 4);
    await expect(create()).rejects.toMatchObject({ message: expect.stringContaining('virtual pool') });
  });

  it('is not judged by the tenant where the project has a quota of its own, and is counted there all the same', async () => {
    world.put(aProject({ id: otherProjectId, name: 'sales' }));
    await limit(world, projectId, 40);
    await limit(world, tenantId, 20);
    await create({ count: 3 });
    expect(usedGib(world, tenantId)).toBe(24);
    await expect(create({ project: otherProjectId })).rejects.toMatchObject({ code: 'quota.exceeded' });
    await limit(world, projectId, { enabled: false });
    await expect(create({ name: 'more' })).rejects.toMatchObject({ code: 'quota.exceeded' });
  });

  it('shows in a dry run what it would take', async () => {
    await limit(world, projectId, 40);
    const [id = ''] = await madeVolumes(world);
    const { plan } = await create({ name: 'more' }, asked({ dryRun: true }));
    const quotas = [{ quota_gb: 40, used_gb: '8.00', used_gb_after: '16.00', limits: true, limited_resource: { id: projectId } }];
    expect(plan).toMatchObject({ quotas });
    expect(await expand(id, '16GB', asked({ dryRun: true }))).toMatchObject({ plan: { quotas } });
  });

  it('takes exactly as much as is left, however many order at once', async () => {
    await limit(world, projectId, 40);
    const orders = Array.from({ length: 8 }, (_, n) =>
      create({ name: `v${n}` }).then(
        () => 'accepted',
        (error) => error.code,
      ),
    );
    const answers = await Promise.all(orders);
    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(liveVolumes(world).length);
    expect(usedGib(world, projectId)).toBeLessThanOrEqual(40);
    while (usedGib(world, projectId) !== 40) await create({ name: `late-${usedGib(world, projectId)}` });
    await expect(create({ name: 'last' })).rejects.toMatchObject({ code: 'quota.exceeded' });
    expectQuotasAddUp(world);
  });

  it('that was planned before a quota was enabled is planned again, and refused', async () => {
    const { rows } = world;
    const transact = rows.transact.bind(rows);
    rows.transact = async (writes) => {
      rows.transact = transact;
      await limit(world, projectId, 4);
      return transact(writes);
    };
    await expect(create()).rejects.toMatchObject({ code: 'quota.exceeded' });
    expect(liveVolumes(world)).toEqual([]);
  });

  it('that was planned before a quota was lowered is planned again, and refused', async () => {
    await limit(world, projectId, 40);
    const { rows } = world;
    const transact = rows.transact.bind(rows);
    rows.transact = async (writes) => {
      rows.transact = transact;
      await limit(world, projectId, 4);
      return transact(writes);
    };
    await expect(create()).rejects.toMatchObject({ code: 'quota.exceeded' });
  });

  it('names what was removed by its id', async () => {
    await limit(world, tenantId, 4);
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: resourceKey(tenantId) }]);
    await expect(create()).rejects.toMatchObject({ message: expect.stringContaining(`the tenant that was removed (${tenantId})`) });
  });
});

describe('a volume under a quota', () => {
  it('takes more when it grows, only while there is more, and nothing when its rounded size is enough', async () => {
    await limit(world, projectId, 20);
    const [id = ''] = await madeVolumes(world, { size: '5GB' });
    await expect(expand(id, '24GB')).rejects.toMatchObject({ code: 'quota.exceeded' });
    await expand(id, '7GB');
    await endStarted(world, volumeExpandSteps, { how: 'commit', answers: [done(id)] });
    expect(usedGib(world, projectId)).toBe(8);
    await expand(id, '16GB');
    expect(usedGib(world, projectId)).toBe(16);
    await endStarted(world, volumeExpandSteps, { how: 'commit', answers: [done(id)] });
    expectQuotasAddUp(world);
  });

  it('gives back what it did not grow', async () => {
    await limit(world, projectId, 100);
    const [id = ''] = await madeVolumes(world);
    await expand(id, '32GB');
    await endStarted(world, volumeExpandSteps, { how: 'rollBack', answers: [] });
    expect(usedGib(world, projectId)).toBe(8);
    await expand(id, '32GB');
    const look = {
      ...done(id),
      observed: observed(`native-${id.slice(-9, -5)}`, { name: String(world.row(id)?.['nativeName']), sizeBytes: 16 * gib }),
    };
    await endStarted(world, volumeExpandSteps, { how: 'accept', answers: [look] });
    expect(usedGib(world, projectId)).toBe(16);
    expectQuotasAddUp(world);
  });

  it('is counted no more once it is deleted or released', async () => {
    await limit(world, projectId, 100);
    const ids = await madeVolumes(world, { count: 3 });
    await release(ids.slice(0, 1));
    expect(usedGib(world, projectId)).toBe(16);
    await destroy(ids.slice(1));
    expect(usedGib(world, projectId)).toBe(16);
    await endStarted(world, volumeDeleteSteps, { how: 'commit', answers: ids.slice(1).map((id) => done(id)) });
    expect(usedGib(world, projectId)).toBe(0);
  });

  it('keeps the counter right while the quota is off, and new volumes do not touch it', async () => {
    await limit(world, projectId, 10);
    const [id = ''] = await madeVolumes(world);
    await limit(world, projectId, { enabled: false });
    await create({ name: 'uncounted', count: 2 });
    expect(usedGib(world, projectId)).toBe(8);
    await expand(id, '64GB');
    await endStarted(world, volumeExpandSteps, { how: 'commit', answers: [done(id)] });
    expect(usedGib(world, projectId)).toBe(64);
    expectQuotasAddUp(world);
    await release([id]);
    expect(usedGib(world, projectId)).toBe(0);
    await limit(world, projectId, 10);
    expect(usedGib(world, projectId)).toBe(16);
  });

  it('that is released while a quota begins to count it is released by what is true then', async () => {
    const [id = ''] = await madeVolumes(world);
    const { rows } = world;
    const transact = rows.transact.bind(rows);
    rows.transact = async (writes) => {
      rows.transact = transact;
      await limit(world, projectId, 100);
      return transact(writes);
    };
    await release([id]);
    expect([usedGib(world, projectId), liveVolumes(world)]).toEqual([0, []]);
  });

  it('whose expansion was ordered while a quota begins to count it is counted as large as it is to be', async () => {
    const [id = ''] = await madeVolumes(world);
    await expand(id, '32GB');
    await limit(world, projectId, 100);
    expect(usedGib(world, projectId)).toBe(32);
    await endStarted(world, volumeExpandSteps, { how: 'rollBack', answers: [] });
    expect(usedGib(world, projectId)).toBe(8);
    expect(world.row(poolIdOf(1))?.['managedBytes']).toBe(8 * gib);
  });
});
