import { beforeEach, describe, expect, it } from 'vitest';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { type Operation, operationSchema } from '../../../../core/operation/schema.ts';
import { settlingAnew } from '../../../../core/operation/settle-anew.ts';
import { operationKey } from '../../../../core/operation/store.ts';
import { createVolumes } from '../../../../core/volume/create.ts';
import { asked, aWorld, projectId, varrayId, vpoolId, type World } from '../../../support/block-world.ts';

let world: World;
let operation: Operation;
beforeEach(async () => {
  world = aWorld();
  await createVolumes(world.ports, asked(), { name: 'v', size: '8GB', project: projectId, varray: varrayId, vpool: vpoolId, count: 1 });
  const id = world.started[0]?.input.operationId ?? '';
  operation = operationSchema.parse({ ...(await world.rows.get('Tasks', operationKey(id))), id });
});

const changed = new ControlPlaneError('it was changed', { code: 'resource.changed' });

/** Fails so often; the states that it was called with. */
const settled = async (failures: number, error: unknown = changed): Promise<string[]> => {
  const states: string[] = [];
  await settlingAnew(world.rows, operation, async ({ state }) => {
    states.push(state);
    if (states.length <= failures) throw error;
  });
  return states;
};

const setOperation = (set: Record<string, string>) =>
  world.rows.transact([{ do: 'update', table: 'Tasks', key: operationKey(operation.id), set }]);

describe('settling an operation', () => {
  it('is done again when what it settles was changed, from where it is', async () => {
    expect(await settled(3)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    await setOperation({ state: 'committing' });
    expect(await settled(1)).toEqual(['accepted', 'committing']);
  });

  it('is given up after four attempts', async () => {
    await expect(settled(4)).rejects.toBe(changed);
  });

  it('is not done again for another reason', async () => {
    const busy = new ControlPlaneError('busy', { code: 'service.busy' });
    await expect(settled(1, busy)).rejects.toBe(busy);
    await expect(settled(1, new Error('broken'))).rejects.toThrow('broken');
  });

  it.each([{ owner: 'somebody-else' }, { state: 'committed' }, { state: 'rolled-back' }])(
    'is not done again once it has %j',
    async (set) => {
      await setOperation(set);
      await expect(settled(1)).rejects.toBe(changed);
    },
  );

  it('is not done again when there is no such operation', async () => {
    await world.rows.transact([{ do: 'delete', table: 'Tasks', key: operationKey(operation.id) }]);
    await expect(settled(1)).rejects.toBe(changed);
  });
});
