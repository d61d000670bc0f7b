import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { conformanceCases, runConformanceCase } from '../../../../drivers/sdk/conformance/suite.ts';
import type { ConformanceTarget } from '../../../../drivers/sdk/conformance/target.ts';
import { declareDriver, implementDriver } from '../../../../drivers/sdk/driver.ts';
import { serveRequest } from '../../../../drivers/sdk/serve-request.ts';
import type { InventoryPage } from '../../../../drivers/sdk/verbs.ts';

const declaration = declareDriver({
  type: 'paper',
  displayName: 'Paper array',
  interfaceType: 'paper',
  systemType: 'paper',
  protocols: ['Paper'],
  capabilities: ['discovery'],
  options: z.strictObject({}),
  defaultPort: 443,
  maxNameLength: 31,
  namePrefix: 'p',
  graceSeconds: 1,
  maxConcurrentOperations: 1,
});

const pool: InventoryPage['pools'][number] = {
  nativeId: 'pool',
  systemNativeId: 'system',
  name: 'pool',
  state: 'online',
  provisioningTypes: ['thin'],
  driveTypes: [],
  totalBytes: 100,
  freeBytes: 100,
  subscribedBytes: 0,
  minVolumeBytes: 1,
  maxVolumeBytes: 10,
  sizeGranularityBytes: 1,
  unwrittenReadsZero: 'yes',
  compression: false,
  statisticsLagSeconds: 0,
  volumeCount: 0,
};

const identity = { arrayId: 'a1', vendor: 'v', model: 'm', version: '1', warnings: [] };
const system = { nativeId: 'system', name: 's', serialNumber: '1', firmwareVersion: '1', model: 'm', state: 'online' as const };

/** A read-only array, with what a case is to find wrong with it. */
const target = (wrong: Partial<InventoryPage> = {}): ConformanceTarget => {
  const page: InventoryPage = { systems: [system], pools: [pool], ports: [], hosts: [], volumes: [], complete: true, ...wrong };
  const driver = implementDriver(declaration, {
    open: async () => ({ identify: async () => identity, readInventory: async () => page }),
    checkConnection: async () => identity,
  });
  const credentials = { username: 'u', password: 'p' };
  return {
    declaration,
    connection: { endpoints: [{ host: '10.0.0.1', port: 443 }], tls: { mode: 'public' } },
    credentials,
    arrayId: 'a1',
    options: {},
    allowedCidrs: ['10.0.0.0/8'],
    serve: (request, allowedCidrs) => serveRequest(driver, request, { credentials: async () => credentials, now: Date.now, allowedCidrs }),
  };
};

const cases = conformanceCases(declaration);
const named = (part: string) => {
  const [found] = cases.filter(({ name }) => name.includes(part));
  if (found === undefined) throw new Error(`there is no case about ${part}`);
  return found;
};

describe('the conformance suite', () => {
  it('holds for a driver the cases of what it declares, and that it refuses the rest by name', async () => {
    expect(new Set(cases.map(({ capability }) => capability))).toEqual(new Set(['identity', 'discovery']));
    for (const capability of ['volume', 'volume.expand', 'export']) {
      expect(await runConformanceCase(target(), named(`verbs of ${capability},`))).toEqual({ status: 'passed' });
    }
  });

  it('says what a target would have to offer for a case', async () => {
    expect(await runConformanceCase(target(), named('in the middle of a session'))).toEqual({ status: 'notApplicable', needs: ['faults'] });
    expect(await runConformanceCase(target(), named('what others made'))).toEqual({ status: 'notApplicable', needs: ['outsider'] });
  });

  it('fails a driver that breaks a promise', async () => {
    const lies = target({ pools: [{ ...pool, freeBytes: 200 }] });
    await expect(runConformanceCase(lies, named('capacities in whole bytes'))).rejects.toThrow();
    await expect(runConformanceCase(target(), named('not the pinned one'))).rejects.toThrow();
  });

  it('does not run where there is no pool', async () => {
    await expect(runConformanceCase(target({ pools: [] }), named('capacities'))).rejects.toThrow(/no pool/);
  });
});
