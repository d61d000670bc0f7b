import { beforeEach, describe, expect, it } from 'vitest';
import { installationKey } from '../../../../core/identity/installation.ts';
import { acceptOperation } from '../../../../core/operation/accept.ts';
import { orderRepair } from '../../../../core/operation/repair.ts';
import { findOperation, findTask, operationKey, taskKey } from '../../../../core/operation/store.ts';
import { makeUrn, taskIdOf } from '../../../../core/urn.ts';
import { asked, aWorld, tenantId, type World } from '../../../support/block-world.ts';

const operationId = '00000000-0000-4000-8000-00000000cafe';
const [first, second] = ['a', 'b'].map((end) => makeUrn('Volume', `00000000-0000-4000-8000-00000000000${end}`)) as [string, string];
const taskId = taskIdOf(operationId, first);

let world: World;
beforeEach(async () => {
  world = aWorld();
  const tasks = [first, second].map((resourceId) => ({ resourceId, resourceName: 'data', name: 'DELETE VOLUME' }));
  const intent = { operationId, workflow: 'volume-delete', tenantId, plan: {}, preview: {}, tasks, writes: [], changes: [] };
  await acceptOperation(world.ports, asked(), { ...intent, answer: 'tasks' });
  await world.rows.transact([{ do: 'update', table: 'Tasks', key: operationKey(operationId), set: { state: 'needs-repair' } }]);
});

const resume = () => orderRepair(world.ports, asked(), { taskId, how: 'resume' });

describe('a repair that an operator orders', () => {
  it('makes every task pending again and starts under a new owner', async () => {
    await expect(resume()).resolves.toMatchObject({ id: taskId, state: 'pending' });
    expect(await findTask(world.rows, taskIdOf(operationId, second))).toMatchObject({
      state: 'pending',
      message: 'is being repaired (resume)',
    });
    expect(await findOperation(world.rows, operationId)).toMatchObject({ state: 'undoing', owner: `${operationId}-r1`, repairs: 1 });
    expect(world.started.at(-1)).toMatchObject({ execution: `${operationId}-r1`, input: { operationId, repair: true } });
  });

  it('is not held up by a task that is forgotten already', async () => {
    await world.rows.transact([{ do: 'delete', table: 'Tasks', key: taskKey(taskIdOf(operationId, second)) }]);
    await resume();
    expect(await findTask(world.rows, taskIdOf(operationId, second))).toBeUndefined();
    expect(await findOperation(world.rows, operationId)).toMatchObject({ state: 'undoing' });
  });

  it('belongs to the first epoch in a store without an installation', async () => {
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: installationKey }]);
    await resume();
    expect(await findOperation(world.rows, operationId)).toMatchObject({ epoch: 1 });
  });
});
