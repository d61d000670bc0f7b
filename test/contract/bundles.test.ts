import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleAll } from '../../cdk/bundle.ts';
import { drivers } from '../../drivers/registry.ts';

const outdir = mkdtempSync(join(tmpdir(), 'patina-bundles-'));
let folders: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  folders = await bundleAll({ root: resolve('.'), outdir, driverTypes: drivers.map(({ type }) => type) });
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const bytesOf = (name: string): number => statSync(join(folders[name] ?? '', 'index.js')).size;

const kilobyte = 1024;

describe('a function starts fast because its bundle is small', () => {
  it.each(['api', 'providers', 'auth', 'control', 'events'])('%s has at most 700 KB', (name) => {
    expect(bytesOf(name)).toBeLessThanOrEqual(700 * kilobyte);
  });

  it.each(drivers.map(({ type }) => `driver-${type}`))('%s has at most 250 KB', (name) => {
    expect(bytesOf(name)).toBeLessThanOrEqual(250 * kilobyte);
  });
});

/** The sources that a function loads when it starts, as opposed to with its first request of a kind. */
const loadedAtStart = async (entry: string): Promise<readonly string[]> => {
  const { metafile } = await build({
    entryPoints: [entry],
    outdir: join(outdir, 'parts'),
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
  });
  const parts = new Map(Object.entries(metafile.outputs));
  const reached = new Set([...parts.keys()].filter((name) => parts.get(name)?.entryPoint === entry));
  for (const name of reached)
    for (const { path, kind } of parts.get(name)?.imports ?? []) if (kind === 'import-statement') reached.add(path);
  return [...reached].flatMap((name) => Object.keys(parts.get(name)?.inputs ?? {}));
};

describe('a function starts fast because it loads what a request needs with that request', () => {
  it.each(drivers.map(({ type }) => type))('%s begins with its session, without any of its verbs', async (type) => {
    const loaded = await loadedAtStart(`drivers/${type}/driver.ts`);
    expect(loaded).toContain(`drivers/${type}/login.ts`);
    expect(loaded).not.toContain(`drivers/${type}/wire.ts`);
    expect(loaded).not.toContain(`drivers/${type}/create.ts`);
  });

  it('a request is served without the schemas of verbs that it does not name', async () => {
    const loaded = await loadedAtStart('drivers/sdk/serve-request.ts');
    expect(loaded).toContain('drivers/sdk/wire/families.ts');
    for (const family of ['block', 'copies', 'observe', 'operate', 'observed'])
      expect(loaded).not.toContain(`drivers/sdk/wire/${family}.ts`);
  });
});
