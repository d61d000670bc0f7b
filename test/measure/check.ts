import { spawnSync } from 'node:child_process';
import { cruise, importFailure, ruledFolders } from './imports.ts';
import { lockedPackages, refusedLicences } from './licences.ts';

/** Every gate once: the static ones, then the tests with coverage. Stops at the first that fails. */

const run = (command: string, ...args: string[]): string | undefined => {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  return status === 0 ? undefined : `${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`;
};

const imports = (): string | undefined => {
  const read = cruise('.', ruledFolders);
  console.log(read.stdout.trim(), read.stderr.trim());
  return importFailure(read);
};

const licences = (): string | undefined => {
  const refused = refusedLicences(lockedPackages());
  return refused.length === 0 ? undefined : `licences that may not be used:\n${refused.join('\n')}`;
};

/** The tests may have run already, with coverage, in the same clone. */
const withTests = !process.argv.includes('--without-tests');

const gates: readonly (readonly [string, () => string | undefined])[] = [
  ['format and lint', () => run('biome', 'ci', '--error-on-warnings', '.')],
  ['types', () => run('tsc')],
  ['imports', imports],
  ['unused', () => run('knip')],
  ['licences', licences],
  ['sizes', () => run('node', 'test/measure/main.ts')],
  ['synth with cdk-nag', () => run('node', 'cdk/app.ts')],
  ...(withTests ? [['tests with coverage', () => run('vitest', 'run', '--coverage')] as const] : []),
];

for (const [name, gate] of gates) {
  const startedAt = Date.now();
  console.log(`\n== ${name}`);
  const failure = gate();
  if (failure) {
    console.error(`\n${name}: ${failure}`);
    process.exit(1);
  }
  console.log(`== ${name}: good (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}
