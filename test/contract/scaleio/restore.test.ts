import { afterEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import type { SimulatorOptions } from '../../../drivers/scaleio/simulator/start.ts';
import { type Bench, committed, only, openBench } from '../../../drivers/sdk/conformance/bench.ts';
import { take } from '../../../drivers/sdk/conformance/copy-bench.ts';
import { exportIntent } from '../../../drivers/sdk/conformance/export-bench.ts';
import type { ObservedVolume } from '../../../drivers/sdk/model.ts';
import { type StartedTarget, startTarget } from '../../support/scaleio-target.ts';

let target: StartedTarget;
let bench: Bench;

const start = async (options: SimulatorOptions = { apiVersion: '3.6' }): Promise<void> => {
  target = await startTarget(options);
  bench = await openBench(target);
};
afterEach(() => target.simulator.close());

const restoreItem = (to: ObservedVolume, from: ObservedVolume) => ({ ref: 'restore', target: committed(to), source: committed(from) });

describe('a restore', () => {
  it('writes over the target with one call, after a look at either side', async () => {
    await start();
    const volume = await bench.make();
    const snapshot = await take(bench, volume);
    const answer = await bench.serve('restoreVolumes', { items: [restoreItem(volume, snapshot)] });
    expect(answer.gatewayCalls).toMatchObject({ read: 2, change: 1 });
    expect(target.simulator.log.changes().at(-1)).toMatchObject({
      verb: 'overwriteVolumeContent',
      body: { srcVolumeId: snapshot.nativeId },
    });
  });

  it('is refused of itself, of another size, and while anything has the target mapped read-write', async () => {
    await start();
    const volume = await bench.make();
    const snapshot = await take(bench, volume);
    const grown = { ...volume, sizeBytes: 2 * volume.sizeBytes };
    await bench.items('expandVolumes', { items: [{ ref: 'e', volume: committed(volume), newSizeBytes: grown.sizeBytes }] });
    const items = [{ ...restoreItem(grown, grown), ref: 'itself' }, restoreItem(grown, snapshot)];
    for (const item of await bench.items('restoreVolumes', { items })) {
      expect(item).toMatchObject({ status: 'rejected', error: { code: 'request.invalid' } });
    }
    const small = await bench.make();
    const copy = await take(bench, small);
    await bench.output('ensureExports', exportIntent(bench, [small]));
    expect(await bench.items('restoreVolumes', { items: [restoreItem(small, copy)] })).toMatchObject([{ error: { code: 'object.inUse' } }]);
  });

  it('is refused of a volume that others look after', async () => {
    const volumes = [
      { name: 'v', pool: 'pool1', sizeGb: 8, marks: { volumeReplicationState: 'MarkedForReplication' } },
      { name: 's', ancestor: 'v' },
    ];
    await start({ apiVersion: '3.6', seed: { ...defaultSeed, volumes } });
    const [volume, snapshot] = [only(await bench.named('v')), only(await bench.named('s'))];
    expect(await bench.items('restoreVolumes', { items: [restoreItem(volume, snapshot)] })).toMatchObject([
      { status: 'rejected', error: { code: 'object.foreign', facts: { reason: 'replicated' } } },
    ]);
  });

  it('is not had before 3.0, not of a group either', async () => {
    await start({ apiVersion: '2.5' });
    const volume = await bench.make();
    const snapshot = await take(bench, volume);
    const members = [restoreItem(volume, snapshot)];
    expect((await bench.serve('restoreVolumes', { items: members })).error).toMatchObject({ code: 'capability.missing' });
    const items = [{ ref: 'g', groupNativeId: snapshot.groupNativeId ?? '', members }];
    expect(await bench.items('restoreGroups', { items })).toMatchObject([
      { status: 'rejected', error: { code: 'capability.missing', facts: { since: '3.0' } } },
    ]);
  });
});
