import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  capabilitiesNeeded,
  capabilityNames,
  capabilityVerbs,
  requireCapability,
  requireVersion,
  versionNeeded,
} from '../../../../drivers/sdk/capabilities.ts';
import { capabilityLimits, limitsSchema } from '../../../../drivers/sdk/capability-limits.ts';
import { type DriverDeclaration, declareDriver } from '../../../../drivers/sdk/driver.ts';
import { isVersionAtLeast } from '../../../../drivers/sdk/version.ts';
import { verbInputs } from '../../../../drivers/sdk/wire/verbs.ts';

const declaration: DriverDeclaration = declareDriver({
  type: 'paper',
  displayName: 'Paper array',
  interfaceType: 'paper',
  systemType: 'paper',
  protocols: ['FC'],
  capabilities: ['discovery', 'snapshot', 'migration'],
  capabilityDefinitions: { migration: { since: '3.0' }, snapshot: { limits: z.strictObject({ maxPerTree: z.int() }) } },
  options: z.strictObject({}),
  defaultPort: 443,
  maxNameLength: 31,
  namePrefix: 'p',
  graceSeconds: 1,
  maxConcurrentOperations: 1,
});

const thrown = (work: () => void): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('a capability', () => {
  it('has verbs, each of which belongs to it alone and takes something', () => {
    const verbs = Object.values(capabilityVerbs).flat();
    expect(new Set(verbs).size).toBe(verbs.length);
    expect([...verbs].sort()).toEqual(Object.keys(verbInputs).sort());
    expect(Object.keys(capabilityLimits).sort()).toEqual([...capabilityNames].sort());
  });

  it('that is not declared refuses its verbs by its name', () => {
    expect(thrown(() => requireCapability(declaration, 'ensureVolumes'))).toMatchObject({
      name: 'DriverRejected',
      code: 'capability.missing',
      facts: { capability: 'volume', verb: 'ensureVolumes' },
    });
    expect(thrown(() => requireCapability(declaration, 'readInventory'))).toBeUndefined();
    expect(thrown(() => requireCapability(declaration, 'identify'))).toBeUndefined();
  });

  it('of groups is needed by snapshots and full copies that name one', () => {
    expect(capabilitiesNeeded('ensureSnapshots', { items: [] })).toEqual(['snapshot']);
    expect(capabilitiesNeeded('ensureSnapshots', { items: [], groupRef: 'g' })).toEqual(['snapshot', 'consistency-group']);
    expect(capabilitiesNeeded('ensureFullCopies', { items: [], groupRef: 'g' })).toEqual(['full-copy', 'consistency-group']);
    expect(capabilitiesNeeded('readInventory', { groupRef: 'g' })).toEqual(['discovery']);
    expect(capabilitiesNeeded('identify', null)).toEqual([]);
    expect(thrown(() => requireCapability(declaration, 'ensureSnapshots', { groupRef: 'g' }))).toMatchObject({
      facts: { capability: 'consistency-group' },
    });
  });

  it('that a newer array has is refused on an older one, with the version that has it', () => {
    const needed = versionNeeded(declaration, 'migrateVolumes');
    expect(needed).toEqual([{ capability: 'migration', since: '3.0' }]);
    expect(thrown(() => requireVersion(needed, 'migrateVolumes', '2.5-254'))).toMatchObject({
      code: 'capability.missing',
      facts: { capability: 'migration', since: '3.0', version: '2.5-254' },
    });
    expect(thrown(() => requireVersion(needed, 'migrateVolumes', '3.6'))).toBeUndefined();
    expect(versionNeeded(declaration, 'readInventory')).toEqual([]);
    expect(versionNeeded({ ...declaration, capabilityDefinitions: {} }, 'migrateVolumes')).toEqual([]);
  });

  it('tells its limits in the shape the driver declares, or the usual one', () => {
    expect(limitsSchema(declaration, 'snapshot').safeParse({ maxPerTree: 126, other: 1 }).success).toBe(false);
    expect(limitsSchema(declaration, 'migration').safeParse({ wholeTree: true, other: 1 }).success).toBe(true);
    expect(limitsSchema(declaration, 'migration').safeParse({ wholeTree: 'yes' }).success).toBe(false);
  });
});

describe('a version', () => {
  it.each([
    ['3.6', '3.0', true],
    ['3.0', '3.0', true],
    ['3', '3.0.0', true],
    ['R3_6.0.354', '3.6', true],
    ['10.0', '9.9', true],
    ['2.9.9', '3.0', false],
    ['3.6', '3.6.1', false],
    ['unknown', '1', false],
  ])('%s is at least %s: %s', (version, wanted, isAtLeast) => {
    expect(isVersionAtLeast(version, wanted)).toBe(isAtLeast);
  });
});
