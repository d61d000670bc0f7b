import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleAll, MissingSource } from '../../../cdk/bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'patina-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const entries = ['http/auth', 'http/providers', 'http/api', 'control', 'events'].map((name) => `functions/${name}/entry.ts`);

/** A project of tiny functions, without the files of `absent`. */
const project = (name: string, absent: readonly string[] = []): string => {
  const root = join(folder, name);
  const files = {
    ...Object.fromEntries(
      entries.map((entry) => [
        entry,
        `class OwnError extends Error { override readonly name = 'OwnError'; }\nexport const handler = () => new OwnError().name;\n`,
      ]),
    ),
    'functions/driver/serve.ts': 'export const serveDriver = (driver: { answer: string }) => () => driver.answer;\n',
    'drivers/tape/driver.ts': `export const driver = { answer: 'from tape' };\n`,
  };
  for (const [file, text] of Object.entries(files).filter(([each]) => !absent.includes(each))) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
};

const bundle = (root: string, outdir = join(root, 'dist')) => bundleAll({ root, outdir, driverTypes: ['tape'] });
const load = createRequire(import.meta.url);

describe('bundling', () => {
  it('makes one folder for each function, with one file that Lambda can load', async () => {
    const folders = await bundle(project('whole'));
    expect(Object.keys(folders)).toEqual(['auth', 'providers', 'api', 'control', 'events', 'driver-tape']);
    for (const each of Object.values(folders)) expect(readdirSync(each).toSorted()).toEqual(['index.js', 'package.json']);
    expect(load(`${folders['driver-tape']}/index.js`).handler()).toBe('from tape');
  });

  it('keeps what an error calls itself, since Step Functions retries by it', async () => {
    const folders = await bundle(project('names'));
    expect(load(`${folders['control']}/index.js`).handler()).toBe('OwnError');
  });

  it('gives the same bytes for the same sources, so that nothing is deployed without a change', async () => {
    const root = project('same');
    const [one, two] = [await bundle(root, join(root, 'one')), await bundle(root, join(root, 'two'))];
    for (const name of Object.keys(one))
      expect(readFileSync(`${one[name]}/index.js`, 'utf8')).toBe(readFileSync(`${two[name]}/index.js`, 'utf8'));
  });

  it('names every source that is missing, before it bundles anything', async () => {
    const root = project('holes', ['functions/control/entry.ts', 'drivers/tape/driver.ts']);
    const sentences = [
      'function control needs functions/control/entry.ts, which is missing',
      'function driver-tape needs drivers/tape/driver.ts, which is missing',
    ];
    await expect(bundle(root)).rejects.toThrow(new MissingSource(sentences.join('\n')));
  });
});
