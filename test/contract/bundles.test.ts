import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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
