import { describe, expect, it } from 'vitest';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { createVolumes } from '../../../../core/volume/create.ts';
import { takeBackCreate } from '../../../../core/volume/take-back.ts';
import { asked, aWorld, projectId, varrayId, vpoolId } from '../../../support/block-world.ts';

describe('a large order whose first transaction is refused', () => {
  it('leaves nothing, and is answered with the reason', async () => {
    const world = aWorld();
    const before = world.rows.dump();
    world.rows.transact = () => Promise.reject(new ControlPlaneError('busy', { code: 'service.busy' }));
    const order = { name: 'many', size: '8GB', project: projectId, varray: varrayId, vpool: vpoolId, count: 13 };
    await expect(createVolumes(world.ports, asked(), order)).rejects.toMatchObject({ code: 'service.busy' });
    expect(world.rows.dump()).toBe(before);
    expect(world.started).toEqual([]);
  });
});

describe('taking back a creation', () => {
  it('gives nothing back to pools that are forgotten', () => {
    const plan = { volumes: [{ id: 'urn:storageos:Volume:a:vdc1', pool: 0, bytes: 1 }], pools: [{ id: 'gone' }], provisioning: 'thin' };
    const settled = takeBackCreate.settle({
      plan,
      row: () => undefined,
      operation: { id: '00000000-0000-4000-8000-000000000001' },
    } as never);
    expect(settled.writes).toEqual([]);
  });
});
