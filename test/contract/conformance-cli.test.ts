import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentials, type StartedTarget, startTarget } from '../support/scaleio-target.ts';

const main = fileURLToPath(new URL('../conformance/main.ts', import.meta.url));

const run = async (argv: readonly string[]): Promise<{ exitCode: number; shown: string }> => {
  const env = { ...process.env, CONFORMANCE_PASSWORD: credentials.password };
  const child = spawn(process.execPath, [main, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, problems, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { exitCode: Number(exitCode), shown: `${out}${problems}` };
};

describe('the conformance command', () => {
  let target: StartedTarget;
  let array: readonly string[];
  beforeAll(async () => {
    target = await startTarget({ apiVersion: '3.6' });
    const url = `https://127.0.0.1:${target.simulator.port}`;
    array = ['--driver', 'scaleio', '--target', url, '--user', credentials.username];
  });
  afterAll(() => target.simulator.close());

  it('tries a driver on an array whose certificate it was told, reports, and ends well', async () => {
    const { exitCode, shown } = await run([...array, '--sha256', target.simulator.fingerprint256, '--capability', 'volume.expand']);
    expect(shown).toMatch(/^ok {3}volume\.expand: never shrinks$/m);
    expect(shown).toMatch(/conforms, as far as it could be tried here\n$/);
    expect(exitCode).toBe(0);
  });

  it('sends nothing to an array whose certificate nobody vouches for, and shows it', async () => {
    const { exitCode, shown } = await run(array);
    expect(shown).toContain(`run again with --sha256 ${target.simulator.fingerprint256}`);
    expect(shown).not.toContain(credentials.password);
    expect(exitCode).toBe(2);
  });

  it('says in one sentence what is wrong with its arguments, and how to use it', async () => {
    const { exitCode, shown } = await run(['--driver', 'scaleio', '--user', 'admin']);
    expect(shown).toMatch(/^--target must be https:\/\/host\[:port\]\n\nTries a driver/);
    expect(exitCode).toBe(2);
    expect((await run(['--help'])).exitCode).toBe(0);
  });
});
