import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, committed, openBench, planned } from '../../../drivers/sdk/conformance/bench.ts';
import { exportIntent, exportPair } from '../../../drivers/sdk/conformance/export-bench.ts';
import type { DriverAnswer } from '../../../drivers/sdk/driver.ts';
import { type StartedTarget, startTarget } from '../../support/scaleio-target.ts';

let target: StartedTarget;
let bench: Bench;

beforeAll(async () => {
  target = await startTarget({ apiVersion: '3.6' });
  bench = await openBench(target);
});
afterAll(() => target.simulator.close());

const calls = ({ gatewayCalls: { read, change }, error }: DriverAnswer) => {
  expect(error).toBeUndefined();
  return { read, change };
};

/** Bodies of the calls that changed the array since. */
const changesDuring = async (work: () => Promise<unknown>) => {
  target.simulator.log.forgetChanges();
  await work();
  return target.simulator.log.changes().map(({ verb, body }) => ({ verb, body }));
};

describe('calls to the gateway', () => {
  it('for the first run of a session are a login, the version and who answers, and for an identity the account and the limits; for later runs only who answers', async () => {
    const fresh = await startTarget({ apiVersion: '3.6' });
    const client = (verb: string) => fresh.serve(bench.request(verb, null, { connection: fresh.connection }), fresh.allowedCidrs);
    expect((await client('identify')).gatewayCalls).toEqual({ login: 3, read: 2, change: 0 });
    expect((await client('identify')).gatewayCalls).toEqual({ login: 1, read: 0, change: 0 });
    expect(fresh.simulator.sessions.count).toBe(1);
    await fresh.simulator.close();
  });

  it('for one volume are three when it is made and two when it is found', async () => {
    const intent = bench.intent();
    expect(calls(await bench.serve('ensureVolumes', { items: [intent] }))).toEqual({ read: 2, change: 1 });
    expect(calls(await bench.serve('ensureVolumes', { items: [intent] }))).toEqual({ read: 2, change: 0 });
  });

  it('for many volumes are one each, with two looks for all of their names and one at what was made', async () => {
    const items = Array.from({ length: 200 }, (_, index) => bench.intent({ ref: `v${index}` }));
    expect(calls(await bench.serve('ensureVolumes', { items }))).toEqual({ read: 3, change: 200 });
    expect(calls(await bench.serve('ensureVolumes', { items }))).toEqual({ read: 202, change: 0 });
  });

  it('for some volumes are two each, and one look at what was made', async () => {
    const items = Array.from({ length: 12 }, (_, index) => bench.intent({ ref: `v${index}` }));
    expect(calls(await bench.serve('ensureVolumes', { items }))).toEqual({ read: 13, change: 12 });
    const one = bench.intent({ ref: 'new' });
    expect(calls(await bench.serve('ensureVolumes', { items: [...items, one] }))).toEqual({ read: 26, change: 1 });
  });

  it('for a thick volume are three, and one more in a session that has not seen its pool', async () => {
    const thick = () => ({ items: [bench.intent({ provisioningType: 'thick' })] });
    expect(calls(await bench.serve('ensureVolumes', thick()))).toEqual({ read: 3, change: 1 });
    expect(calls(await bench.serve('ensureVolumes', thick()))).toEqual({ read: 2, change: 1 });
  });

  it('for a new name are three, for limits two and one a mapping, for a restore three', async () => {
    const volume = await bench.make();
    const rename = { items: [{ ref: 'a', volume: committed(volume), newName: bench.newName() }] };
    expect(calls(await bench.serve('renameVolumes', rename))).toEqual({ read: 2, change: 1 });
    expect(calls(await bench.serve('renameVolumes', rename))).toEqual({ read: 1, change: 0 });
  });

  it('for a removal are two, for one that is done two, for taking back a plan four', async () => {
    const volume = await bench.make();
    const items = [{ ref: 'a', volume: committed(volume) }];
    expect(calls(await bench.serve('ensureVolumesAbsent', { items }))).toEqual({ read: 1, change: 1 });
    expect(calls(await bench.serve('ensureVolumesAbsent', { items }))).toEqual({ read: 2, change: 0 });
    const intent = bench.intent();
    await bench.serve('ensureVolumes', { items: [intent] });
    const undo = { items: [{ ref: 'a', volume: planned(intent) }] };
    expect(calls(await bench.serve('ensureVolumesAbsent', undo))).toEqual({ read: 3, change: 1 });
    expect(calls(await bench.serve('ensureVolumesAbsent', undo))).toEqual({ read: 1, change: 0 });
  });

  it('for growing are three, and one when it has grown', async () => {
    const volume = await bench.make();
    const items = [{ ref: 'a', volume: committed(volume), newSizeBytes: 2 * volume.sizeBytes }];
    expect(calls(await bench.serve('expandVolumes', { items }))).toEqual({ read: 2, change: 1 });
    expect(calls(await bench.serve('expandVolumes', { items }))).toEqual({ read: 1, change: 0 });
  });

  it('for an export are two and one for each mapping, and one when all is mapped', async () => {
    const volume = await bench.make();
    const intent = exportIntent(bench, [volume], { hosts: 2, mode: 'cluster' });
    expect(calls(await bench.serve('ensureExports', intent))).toEqual({ read: 2, change: 2 });
    expect(calls(await bench.serve('ensureExports', intent))).toEqual({ read: 1, change: 0 });
    expect(calls(await bench.serve('readExports', { items: [{ ref: 'a', volume: committed(volume) }] }))).toEqual({ read: 1, change: 0 });
    const items = [exportPair(bench, volume)];
    expect(calls(await bench.serve('ensureExportsAbsent', { items }))).toEqual({ read: 1, change: 1 });
    expect(calls(await bench.serve('ensureExportsAbsent', { items }))).toEqual({ read: 1, change: 0 });
  });

  it('for what is on the array do not grow with it', async () => {
    expect(calls(await bench.serve('readInventory', { scope: 'physical', limit: 1000 }))).toEqual({ read: 7, change: 0 });
    expect(calls(await bench.serve('readInventory', { scope: 'volumes', limit: 1000 }))).toEqual({ read: 4, change: 0 });
  });
});

describe('what is sent to the gateway', () => {
  it('says thin or thick, never leaving it to the array, and the size as a text', async () => {
    const thin = bench.intent({ provisioningType: 'thin' });
    const thick = bench.intent({ provisioningType: 'thick' });
    const bodies = await changesDuring(async () => {
      await bench.serve('ensureVolumes', { items: [thin] });
      await bench.serve('ensureVolumes', { items: [thick] });
    });
    expect(bodies.map(({ body }) => body)).toMatchObject([
      { name: thin.name, volumeType: 'ThinProvisioned', volumeSizeInKb: '8388608', storagePoolId: thin.poolNativeId },
      { name: thick.name, volumeType: 'ThickProvisioned' },
    ]);
  });

  it('removes one volume only, never its snapshots', async () => {
    const volume = await bench.make();
    const bodies = await changesDuring(() => bench.serve('ensureVolumesAbsent', { items: [{ ref: 'a', volume: committed(volume) }] }));
    expect(bodies).toEqual([{ verb: 'removeVolume', body: { removeMode: 'ONLY_ME' } }]);
  });

  it.each([
    { mode: 'exclusive', hosts: 1, allowed: 'FALSE' },
    { mode: 'exclusive', hosts: 2, allowed: 'TRUE' },
    { mode: 'shared', hosts: 1, allowed: 'TRUE' },
    { mode: 'cluster', hosts: 1, allowed: 'TRUE' },
  ] as const)('allows several mappings ($allowed) for $hosts hosts in mode $mode', async ({ mode, hosts, allowed }) => {
    const volume = await bench.make();
    const bodies = await changesDuring(() => bench.serve('ensureExports', exportIntent(bench, [volume], { mode, hosts })));
    expect(bodies).toHaveLength(hosts);
    for (const { body } of bodies) expect(body).toMatchObject({ allowMultipleMappings: allowed, accessMode: 'ReadWrite' });
  });

  it('sets limits in the units of the array', async () => {
    const volume = await bench.make();
    const limits = { iops: 11, bandwidthBytesPerSecond: 1024 ** 2 };
    const bodies = await changesDuring(() => bench.serve('ensureExports', exportIntent(bench, [volume], { limits })));
    expect(bodies[1]).toMatchObject({ verb: 'setMappedSdcLimits', body: { iopsLimit: '11', bandwidthLimitInKbps: '1024' } });
  });

  it('says nothing of access to releases before 3.0, which have no read-only mappings', async () => {
    const older = await startTarget({ apiVersion: '2.5' });
    const olderBench = await openBench(older);
    const volume = await olderBench.make();
    await olderBench.serve('ensureExports', exportIntent(olderBench, [volume]));
    expect(older.simulator.log.changes().at(-1)?.body).not.toHaveProperty('accessMode');
    const refused = await olderBench.serve('ensureExports', exportIntent(olderBench, [volume], { access: 'read-only' }));
    expect(refused.output).toMatchObject({ items: [{ status: 'rejected', error: { code: 'request.invalid' } }] });
    await older.simulator.close();
  });
});
