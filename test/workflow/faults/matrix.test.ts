import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { counts, page } from './matrix-page.ts';

const file = resolve(import.meta.dirname, '../../../docs/fault-matrix.md');

it('docs/fault-matrix.md lists what is tested', () => {
  if (process.env['UPDATE_MATRIX'] === '1') writeFileSync(file, page);
  process.stdout.write(`faults: ${counts}\n`);
  expect(readFileSync(file, 'utf8')).toBe(page);
});
