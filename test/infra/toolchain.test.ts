import { describe, expect, it } from 'vitest';
import { isAllowed, lockedPackages, refusedLicences } from '../measure/licences.ts';

describe('the toolchain', () => {
  it('is the Node.js that functions run on, whatever the machine has', () => {
    expect(process.versions.node).toMatch(/^24\./);
  });
});

describe('the licences', () => {
  it('of all locked packages may be used', () => {
    expect(Object.keys(lockedPackages()).length).toBeGreaterThan(100);
    expect(refusedLicences(lockedPackages())).toEqual([]);
  });

  it('are refused when they bind what ships, by name and package', () => {
    const packages = {
      '': { license: 'Apache-2.0' },
      'node_modules/ours': { license: 'MIT' },
      'node_modules/bound': { license: 'AGPL-3.0-only' },
      'node_modules/silent': {},
      'node_modules/shipped-mpl': { license: 'MPL-2.0' },
      'node_modules/tool-mpl': { license: 'MPL-2.0', dev: true },
    };
    expect(refusedLicences(packages)).toEqual([
      'node_modules/bound: AGPL-3.0-only, and it is shipped',
      'node_modules/silent: no licence, and it is shipped',
      'node_modules/shipped-mpl: MPL-2.0, and it is shipped',
    ]);
  });

  it.each([
    ['(MIT OR GPL-3.0)', true],
    ['GPL-2.0 OR GPL-3.0', false],
    ['MIT AND Apache-2.0', true],
    ['MIT AND GPL-3.0', false],
  ])('%s: %s', (licence, allowed) => {
    expect(isAllowed(licence, ['MIT', 'Apache-2.0'])).toBe(allowed);
  });
});
