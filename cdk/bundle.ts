import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { drivers } from '../drivers/registry.ts';

interface Bundle {
  readonly functionName: string;
  /** Files that must be there before anything is bundled. */
  readonly sources: readonly string[];
  readonly input: Pick<BuildOptions, 'entryPoints' | 'stdin'>;
}

export interface BundleOptions {
  /** The project's folder. */
  readonly root: string;
  readonly outdir: string;
  readonly driverTypes: readonly string[];
}

/** A function whose sources are not there; the message names it and them. */
export class MissingSource extends Error {
  override readonly name = 'MissingSource';
}

const fromFile = (functionName: string, source: string): Bundle => ({ functionName, sources: [source], input: { entryPoints: [source] } });

/** A driver knows nothing of Lambda, so its entry is made here. */
const fromDriver = (type: string, root: string): Bundle => {
  const serve = 'functions/driver/serve.ts';
  const driver = `drivers/${type}/driver.ts`;
  const contents = `import { serveDriver } from './${serve}';
import { driver } from './${driver}';
export const handler = serveDriver(driver);`;
  return {
    functionName: `driver-${type}`,
    sources: [serve, driver],
    input: { stdin: { contents, resolveDir: root, sourcefile: `driver-${type}.ts`, loader: 'ts' } },
  };
};

const bundlesOf = ({ root, driverTypes }: BundleOptions): readonly Bundle[] => [
  fromFile('auth', 'functions/http/auth/entry.ts'),
  fromFile('providers', 'functions/http/providers/entry.ts'),
  fromFile('api', 'functions/http/api/entry.ts'),
  fromFile('control', 'functions/control/entry.ts'),
  fromFile('events', 'functions/events/entry.ts'),
  ...driverTypes.map((type) => fromDriver(type, root)),
];

const forLambda: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'silent',
};

const bundleOne = async (bundle: Bundle, { root, outdir }: BundleOptions): Promise<string> => {
  const folder = join(outdir, bundle.functionName);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const alias = { '@aws-sdk/credential-provider-node': join(root, 'platform/aws/environment-credentials.ts') };
  await build({ ...forLambda, ...bundle.input, alias, absWorkingDir: root, outfile: join(folder, 'index.js') });
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}\n');
  return folder;
};

/** Bundles every function into `<outdir>/<function>/index.js`; returns the folders by function. The same sources give the same bytes. */
export const bundleAll = async (options: BundleOptions): Promise<Readonly<Record<string, string>>> => {
  const bundles = bundlesOf(options);
  const missing = bundles.flatMap(({ functionName, sources }) =>
    sources
      .filter((source) => !existsSync(join(options.root, source)))
      .map((source) => `function ${functionName} needs ${source}, which is missing`),
  );
  if (missing.length > 0) throw new MissingSource(missing.join('\n'));
  const folders = await Promise.all(bundles.map(async (bundle) => [bundle.functionName, await bundleOne(bundle, options)] as const));
  return Object.fromEntries(folders);
};

const root = resolve(import.meta.dirname, '..');

/** Bundles this project. */
export const bundleProject = (outdir: string): Promise<Readonly<Record<string, string>>> =>
  bundleAll({ root, outdir, driverTypes: drivers.map((driver) => driver.type) });

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(resolve(process.argv[1])).href)
  bundleProject(join(root, 'dist')).then(
    (folders) => console.log(Object.values(folders).join('\n')),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
