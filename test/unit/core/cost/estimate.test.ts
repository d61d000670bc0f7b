import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Row, Write } from '../../../../core/change.ts';
import { estimate, estimateBody } from '../../../../core/cost/estimate.ts';

/** States entered when nothing goes wrong, by the compiled definition. */
const statesOf = (workflow: string): number => {
  const golden = new URL(`../../../workflow/golden/${workflow}.asl.json`, import.meta.url);
  const { States } = JSON.parse(readFileSync(golden, 'utf8')) as {
    States: Record<string, { Type: string; Next?: string; Default?: string; End?: boolean }>;
  };
  let [states, name]: [number, string | undefined] = [0, 'Start'];
  while (name !== undefined) {
    states += 1;
    const state: (typeof States)[string] | undefined = States[name];
    name = state?.Type === 'Choice' ? state.Default : state?.Next;
  }
  return states;
};

const work = { steps: 1, driverCalls: 1, committedRows: 5, committedEvents: 1 };

const put = (row: Partial<Row> = {}): Write => ({ do: 'put', table: 'Tasks', row: { pk: 'a', sk: 'b', ...row } });

describe('what an operation costs', () => {
  it.each([
    ['volume-create', 1],
    ['volume-delete', 1],
    ['volume-expand', 1],
  ])('counts the transitions that %s really has', (workflow, steps) => {
    expect(estimate({ ...work, steps }, []).transitions).toBe(statesOf(workflow));
  });

  it('stays within the budget of a created volume', () => {
    const { transitions, lambdaRuns, costUsd } = estimate(
      work,
      Array.from({ length: 7 }, () => put()),
    );
    expect(transitions).toBeLessThanOrEqual(4);
    expect(lambdaRuns - 1).toBe(2);
    expect(costUsd * 1000).toBeLessThanOrEqual(0.17);
  });

  it('counts nothing of a state machine where none runs', () => {
    expect(estimate({ ...work, steps: 0, driverCalls: 0 }, [])).toMatchObject({ transitions: 0, lambdaRuns: 1, writeUnits: 12 });
  });

  it('counts what earlier steps remember', () => {
    expect(estimate({ ...work, steps: 3 }, []).writeUnits - estimate(work, []).writeUnits).toBe(2);
  });

  it.each<[string, Write, number]>([
    ['a small row', put(), 2],
    ['a row of more than a kilobyte', put({ text: 'x'.repeat(1024) }), 4],
    ['a row that stands in two indexes', put({ openPk: 'OPEN', tenantPk: 't' }), 4],
    ['a change of a row', { do: 'update', table: 'Inventory', key: { pk: 'a', sk: 'b' }, add: { n: 1 } }, 2],
  ])('counts %s', (_what, write, units) => {
    expect(estimate(work, [write]).writeUnits - estimate(work, []).writeUnits).toBe(units);
  });

  it('is shown with as many decimals as it takes', () => {
    expect(estimateBody(estimate(work, [])).aws_cost_usd).toMatch(/^0\.\d{7}$/);
  });
});
