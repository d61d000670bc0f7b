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

  it('tries every case over the wire, faults, somebody else and contents among them, and leaves the array as it was', async () => {
    const modern = await startTarget({ apiVersion: '4.5' });
    const before = modern.simulator.dump();
    const writer = `${process.execPath} ${fileURLToPath(new URL('../conformance/simulator-contents.ts', import.meta.url))}`;
    const { exitCode, shown } = await run([
      ...['--driver', 'scaleio', '--target', modern.simulator.url, '--user', credentials.username],
      ...['--sha256', modern.simulator.fingerprint256, '--new-initiator', 'nvme-tcp'],
      ...['--contents', `${writer} ${modern.simulator.controlUrl}`],
    ]);
    const after = modern.simulator.dump();
    await modern.simulator.close();
    expect(shown).not.toMatch(/^(FAIL|-) /m);
    expect(shown).toMatch(/PowerFlex conforms\n$/);
    expect(shown).not.toContain(credentials.password);
    expect(exitCode).toBe(0);
    expect(after).toEqual(before);
  }, 180_000);

  it('says as whom it asks, and warns of an account that may do more than is needed', async () => {
    const mighty = await startTarget({ apiVersion: '3.6', role: 'SuperUser' });
    const argv = ['--driver', 'scaleio', '--target', mighty.simulator.url, '--user', credentials.username, '--capability', 'adopt'];
    const { shown } = await run([...argv, '--sha256', mighty.simulator.fingerprint256]);
    await mighty.simulator.close();
    expect(shown).toMatch(/^ScaleIO \/ PowerFlex, array [0-9a-f]{16}, version \S+, as SuperUser\n {2}warning: .*SuperUser.*\n\n/);
  });

  it('refuses a list of requests that it cannot read', async () => {
    const { exitCode, shown } = await run([...array, '--effects', fileURLToPath(new URL('../../knip.json', import.meta.url))]);
    expect(shown).toContain('--effects ');
    expect(exitCode).toBe(2);
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
