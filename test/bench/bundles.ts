import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleAll } from '../../cdk/bundle.ts';
import { drivers } from '../../drivers/registry.ts';

/** The functions' bundles: how large they are, and how long a fresh process takes to load one. */
export interface BundleFigures {
  readonly name: string;
  readonly bytes: number;
  readonly loadMs: number;
}

const tries = 9;

type Variables = Readonly<Record<string, unknown>>;

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: { Environment?: { Variables?: Variables } } }>
  >;
}

/** What the template gives its functions. What is known only where it is deployed is `{}`, which all of them take for a text or for JSON. */
const environmentOf = (assemblyDir: string): Record<string, string> => {
  const files = readdirSync(assemblyDir).filter((file) => file.endsWith('.template.json'));
  const templates = files.map((file) => JSON.parse(readFileSync(join(assemblyDir, file), 'utf8')) as Template);
  const functions = templates.flatMap(({ Resources }) => Object.values(Resources)).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const variables = functions.flatMap(({ Properties }) => Object.entries(Properties?.Environment?.Variables ?? {}));
  const given = variables.map(([name, value]) => [name, typeof value === 'string' ? value : '{}'] as const);
  return { ...Object.fromEntries(given), AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' };
};

const program = 'const from = performance.now(); require(process.argv[1]); console.log(performance.now() - from)';

const loadOnce = (file: string, environment: Record<string, string>): number => {
  const { status, stdout } = spawnSync(process.execPath, ['-e', program, file], { env: environment, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} does not load with what the template gives its function`);
  return Number(stdout.trim().split('\n').at(-1));
};

/** Bundled apart from `dist`, which a synthesis may be writing. */
const bundled = async (measure: (folder: string) => BundleFigures[]): Promise<BundleFigures[]> => {
  const outdir = mkdtempSync(join(tmpdir(), 'patina-bundles-'));
  try {
    await bundleAll({ root: resolve('.'), outdir, driverTypes: drivers.map(({ type }) => type) });
    return measure(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

export const bundleFigures = (assemblyDir: string): Promise<BundleFigures[]> => {
  const environment = environmentOf(assemblyDir);
  return bundled((folder) =>
    readdirSync(folder).map((name) => {
      const file = join(folder, name, 'index.js');
      return { name, bytes: statSync(file).size, loadMs: Math.min(...Array.from({ length: tries }, () => loadOnce(file, environment))) };
    }),
  );
};
