import { afterEach, describe, expect, it } from 'vitest';
import { driver } from '../../drivers/scaleio/driver.ts';
import { capabilityNames } from '../../drivers/sdk/capabilities.ts';
import { conformanceCases, runConformanceCase } from '../../drivers/sdk/conformance/suite.ts';
import { serveRequest } from '../../drivers/sdk/serve-request.ts';
import { credentials, type StartedTarget, slowMoves, startTarget } from '../support/scaleio-target.ts';
import { copyMutants } from './mutants/copies.ts';
import { discoveryMutants } from './mutants/discovery.ts';
import { exportMutants } from './mutants/export.ts';
import { identityMutants } from './mutants/identity.ts';
import { type Mutant, mutated } from './mutants/mutant.ts';
import { operateMutants } from './mutants/operate.ts';
import { volumeMutants } from './mutants/volume.ts';

const mutants: readonly Mutant[] = [
  ...identityMutants,
  ...discoveryMutants,
  ...volumeMutants,
  ...exportMutants,
  ...copyMutants,
  ...operateMutants,
];

const caseOf = ({ capability, caughtBy }: Mutant) => {
  const [found, ...others] = conformanceCases(driver.declaration).filter(
    (one) => one.capability === capability && one.name.startsWith(caughtBy),
  );
  if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} cases begin with "${caughtBy}"`);
  return found;
};

/** The same array, by a driver that breaks one promise. */
const behind = (target: StartedTarget, mutant: Mutant): StartedTarget => {
  const broken = mutated(driver, mutant);
  return {
    ...target,
    serve: (request, allowedCidrs) => serveRequest(broken, request, { credentials: async () => credentials, now: Date.now, allowedCidrs }),
  };
};

describe('the conformance suite notices a driver that', () => {
  let target: StartedTarget | undefined;
  afterEach(() => target?.simulator.close());

  it.each(mutants)('$name ($capability: $caughtBy)', async (mutant) => {
    target = await startTarget({ apiVersion: mutant.apiVersion ?? '4.5', seed: slowMoves });
    const conformanceCase = caseOf(mutant);
    expect(await runConformanceCase(target, conformanceCase)).toEqual({ status: 'passed' });
    const noticed = await runConformanceCase(behind(target, mutant), conformanceCase).catch((error: unknown) => error);
    expect(noticed).toMatchObject({ name: expect.stringMatching(/^(AssertionError|ZodError)$/) });
    expect(String(noticed)).not.toContain('TypeError');
  });

  it('breaks a promise of every capability', () => {
    expect(new Set(mutants.map(({ capability }) => capability))).toEqual(new Set(['identity', ...capabilityNames]));
  });
});
