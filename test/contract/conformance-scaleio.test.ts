import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scaleio } from '../../drivers/scaleio/index.ts';
import type { ApiVersion } from '../../drivers/scaleio/simulator/versions.ts';
import { conformanceCases, runConformanceCase } from '../../drivers/sdk/conformance/suite.ts';
import { type StartedTarget, slowMoves, startTarget } from '../support/scaleio-target.ts';

/** What a release has not, and why a case may then not apply. Anything else that does not apply is a failure. */
const lacking: { readonly [V in ApiVersion]: readonly string[] } = {
  '2.5': [
    'read-only mappings',
    'new initiator',
    'snapshot.restore: version 3.0',
    'full-copy.restore: version 3.0',
    'migration: version 3.0',
    'long-operation: version 3.0',
  ],
  '3.0': ['new initiator'],
  '3.6': ['new initiator'],
  '4.5': [],
};

describe.each(['2.5', '3.0', '3.6', '4.5'] satisfies ApiVersion[])('the driver on a simulated array, release %s', (apiVersion) => {
  let target: StartedTarget;

  beforeAll(async () => {
    target = await startTarget({ apiVersion, seed: slowMoves });
  });
  afterAll(() => target.simulator.close());

  it.each(conformanceCases(scaleio))('$capability: $name', async (conformanceCase) => {
    const result = await runConformanceCase(target, conformanceCase);
    const unexpected = result.status === 'passed' ? [] : result.needs.filter((need) => !lacking[apiVersion].includes(need));
    expect(unexpected).toEqual([]);
  });
});
