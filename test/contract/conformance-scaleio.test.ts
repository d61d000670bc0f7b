import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scaleio } from '../../drivers/scaleio/index.ts';
import type { ApiVersion } from '../../drivers/scaleio/simulator/versions.ts';
import { conformanceCases, runConformanceCase } from '../../drivers/sdk/conformance/suite.ts';
import { type StartedTarget, startTarget } from '../support/scaleio-target.ts';

describe.each(['2.5', '3.0', '3.6', '4.5'] satisfies ApiVersion[])('the driver on a simulated array, release %s', (apiVersion) => {
  let target: StartedTarget;

  beforeAll(async () => {
    target = await startTarget({ apiVersion });
  });
  afterAll(() => target.simulator.close());

  it.each(conformanceCases(scaleio))('$capability: $name', async (conformanceCase) => {
    const lacking = conformanceCase.needs?.some((need) => need === 'read-only mappings' && target.lacks?.includes(need));
    const expected = lacking ? { status: 'notApplicable', needs: ['read-only mappings'] } : { status: 'passed' };
    expect(await runConformanceCase(target, conformanceCase)).toEqual(expected);
  });
});
