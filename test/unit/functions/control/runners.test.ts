import { expect, it } from 'vitest';
import { runners } from '../../../../functions/control/runners.ts';
import { workflows } from '../../../../statemachines/registry.ts';

it('every workflow of the build has its handlers', () => {
  expect(Object.keys(runners).sort()).toEqual(workflows.map(({ name }) => name).sort());
});
