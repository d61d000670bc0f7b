import { beforeEach, describe, expect, it } from 'vitest';
import type { Write } from '../../../../core/change.ts';
import { installationKey } from '../../../../core/identity/installation.ts';
import { acceptOperation, type OperationIntent } from '../../../../core/operation/accept.ts';
import { findOperation, findOperationWithPlan } from '../../../../core/operation/store.ts';
import { makeUrn } from '../../../../core/urn.ts';
import { asked, aWorld, tenantId, type World } from '../../../support/block-world.ts';

const operationId = '00000000-0000-4000-8000-00000000cafe';
const resourceId = makeUrn('Volume', '00000000-0000-4000-8000-00000000abcd');

const intent = (patch: Partial<OperationIntent> = {}): OperationIntent => ({
  operationId,
  workflow: 'volume-delete',
  tenantId,
  plan: { volumes: [] },
  preview: { does: 'nothing' },
  tasks: [{ resourceId, resourceName: 'data', name: 'DELETE VOLUME' }],
  writes: [],
  changes: [],
  answer: 'task',
  ...patch,
});

const puts = (count: number): Write[] =>
  Array.from({ length: count }, (_, n) => ({ do: 'put', table: 'Inventory', row: { pk: `x-${n}`, sk: 'X' } }));

let world: World;
beforeEach(() => {
  world = aWorld();
});

describe('accepting an operation', () => {
  it('stores it before it starts its workflow, under its own name and in the installation’s epoch', async () => {
    await world.rows.transact([{ do: 'update', table: 'Inventory', key: installationKey, set: { epoch: 3 } }]);
    await expect(acceptOperation(world.ports, asked(), intent())).resolves.toMatchObject({ state: 'pending', op_id: operationId });
    expect(await findOperation(world.rows, operationId)).toMatchObject({ state: 'accepted', owner: operationId, epoch: 3 });
    expect(world.started).toEqual([{ workflow: 'volume-delete', execution: operationId, input: { operationId } }]);
  });

  it('is done when it is stored: a start that fails is logged and left to the reconciler', async () => {
    const warnings: string[] = [];
    const ports = {
      ...world.ports,
      workflows: { ...world.ports.workflows, start: () => Promise.reject(new Error('throttled')) },
      log: { ...world.ports.log, warn: (message: string) => void warnings.push(message) },
    };
    await expect(acceptOperation(ports, asked(), intent())).resolves.toMatchObject({ state: 'pending' });
    expect(await findOperation(world.rows, operationId)).toMatchObject({ state: 'accepted' });
    expect(warnings).toEqual(['the workflow was not started; the reconciler starts it']);
  });

  it('counts as of the first epoch in a store without an installation', async () => {
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: installationKey }]);
    await acceptOperation(world.ports, asked(), intent());
    expect(await findOperation(world.rows, operationId)).toMatchObject({ epoch: 1 });
  });

  it.each([
    { reason: 'more writes than one transaction takes', patch: { writes: puts(98) }, code: 'request.limit' },
    { reason: 'nothing to do', patch: { tasks: [] }, code: 'request.invalid' },
    {
      reason: 'an array that may not be changed',
      patch: { changes: [{ name: 'north', operations: 'frozen' }] },
      code: 'operations.frozen',
    },
  ] as const)('is refused for $reason, and nothing is stored or started', async ({ patch, code }) => {
    const before = world.rows.dump();
    await expect(acceptOperation(world.ports, asked(), intent(patch))).rejects.toMatchObject({ code });
    expect([world.rows.dump(), world.started]).toEqual([before, []]);
  });

  it('as a dry run shows the plan, and what would refuse it now', async () => {
    const before = world.rows.dump();
    const changes = [{ name: 'north', operations: 'drain' }] as const;
    await expect(acceptOperation(world.ports, asked({ dryRun: true }), intent({ changes }))).resolves.toEqual({
      dry_run: true,
      plan: { does: 'nothing', refused_now: expect.stringContaining('north is set to drain') },
    });
    expect([world.rows.dump(), world.started]).toEqual([before, []]);
  });
});

describe('the plan of an operation', () => {
  const large = { volumes: Array.from({ length: 40 }, (_, n) => `a volume with a long name ${n}`) };

  it.each([
    { size: 'small', plan: { volumes: [] }, rows: 1 },
    { size: 'large', plan: large, rows: 2 },
  ])('that is $size is read with it, from $rows row(s)', async ({ plan, rows }) => {
    await acceptOperation(world.ports, asked(), intent({ plan }));
    expect(world.rows.all('Tasks').filter(({ pk }) => pk === `OPERATION#${operationId}`)).toHaveLength(rows);
    expect(await findOperationWithPlan(world.rows, operationId)).toMatchObject({ operation: { id: operationId }, plan });
  });

  it('that was lost is missed, not invented', async () => {
    await acceptOperation(world.ports, asked(), intent({ plan: large }));
    await world.rows.transact([{ do: 'delete', table: 'Tasks', key: { pk: `OPERATION#${operationId}`, sk: 'PLAN' } }]);
    expect((await findOperationWithPlan(world.rows, operationId))?.plan).toBeUndefined();
    expect(await findOperationWithPlan(world.rows, 'unknown')).toBeUndefined();
  });
});
