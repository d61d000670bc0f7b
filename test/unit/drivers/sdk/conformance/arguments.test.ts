import { describe, expect, it } from 'vitest';
import { connectionOf, readArguments } from '../../../../../drivers/sdk/conformance/arguments.ts';

const least = ['--driver', 'scaleio', '--target', 'https://array.example', '--user', 'admin'];
const fingerprint = new Array(32).fill('ab').join(':');

describe('the arguments of a conformance run', () => {
  it('are a driver, a target and a user at least', () => {
    expect(readArguments(least)).toMatchObject({
      driver: { kind: 'own', type: 'scaleio' },
      user: 'admin',
      allowedCidrs: [],
      capabilities: undefined,
      lacks: [],
      caseSeconds: 180,
    });
  });

  it('say what the array lacks', () => {
    expect(readArguments([...least, '--without-network']).lacks).toEqual(['network']);
    expect(readArguments([...least, '--without-read-only-mappings']).lacks).toEqual(['read-only mappings']);
  });

  it('let a proxy come between driver and array where both can reach it, unless told otherwise', () => {
    const [, , ...rest] = least;
    expect(readArguments(least).faults).toBe(true);
    expect(readArguments(['--url', 'http://localhost:1/', ...rest]).faults).toBe(true);
    for (const far of [
      ['--url', 'http://driver.example/', ...rest],
      [...least, '--without-faults'],
      [...least, '--without-network'],
    ]) {
      expect(readArguments(far).faults).toBe(false);
    }
  });

  it('name what writes to volumes, which requests have effects, and new initiators', () => {
    const given = readArguments([...least, '--contents', 'sh io.sh', '--effects', 'e.json', '--new-initiator', 'nvme-tcp']);
    expect(given).toMatchObject({ contents: ['sh', 'io.sh'], effectsFile: 'e.json' });
    const [one, other] = [given.newInitiator?.(), given.newInitiator?.()];
    expect(one).toEqual({ type: 'nvme-tcp', id: expect.stringMatching(/^nqn\.2014-08\.org\.nvmexpress:uuid:[0-9a-f-]{36}$/) });
    expect(other?.id).not.toBe(one?.id);
    expect(readArguments([...least, '--new-initiator', 'iscsi']).newInitiator?.().id).toMatch(/^iqn\./);
  });

  it('name a driver of another process by its command or its address', () => {
    const [, , ...rest] = least;
    expect(readArguments(['--command', 'python3 driver.py', ...rest]).driver).toEqual({
      kind: 'command',
      command: ['python3', 'driver.py'],
    });
    expect(readArguments(['--url', 'http://127.0.0.1:1/', ...rest]).driver).toEqual({ kind: 'url', url: 'http://127.0.0.1:1/' });
  });

  it.each([
    [['--password', 'x', ...least], /password/],
    [least.slice(2), /one of --driver/],
    [[...least, '--url', 'http://x'], /one of --driver/],
    [['--driver', '../x', ...least.slice(2)], /no name of a driver/],
    [['--driver', 'scaleio', '--user', 'admin'], /--target/],
    [['--driver', 'scaleio', '--target', 'ftp://x', '--user', 'admin'], /--target/],
    [['--driver', 'scaleio', '--target', 'https://u:p@x', '--user', 'admin'], /must not hold/],
    [least.slice(0, 4), /--user is missing/],
    [[...least, '--seconds', 'soon'], /--seconds/],
    [[...least, '--new-initiator', 'sdc'], /--new-initiator sdc: must be one of nvme-tcp/],
  ])('%j are refused', (argv, sentence) => {
    expect(() => readArguments(argv)).toThrow(sentence);
  });

  it.each([
    { more: [], tls: { mode: 'public' }, port: 443 },
    { more: ['--sha256', fingerprint], tls: { mode: 'pinned', sha256: [fingerprint.toUpperCase()] }, port: 443 },
    { more: ['--ca', 'file'], pem: 'PEM', tls: { mode: 'ca', pem: 'PEM' }, port: 443 },
    { more: ['--target', 'https://array.example:8443'], tls: { mode: 'public' }, port: 8443 },
    { more: ['--target', 'http://array.example'], tls: { mode: 'none' }, port: 80 },
  ])('$more make the connection', ({ more, pem, tls, port }) => {
    expect(connectionOf(readArguments([...least, ...more]), pem)).toEqual({ endpoints: [{ host: 'array.example', port }], tls });
  });

  it('take an address of version 6 without its brackets', () => {
    const given = readArguments([...least, '--target', 'https://[2001:db8::1]:8443', '--allow', '2001:db8::/32', '--capability', 'volume']);
    expect(connectionOf(given, undefined).endpoints).toEqual([{ host: '2001:db8::1', port: 8443 }]);
    expect(given).toMatchObject({ allowedCidrs: ['2001:db8::/32'], capabilities: ['volume'] });
  });
});
