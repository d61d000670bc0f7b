import { beforeEach, describe, expect, it } from 'vitest';
import { installationKey } from '../../../../core/identity/installation.ts';
import { acceptOperation } from '../../../../core/operation/accept.ts';
import { redriveExecution } from '../../../../core/operation/redrive.ts';
import { operationKey } from '../../../../core/operation/store.ts';
import type { ExecutionState } from '../../../../core/ports.ts';
import { makeUrn, taskIdOf } from '../../../../core/urn.ts';
import { asked, aWorld, tenantId, type World } from '../../../support/block-world.ts';

const operationId = '00000000-0000-4000-8000-00000000cafe';
const resourceId = makeUrn('Volume', '00000000-0000-4000-8000-00000000000a');

let world: World;
let redriven: string[];
let execution: ExecutionState;
let isRedrivable: boolean;

const redrive = (dryRun = false) => {
  const workflows = {
    ...world.ports.workflows,
    state: async () => execution,
    redrive: async (_workflow: string, name: string) => {
      redriven.push(name);
      return isRedrivable;
    },
  };
  return redriveExecution({ ...world.ports, workflows }, { ...asked(), dryRun }, taskIdOf(operationId, resourceId));
};

const setOperation = (set: { readonly [attribute: string]: string | number }, remove: readonly string[] = []) =>
  world.rows.transact([{ do: 'update', table: 'Tasks', key: operationKey(operationId), set, remove: [...remove] }]);

const ordered = () => world.rows.all('History').flatMap((row) => (JSON.stringify(row).includes('redrive') ? [row] : []));

beforeEach(async () => {
  world = aWorld();
  redriven = [];
  execution = 'failed';
  isRedrivable = true;
  const tasks = [{ resourceId, resourceName: 'data', name: 'DELETE VOLUME' }];
  const intent = { operationId, workflow: 'volume-delete', tenantId, plan: {}, preview: {}, tasks, writes: [], changes: [] };
  await acceptOperation(world.ports, asked(), { ...intent, answer: 'tasks' });
});

describe('a redrive that an operator orders', () => {
  it('lets the failed execution of the owner go on, and stands in the history', async () => {
    await expect(redrive()).resolves.toMatchObject({ state: 'pending', message: 'its execution goes on' });
    expect(redriven).toEqual([operationId]);
    expect(ordered()).toHaveLength(1);
  });

  it('is only planned by a dry run', async () => {
    expect(await redrive(true)).toMatchObject({ plan: { execution: operationId, workflow: 'volume-delete' } });
    expect(redriven).toEqual([]);
    expect(ordered()).toEqual([]);
  });

  it.each(['running', 'succeeded', 'unknown'] as const)('is refused while the execution is %s', async (state) => {
    execution = state;
    await expect(redrive()).rejects.toMatchObject({ code: 'operation.state' });
    expect(redriven).toEqual([]);
  });

  it.each(['needs-repair', 'accepting'])('is refused for an operation that is %s', async (state) => {
    await setOperation({ state });
    await expect(redrive()).rejects.toMatchObject({ code: 'operation.state' });
    expect(redriven).toEqual([]);
  });

  it('is refused for an operation that has ended', async () => {
    await setOperation({ state: 'committed' }, ['openPk', 'openSk']);
    await expect(redrive()).rejects.toThrow('it has ended');
  });

  it('is refused for an operation of an older epoch', async () => {
    await world.rows.transact([{ do: 'update', table: 'Inventory', key: installationKey, set: { epoch: 7 } }]);
    await expect(redrive()).rejects.toThrow('epoch 7');
  });

  it('belongs to the first epoch in a store without an installation', async () => {
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: installationKey }]);
    await redrive();
    expect(redriven).toEqual([operationId]);
  });

  it('is told when Step Functions does not redrive it', async () => {
    isRedrivable = false;
    await expect(redrive()).rejects.toThrow('two weeks');
  });

  it('does nothing once the reconciler has taken the operation over', async () => {
    const { rows } = world;
    const transact = rows.transact.bind(rows);
    rows.transact = async (writes) => {
      rows.transact = transact;
      await setOperation({ owner: `${operationId}-r1` });
      await transact(writes);
    };
    await expect(redrive()).rejects.toMatchObject({ code: 'resource.changed' });
    expect(redriven).toEqual([]);
  });
});
