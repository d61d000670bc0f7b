import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { systemLimits } from '../../../../drivers/scaleio/system-limits.ts';
import { DriverError } from '../../../../drivers/sdk/errors.ts';
import { arrayRefuses, fakeGateway } from '../../../support/fake-gateway.ts';

const entries = (limits: Readonly<Record<string, number>>) => ({
  systemLimitEntryList: Object.entries(limits).map(([type, maxVal]) => ({ type, description: type, maxVal: String(maxVal) })),
});

const recorded: unknown = JSON.parse(
  readFileSync(new URL('../../../../drivers/scaleio/fixtures/csi-powerflex/get_system_limits.json', import.meta.url), 'utf8'),
);

const told = (answer: unknown, version = '3.6') => systemLimits(fakeGateway({ version, answer: () => answer }).gateway);

const refusing = (version: string) =>
  fakeGateway({
    version,
    answer: () => {
      throw arrayRefuses();
    },
  }).gateway;

describe('how many snapshots a tree may have', () => {
  it.each([
    ['2.5', 31],
    ['3.0', 126],
    ['3.6', 126],
    ['4.5', 126],
  ])('is by release %s, where the array does not tell, %i', async (version, snapshotsPerTree) => {
    expect(await systemLimits(refusing(version))).toEqual({ snapshotsPerTree });
    expect(await told(entries({}), version)).toEqual({ snapshotsPerTree });
  });

  it('is 126 by the limits recorded of a real array, of which one says 254 and the other 127 with the first volume', async () => {
    expect(await told(recorded)).toEqual({ snapshotsPerTree: 126, volumesPerSystem: 131_072, volumesPerHost: 8192, hosts: 2048 });
  });

  it('is what the array proves, when that is less or more than its release says', async () => {
    expect((await told(entries({ snapshotsPerVtree: 3 }))).snapshotsPerTree).toBe(3);
    expect((await told(entries({ volumePerVtree: 200 }))).snapshotsPerTree).toBe(199);
  });

  it('is asked once in a session, and again after a failure that says nothing of it', async () => {
    let fails = true;
    const { gateway, calls } = fakeGateway({
      answer: () => {
        if (fails) throw new DriverError('away', { outcome: 'DriverBusy', code: 'array.busy' });
        return entries({});
      },
    });
    await expect(systemLimits(gateway)).rejects.toMatchObject({ name: 'DriverBusy' });
    fails = false;
    await systemLimits(gateway);
    await systemLimits(gateway);
    expect(calls).toHaveLength(2);
  });
});
