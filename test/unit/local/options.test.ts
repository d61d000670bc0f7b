import { describe, expect, it } from 'vitest';
import { HelpAsked, optionsOf, UsageError } from '../../../local/options.ts';

describe('the arguments of npm start', () => {
  it('have defaults', () => {
    expect(optionsOf([])).toEqual({
      dataDir: '.patina',
      port: 8080,
      tlsPort: 4443,
      withSimulators: false,
      arrayCidrs: '127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16',
      stage: 'dev',
    });
  });

  it('are taken as given', () => {
    const given = optionsOf([
      '--data',
      '/d',
      '--port',
      '0',
      '--tls-port',
      '1',
      '--with-simulators',
      '--array-cidrs',
      '10.0.0.0/8',
      '--stage',
      'x',
    ]);
    expect(given).toEqual({ dataDir: '/d', port: 0, tlsPort: 1, withSimulators: true, arrayCidrs: '10.0.0.0/8', stage: 'x' });
  });

  it.each([
    [['--bogus'], "Unknown option '--bogus'"],
    [['extra'], "Unexpected argument 'extra'"],
    [['--port'], "Option '--port <value>' argument missing"],
    [['--data', ''], '--data is empty'],
    [['--port', '65536'], '--port is 65536, but must be a number from 0 to 65535'],
    [['--tls-port', 'x'], '--tls-port is x, but must be a number from 0 to 65535'],
  ])('%j are refused with a reason', (args, message) => {
    expect(() => optionsOf(args)).toThrow(UsageError);
    expect(() => optionsOf(args)).toThrow(message);
  });

  it('are listed by --help, which is no mistake', () => {
    expect(() => optionsOf(['--help'])).toThrow(HelpAsked);
    expect(() => optionsOf(['--help'])).toThrow('--array-cidrs LIST');
  });
});
