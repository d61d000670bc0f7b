import assert from 'node:assert/strict';
import { capabilityVerbs } from '../capabilities.ts';
import type { DriverDeclaration } from '../driver.ts';
import { allVolumes, type Bench, openBench } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { discoveryCases } from './discovery-cases.ts';
import { expandCases } from './expand-cases.ts';
import { failsWith } from './expect.ts';
import { exportCases } from './export-cases.ts';
import { identityCases } from './identity-cases.ts';
import { removalCases } from './removal-cases.ts';
import type { ConformanceTarget, Need } from './target.ts';
import { unexportCases } from './unexport-cases.ts';
import { volumeCases } from './volume-cases.ts';

const allCases: readonly ConformanceCase[] = [
  ...identityCases,
  ...discoveryCases,
  ...volumeCases,
  ...removalCases,
  ...expandCases,
  ...exportCases,
  ...unexportCases,
];

/** What a driver does not declare it refuses, by the capability's name. */
const undeclaredCases = ({ capabilities }: DriverDeclaration): readonly ConformanceCase[] =>
  Object.entries(capabilityVerbs)
    .filter(([capability]) => !capabilities.some((declared) => declared === capability))
    .map(([capability, verbs]) => ({
      name: `refuses the verbs of ${capability}, which it does not declare, by name`,
      capability: 'identity',
      async run({ serve }) {
        for (const verb of verbs) {
          const answer = await serve(verb, { items: [] });
          failsWith(answer, 'DriverRejected', 'capability.missing');
          assert.equal(answer.error?.facts?.['capability'], capability);
        }
      },
    }));

/** The cases that apply to a driver with this declaration. */
export const conformanceCases = (declaration: DriverDeclaration): readonly ConformanceCase[] => {
  const declared = ['identity', ...declaration.capabilities];
  return [...undeclaredCases(declaration), ...allCases.filter(({ capability }) => declared.includes(capability))];
};

const unmet = (need: Need, { target, hosts }: Bench): boolean =>
  ({
    faults: target.faults === undefined,
    outsider: target.outsider === undefined,
    export: !target.declaration.capabilities.includes('export'),
    'two initiators': hosts.length < 2,
    'read-only mappings': target.lacks?.includes('read-only mappings') ?? false,
    tls: target.connection.tls.mode === 'none',
  })[need];

export type ConformanceResult = { status: 'passed' } | { status: 'notApplicable'; needs: readonly Need[] };

/**
 * Tries one case on an array that may hold anything else, and removes what it made. Throws when the driver breaks the promise, or when
 * something is left behind.
 */
export const runConformanceCase = async (target: ConformanceTarget, { needs = [], run }: ConformanceCase): Promise<ConformanceResult> => {
  const bench = await openBench(target);
  const missing = needs.filter((need) => unmet(need, bench));
  if (missing.length > 0) return { status: 'notApplicable', needs: missing };
  const before = await allVolumes(bench);
  try {
    await run(bench);
  } finally {
    await bench.cleanUp();
  }
  assert.deepEqual(await allVolumes(bench), before, 'the case left something behind, or changed what was there');
  return { status: 'passed' };
};
