import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assemblyOf, keyOf } from '../../../local/synthesis.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sources-'));
  mkdirSync(join(folder, 'core', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'core', 'deep', 'a.ts'), 'one');
  writeFileSync(join(folder, 'package-lock.json'), '{}');
});
afterEach(() => rmSync(folder, { recursive: true }));

const context = { stage: 'dev' };

describe('a kept assembly', () => {
  it('is used again for the same sources and context, without synthesis', async () => {
    const made = join(folder, keyOf(context));
    mkdirSync(made);
    const onSynthesis = () => expect.unreachable('it was synthesized again');
    expect(await assemblyOf({ context, cacheDir: folder, onSynthesis })).toBe(made);
    expect(keyOf(context, folder)).toBe(keyOf({ ...context }, folder));
  });

  it('stays while it is among the last eight or was used within a week', async () => {
    const cacheDir = join(folder, 'cache');
    const made = join(cacheDir, keyOf(context));
    const dayMs = 86_400_000;
    const unused = (days: number) => {
      const at = new Date(Date.now() - days * dayMs);
      const kept = join(cacheDir, `unused-for-${days}`);
      mkdirSync(kept, { recursive: true });
      utimesSync(kept, at, at);
    };
    for (const days of [1, 2, 3, 4, 5, 6, 6.5, 6.9, 8, 900]) unused(days);
    mkdirSync(made);
    utimesSync(made, new Date(0), new Date(0));
    await assemblyOf({ context, cacheDir, onSynthesis: () => expect.unreachable('it was synthesized again') });
    expect(readdirSync(cacheDir).sort()).toEqual(
      [keyOf(context), ...[1, 2, 3, 4, 5, 6, 6.5, 6.9].map((days) => `unused-for-${days}`)].sort(),
    );
  });

  it.each([
    ['a source has changed', () => writeFileSync(join(folder, 'core', 'deep', 'a.ts'), 'two')],
    ['a source has been added', () => writeFileSync(join(folder, 'core', 'b.ts'), '')],
    ['a source has been renamed', () => renameSync(join(folder, 'core', 'deep', 'a.ts'), join(folder, 'core', 'deep', 'b.ts'))],
    ['a dependency has changed', () => writeFileSync(join(folder, 'package-lock.json'), '{"x":1}')],
  ])('is not used when %s', (_, change) => {
    const before = keyOf(context, folder);
    change();
    expect(keyOf(context, folder)).not.toBe(before);
  });

  it('is not used for another context', () => {
    expect(keyOf({ stage: 'x' }, folder)).not.toBe(keyOf(context, folder));
  });
});
