import assert from 'node:assert/strict';
import { capabilityVerbs } from '../capabilities.ts';
import type { DriverDeclaration } from '../driver.ts';
import { allVolumes, type Bench, lackOf, openBench } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { changeCases } from './change-cases.ts';
import { concurrencyCases } from './concurrency-cases.ts';
import { contentCases } from './content-cases.ts';
import { treeLimit } from './copy-bench.ts';
import { discoveryCases } from './discovery-cases.ts';
import { expandCases } from './expand-cases.ts';
import { failsWith } from './expect.ts';
import { exportCases } from './export-cases.ts';
import { faultCases } from './fault-cases.ts';
import { fullCopyCases } from './full-copy-cases.ts';
import { groupCases } from './group-cases.ts';
import { honestyCases } from './honesty-cases.ts';
import { identityCases } from './identity-cases.ts';
import { observeCases } from './observe-cases.ts';
import { operateCases } from './operate-cases.ts';
import { removalCases } from './removal-cases.ts';
import { restoreCases } from './restore-cases.ts';
import { snapshotCases } from './snapshot-cases.ts';
import { type ConformanceTarget, type Need, NotOffered } from './target.ts';
import { unexportCases } from './unexport-cases.ts';
import { unsnapshotCases } from './unsnapshot-cases.ts';
import { volumeCases } from './volume-cases.ts';

const allCases: readonly ConformanceCase[] = [
  ...identityCases,
  ...honestyCases,
  ...discoveryCases,
  ...volumeCases,
  ...removalCases,
  ...concurrencyCases,
  ...faultCases,
  ...expandCases,
  ...exportCases,
  ...unexportCases,
  ...snapshotCases,
  ...unsnapshotCases,
  ...restoreCases,
  ...contentCases,
  ...fullCopyCases,
  ...groupCases,
  ...changeCases,
  ...observeCases,
  ...operateCases,
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

const unmet = (need: Need, bench: Bench): boolean => {
  const { target, hosts, pools, has } = bench;
  return {
    faults: target.faults === undefined,
    outsider: target.outsider === undefined,
    contents: target.contents === undefined,
    export: !has('export'),
    'two initiators': hosts.length < 2,
    'two pools': pools.length < 2,
    'new initiator': target.newInitiator === undefined,
    'read-only mappings': target.lacks?.includes('read-only mappings') ?? false,
    network: target.lacks?.includes('network') ?? false,
    tls: target.connection.tls.mode === 'none',
    'tree limit': treeLimit(bench) === undefined,
  }[need];
};

export type ConformanceResult = { status: 'passed' } | { status: 'notApplicable'; needs: readonly string[] };

const missingFor = ({ capability, also = [], needs = [] }: ConformanceCase, bench: Bench): readonly string[] => {
  const capabilities = [capability, ...also].filter((tried) => tried !== 'identity');
  const lacks = capabilities.flatMap((tried) => {
    const lack = lackOf(bench.target.declaration, bench.identity, tried);
    return lack === undefined ? [] : [`${tried}: ${lack}`];
  });
  return [...lacks, ...needs.filter((need) => unmet(need, bench))];
};

/** Faults may happen elsewhere than where the array answers by itself. */
const placeOf = (target: ConformanceTarget, { needs = [] }: ConformanceCase): ConformanceTarget =>
  needs.includes('faults') ? { ...target, ...target.faults?.reached } : target;

const tried = async (conformanceCase: ConformanceCase, bench: Bench): Promise<ConformanceResult> => {
  try {
    await conformanceCase.run(bench);
    return { status: 'passed' };
  } catch (error) {
    if (error instanceof NotOffered) return { status: 'notApplicable', needs: [error.message] };
    throw error;
  } finally {
    await bench.cleanUp();
  }
};

/**
 * Tries one case on an array that may hold anything else, and removes what it made. Throws when the driver breaks the promise, or when
 * something is left behind.
 */
export const runConformanceCase = async (target: ConformanceTarget, conformanceCase: ConformanceCase): Promise<ConformanceResult> => {
  const bench = await openBench(placeOf(target, conformanceCase));
  const missing = missingFor(conformanceCase, bench);
  if (missing.length > 0) return { status: 'notApplicable', needs: missing };
  const before = await allVolumes(bench);
  const result = await tried(conformanceCase, bench);
  assert.deepEqual(await allVolumes(bench), before, 'the case left something behind, or changed what was there');
  return result;
};
