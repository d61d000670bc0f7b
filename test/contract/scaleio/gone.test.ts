import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import { type Bench, committed, openBench } from '../../../drivers/sdk/conformance/bench.ts';
import { snapshotIntent, takeAll } from '../../../drivers/sdk/conformance/copy-bench.ts';
import type { ObservedVolume } from '../../../drivers/sdk/model.ts';
import { controlOf, type StartedTarget, startTarget } from '../../support/scaleio-target.ts';

let target: StartedTarget;
let bench: Bench;

beforeAll(async () => {
  target = await startTarget({ apiVersion: '3.6', seed: { ...defaultSeed, systemId: '00000000000000ac' } });
  bench = await openBench(target);
});
afterAll(() => target.simulator.close());

const gone = async (): Promise<ObservedVolume> => {
  const volume = await bench.make();
  await bench.items('ensureVolumesAbsent', { items: [{ ref: 'remove', volume: committed(volume) }] });
  return volume;
};

const missing = [{ status: 'rejected', error: { code: 'object.missing' } }];

describe('a volume that is gone', () => {
  it('is neither limited, moved, restored nor restored from', async () => {
    const volume = committed(await gone());
    const there = committed(await bench.make());
    expect(await bench.items('ensureVolumeLimits', { items: [{ ref: 'a', volume, limits: {}, initiators: [] }] })).toMatchObject(missing);
    const move = { ref: 'a', volume, targetPoolNativeId: bench.pool.nativeId, movesWith: [] };
    expect(await bench.items('migrateVolumes', { items: [move] })).toMatchObject(missing);
    expect(await bench.items('restoreVolumes', { items: [{ ref: 'a', target: volume, source: there }] })).toMatchObject(missing);
    expect(await bench.items('restoreVolumes', { items: [{ ref: 'a', target: there, source: volume }] })).toMatchObject(missing);
  });
});

describe('a change that the array said it made and did not', () => {
  const ignores = (verb: string, match: object = {}) =>
    target.simulator.addFault({ match: { verb, ...match }, effect: 'garbage', garbage: 'empty', when: 'before' });

  it('leaves a new name open, and the next call gives it', async () => {
    const item = { ref: 'a', volume: committed(await bench.make()), newName: bench.newName() };
    ignores('setVolumeName');
    expect(await bench.items('renameVolumes', { items: [item] })).toMatchObject([{ status: 'uncertain' }]);
    expect(await bench.items('renameVolumes', { items: [item] })).toMatchObject([{ status: 'done', outcome: 'made' }]);
  });

  it('leaves a move open', async () => {
    const volume = await bench.make();
    const targetPoolNativeId = bench.pools.find(({ nativeId }) => nativeId !== volume.poolNativeId)?.nativeId ?? '';
    ignores('migrateVTree');
    const item = { ref: 'a', volume: committed(volume), targetPoolNativeId, movesWith: [] };
    expect(await bench.items('migrateVolumes', { items: [item] })).toMatchObject([{ status: 'uncertain' }]);
  });

  it('leaves maintenance on its way', async () => {
    const component = { type: 'port' as const, nativeId: bench.ports[0]?.nativeId ?? '', expectedName: bench.ports[0]?.name ?? '' };
    ignores('enterMaintenanceMode');
    expect(await bench.items('enterMaintenance', { items: [{ ref: 'a', component }] })).toMatchObject([{ status: 'inProgress' }]);
  });
});

describe('a failover of the array’s management', () => {
  it('keeps reads waiting and leaves changes open, until another manager answers', async () => {
    const volume = await bench.make();
    const intent = snapshotIntent(bench, volume);
    target.simulator.addFault({ match: { verb: 'snapshotVolumes' }, effect: 'error', when: 'after', error: { errorCode: 69 } });
    expect(await takeAll(bench, [intent])).toMatchObject([{ status: 'uncertain', error: { code: 'array.busy', nativeCode: '69' } }]);
    expect(await takeAll(bench, [intent])).toMatchObject([{ status: 'done', outcome: 'found' }]);
    await controlOf(target.simulator)('POST', '/failover', { calls: 2 });
    const look = () => bench.serve('readVolumes', { items: [{ ref: 'a', volume: committed(volume) }] });
    for (const _ of [1, 2]) {
      const { output, error } = await look();
      expect(error ?? (output as { items: readonly { error: object }[] }).items[0]?.error).toMatchObject({
        name: 'DriverBusy',
        code: 'array.busy',
      });
    }
    expect((await look()).output).toMatchObject({ items: [{ status: 'done' }] });
  });
});

describe('a release from management', () => {
  it('may give another name, and touches nothing that is not the recorded volume', async () => {
    const volume = await bench.make();
    const drifted = [{ ref: 'a', volume: { ...committed(volume), expectedName: 'another' } }];
    expect(await bench.items('releaseVolumes', { items: drifted })).toMatchObject([
      { status: 'rejected', error: { code: 'object.drifted' } },
    ]);
    const newName = bench.newName();
    const release = [{ ref: 'a', volume: committed(volume), newName }];
    expect(await bench.items('releaseVolumes', { items: release })).toMatchObject([{ outcome: 'made', observed: { name: newName } }]);
  });
});
