import { afterEach, describe, expect, it } from 'vitest';
import type { ApiVersion } from '../../../drivers/scaleio/simulator/versions.ts';
import { contractVersion } from '../../../drivers/sdk/driver.ts';
import { type StartedTarget, startTarget } from '../../support/scaleio-target.ts';

let target: StartedTarget | undefined;
afterEach(() => target?.simulator.close());

const ask = (started: StartedTarget, verb: string, input: unknown) =>
  started.serve(
    {
      ...{ contractVersion, verb, input, arrayId: started.arrayId, correlationId: 'account', deadline: Date.now() + 60_000 },
      ...{ connection: started.connection, options: {}, secretId: 'account' },
    },
    started.allowedCidrs,
  );

const start = async (apiVersion: ApiVersion, role: string): Promise<StartedTarget> => {
  target = await startTarget({ apiVersion, role });
  return target;
};

describe('over HTTPS, the driver tells of the account it was given', () => {
  it.each([
    ['2.5', 'Configure', false],
    ['3.0', 'FrontendConfigure', false],
    ['3.6', 'Monitor', false],
    ['4.5', 'StorageAdmin', false],
    ['2.5', 'SuperUser', true],
    ['3.0', 'Administrator', true],
    ['3.6', 'Security', true],
    ['4.5', 'SuperUser', true],
  ] as const)('release %s: the role %s, and whether it may do more than is needed: %s', async (apiVersion, role, moreThanNeeded) => {
    const { output } = await ask(await start(apiVersion, role), 'identify', null);
    expect(output).toMatchObject({ account: { role, moreThanNeeded } });
    const warnings = (output as { warnings: readonly string[] }).warnings.filter((warning) => warning.includes(role));
    expect(warnings).toHaveLength(moreThanNeeded ? 1 : 0);
  });

  it.each(['2.5', '3.0', '3.6', '4.5'] as const)(
    'release %s: one that may only look is refused each change by name, and the array stays as it was',
    async (apiVersion) => {
      const started = await start(apiVersion, 'Monitor');
      const before = started.simulator.dump();
      const [poolNativeId = ''] = started.simulator.state.pools.keys();
      const [systemNativeId = ''] = started.simulator.state.domains.keys();
      const intent = { ref: 'v', name: 'p-account', systemNativeId, poolNativeId, sizeBytes: 8 * 1024 ** 3, provisioningType: 'thin' };
      const { output, gatewayCalls } = await ask(started, 'ensureVolumes', { items: [intent] });
      expect(output).toMatchObject({
        items: [{ ref: 'v', status: 'rejected', error: { name: 'DriverRejected', code: 'credentials.refused', nativeCode: '168' } }],
      });
      expect(gatewayCalls.change).toBe(1);
      expect(started.simulator.dump()).toEqual(before);
      const inventory = await ask(started, 'readInventory', { scope: 'volumes', limit: 100 });
      expect(inventory.error).toBeUndefined();
    },
  );
});
