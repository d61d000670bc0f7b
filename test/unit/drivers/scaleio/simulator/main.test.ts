import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../../../drivers/scaleio/simulator/certificate.ts';
import { optionsOf } from '../../../../../drivers/scaleio/simulator/options.ts';
import { startSimulator } from '../../../../../drivers/scaleio/simulator/start.ts';

const main = fileURLToPath(new URL('../../../../../drivers/scaleio/simulator/main.ts', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patina-simulator-'));
});
afterAll(() => rm(folder, { recursive: true }));

const start = (...args: string[]) => spawn(process.execPath, ['--import', 'tsx', main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

async function firstLines(child: ReturnType<typeof start>, count: number): Promise<string[]> {
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    const lines = text.split('\n');
    if (lines.length > count) return lines.slice(0, count);
  }
  throw new Error(`only printed: ${text}`);
}

/** Fingerprint of the certificate that the server shows, verified against the given one. */
async function shownFingerprint(port: number, ca: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, ca });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

describe('the command', () => {
  it('prints ports and fingerprint, answers, and ends cleanly when told to', async () => {
    const child = start('--port', '0', '--api-version', '4.5');
    const [control = '', fingerprint = '', user, password, ready] = await firstLines(child, 5);
    expect([user, password]).toEqual(['USER admin', 'PASSWORD Secret123!']);
    expect(ready).toMatch(/^READY \d+$/);
    expect(fingerprint).toMatch(/^FINGERPRINT ([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    const state = await fetch(`http://127.0.0.1:${control.replace('CONTROL ', '')}/state`);
    expect(await state.json()).toMatchObject({ system: { name: 'simulated' } });
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('lists its options when asked', async () => {
    const lines = await firstLines(start('--help'), 3);
    expect(lines[0]).toBe('Usage: npm run simulator -- [options]');
  });

  it('says what is wrong with an argument, and exits with 2', async () => {
    const child = start('--api-version', '9.9');
    let sentence = '';
    child.stderr.on('data', (chunk) => {
      sentence += String(chunk);
    });
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(sentence).toBe('--api-version is 9.9, but must be one of 2.5, 3.0, 3.6, 4.5\n');
  });
});

describe('what it cannot have', () => {
  const sentenceOf = async (...args: string[]): Promise<string> => {
    const child = start(...args);
    let sentence = '';
    child.stderr.on('data', (chunk) => {
      sentence += String(chunk);
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    return sentence;
  };

  it.each(['--port', '--control-port'])('is a port of %s that is taken, which is told', async (option) => {
    const simulator = await startSimulator();
    const port = String(simulator.port);
    expect(await sentenceOf(option, port)).toBe(`port ${port} is in use; choose another with ${option}\n`);
    await simulator.close();
  });

  it('is a folder where none can be made, which is told', async () => {
    expect(await sentenceOf('--data', '/proc/nowhere/below')).toBe('the folder of --data cannot be made: /proc/nowhere/below\n');
  });
});

describe('arguments', () => {
  it.each([
    [['--port', 'x'], '--port is x, but must be a number from 0 to 65535'],
    [['--control-port', '70000'], '--control-port is 70000, but must be a number from 0 to 65535'],
    [['--cert-file', 'a.pem'], '--cert-file and --key-file go together'],
    [['--seed', '/nowhere.json'], 'the file of --seed cannot be read: /nowhere.json'],
    [['--system-id', 'b2'], '--system-id is b2, but must be 16 hex digits'],
    [['--colour'], "Unknown option '--colour'"],
  ])('%j are answered with: %s', (args, sentence) => {
    expect(() => optionsOf(args)).toThrow(sentence);
  });

  it('give the array an id of its own, from which the others follow', async () => {
    const one = await startSimulator();
    const two = await startSimulator(optionsOf(['--system-id', '00000000000000B2']));
    expect(two.state.system.id).toBe('00000000000000b2');
    expect([...two.state.pools.keys()]).not.toEqual([...one.state.pools.keys()]);
    await Promise.all([one.close(), two.close()]);
  });

  it('take a seed from a file', async () => {
    const seedFile = join(folder, 'seed.json');
    await writeFile(seedFile, JSON.stringify({ systemId: '00000000000000ab', domains: [{ name: 'pd' }] }));
    const simulator = await startSimulator({ ...optionsOf(['--seed', seedFile, '--user', 'me']) });
    expect(simulator.state.system.id).toBe('00000000000000ab');
    await simulator.close();
    await writeFile(seedFile, '{');
    expect(() => optionsOf(['--seed', seedFile])).toThrow('the file of --seed is not JSON');
  });
});

describe('a certificate from files', () => {
  it('is the one that the gateway shows', async () => {
    const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    const made = await makeCertificate();
    await writeFile(files.cert, made.certificatePem);
    await writeFile(files.key, made.keyPem);
    const simulator = await startSimulator(optionsOf(['--cert-file', files.cert, '--key-file', files.key]));
    expect(simulator.certificatePem).toBe(made.certificatePem);
    expect(await shownFingerprint(simulator.port, made.certificatePem)).toBe(simulator.fingerprint256);
    await simulator.close();
  });

  it('must fit its key', async () => {
    const files = { cert: join(folder, 'other.pem'), key: join(folder, 'other-key.pem') };
    await writeFile(files.cert, (await makeCertificate()).certificatePem);
    for (const key of [(await makeCertificate()).keyPem, 'no key']) {
      await writeFile(files.key, key);
      expect(() => optionsOf(['--cert-file', files.cert, '--key-file', files.key])).toThrow(
        'are not a PEM certificate and its private key',
      );
    }
  });
});

describe('TLS', () => {
  it('shows the announced certificate, good for 127.0.0.1, and a new one at every start', async () => {
    const one = await startSimulator();
    const two = await startSimulator();
    expect(one.url).toBe(`https://127.0.0.1:${one.port}`);
    expect(await shownFingerprint(one.port, one.certificatePem)).toBe(one.fingerprint256);
    expect(two.fingerprint256).not.toBe(one.fingerprint256);
    await expect(shownFingerprint(two.port, one.certificatePem)).rejects.toThrow();
    await Promise.all([one.close(), two.close()]);
  });
});
