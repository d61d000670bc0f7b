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

  it('say that an array is reached at no address', () => {
    expect(readArguments([...least, '--without-network']).lacks).toEqual(['network']);
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
