import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const main = resolve(import.meta.dirname, '..', '..', 'local', 'main.ts');

let dataDir: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'patina-full-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(dataDir, { recursive: true });
});

/** Where every write is refused as on a full disk. */
const full = (file: string): void => symlinkSync('/dev/full', join(dataDir, file));

const started = () => {
  const host = spawn(process.execPath, [main, '--data', dataDir, '--port', '0', '--tls-port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child = host;
  return { host, said: text(host.stderr), exit: once(host, 'exit') };
};

const urlFrom = async (output: AsyncIterable<unknown>): Promise<string> => {
  let printed = '';
  for await (const chunk of output) {
    printed += String(chunk);
    const url = /API: +(http:\S+)\/openapi/.exec(printed)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`no address in ${printed}`);
};

const sentence = () =>
  `the data folder ${dataDir} cannot be written, the disk is full (ENOSPC); make room and start again: what was accepted is kept, and work under way goes on\n`;

describe('a host whose disk is full', () => {
  it('when it starts says in one sentence what to do, and ends', async () => {
    mkdirSync(join(dataDir, 'secrets'));
    full('secrets/secrets.json.new');
    const { said, exit } = started();
    expect(await exit).toEqual([1, null]);
    expect(await said).toBe(sentence());
  });

  it('while it serves does the same', async () => {
    full('host.log');
    const { host, said, exit } = started();
    const url = await urlFrom(host.stdout);
    await fetch(`${url}/login`, { headers: { authorization: `Basic ${btoa('nobody:wrong')}` } }).catch(() => undefined);
    expect(await exit).toEqual([1, null]);
    expect(await said).toBe(sentence());
  });
});
