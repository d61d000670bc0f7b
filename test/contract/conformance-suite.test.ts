import { describe, expect, it } from 'vitest';
import { conformanceCases, runConformanceCase } from '../../drivers/sdk/conformance/suite.ts';
import { paper } from '../support/paper/driver.ts';
import { paperTarget } from '../support/paper/target.ts';

const cases = conformanceCases(paper);

describe('the conformance suite, on an array in memory with every capability', () => {
  it.each(cases)('$capability: $name', async (conformanceCase) => {
    const needs = conformanceCase.needs?.filter((need) => need === 'network' || need === 'tls') ?? [];
    const expected = needs.length > 0 ? { status: 'notApplicable', needs } : { status: 'passed' };
    expect(await runConformanceCase(paperTarget(), conformanceCase)).toEqual(expected);
  });

  it('is not thin', () => {
    expect(cases.length).toBeGreaterThanOrEqual(150);
    expect(new Set(cases.map(({ capability, name }) => `${capability} ${name}`)).size).toBe(cases.length);
  });
});
