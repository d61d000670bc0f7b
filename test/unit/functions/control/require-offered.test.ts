import { expect, it } from 'vitest';
import { caughtByMachine, thrownToMachine } from '../../../../functions/control/control-error.ts';
import { runStep, stepRunner } from '../../../../functions/control/run-step.ts';
import { answered, controlWorld, operationId, ScriptedDrivers, twoStepHandlers, twoSteps } from '../../../support/control.ts';

const done = () => answered({ items: [{ ref: 'v1', status: 'done', outcome: 'made' }] });

it('an order whose virtual pool was removed while it was accepted is refused by its first step, in words for its task, and no array is asked', async () => {
  const ordering = { ...twoStepHandlers, ordered: () => 'urn:ordered' };
  const withOrder = { 'test-workflow': stepRunner({ workflow: twoSteps, steps: ordering }) };
  const world = await controlWorld(new ScriptedDrivers(done));
  world.rows.seed('Inventory', [
    { pk: 'urn:ordered', sk: 'RESOURCE', vpoolId: 'urn:gold', projectId: 'urn:finance' },
    { pk: 'urn:gold', sk: 'RESOURCE', inactive: true },
    { pk: 'urn:finance', sk: 'RESOURCE', inactive: false },
  ]);
  const input = { workflow: 'test-workflow', operationId, execution: operationId, phase: 'run' as const };
  const refused = await runStep(withOrder, world, { ...input, step: 'ReadExports' }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'Refused', message: expect.stringContaining('urn:gold was removed') });
  expect(caughtByMachine({ Error: 'Refused', Cause: JSON.stringify({ errorMessage: thrownToMachine(refused).message }) })).toMatchObject({
    code: 'resource.referenceInactive',
  });
  expect(world.drivers.verbs).toEqual([]);
  await runStep(withOrder, world, { ...input, step: 'EnsureVolumes' });
  expect(world.drivers.verbs).toEqual(['ensureVolumes']);
});
