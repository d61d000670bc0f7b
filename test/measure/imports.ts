import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const depcruise = join(root, 'node_modules', '.bin', 'depcruise');

/** The folders whose imports are ruled. */
export const ruledFolders = ['core', 'drivers', 'functions', 'platform', 'statemachines', 'local', 'cdk', 'test'];

export interface Cruise {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Holds the folders below `base` against the project's import rules. */
export const cruise = (base: string, folders: readonly string[], ...options: readonly string[]): Cruise =>
  spawnSync(depcruise, ['--config', join(root, '.dependency-cruiser.cjs'), ...options, ...folders], { cwd: base, encoding: 'utf8' });

/** What is wrong, or undefined. dependency-cruiser that reads nothing finds nothing wrong; so the modules it read are counted. */
export const importFailure = ({ status, stdout }: Cruise): string | undefined => {
  const modules = Number(/(\d+) modules/.exec(stdout)?.[1] ?? 0);
  if (status !== 0) return 'the import rules are broken';
  return modules > 100 ? undefined : `dependency-cruiser read only ${modules} modules`;
};
