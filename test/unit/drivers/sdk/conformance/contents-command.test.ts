import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentsBy } from '../../../../../drivers/sdk/conformance/contents-command.ts';

const program = `
const { readFileSync, writeFileSync } = require('node:fs');
const [verb, id, text] = process.argv.slice(2);
const file = require('node:path').join(__dirname, id);
if (verb === 'write') writeFileSync(file, text);
else console.log(readFileSync(file, 'utf8'));
`;

describe('a program that writes to volumes', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'patina-contents-'));
    writeFileSync(join(folder, 'io.cjs'), program);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is told the volume and the text as arguments, never through a shell, and prints what it reads', async () => {
    const contents = contentsBy([process.execPath, join(folder, 'io.cjs')]);
    await contents.write('v1', 'what a host $(wrote)');
    expect(await contents.read('v1')).toBe('what a host $(wrote)');
  });

  it('that fails makes the case fail', async () => {
    await expect(contentsBy([process.execPath, join(folder, 'io.cjs')]).read('none')).rejects.toThrow('ENOENT');
  });
});
