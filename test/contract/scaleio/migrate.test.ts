import { afterEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import type { SeedInput } from '../../../drivers/scaleio/simulator/seed-schema.ts';
import { type Bench, committed, only, openBench } from '../../../drivers/sdk/conformance/bench.ts';
import { take } from '../../../drivers/sdk/conformance/copy-bench.ts';
import type { ObservedVolume } from '../../../drivers/sdk/model.ts';
import type { OperationState } from '../../../drivers/sdk/verbs/operate.ts';
import type { BatchAnswer } from '../../../drivers/sdk/verbs.ts';
import { controlOf, type StartedTarget, startTarget } from '../../support/scaleio-target.ts';

let target: StartedTarget;
let bench: Bench;

const slow: SeedInput = { ...defaultSeed, behaviour: { migrationSeconds: 120 } };

const start = async (seed: SeedInput = slow): Promise<void> => {
  target = await startTarget({ apiVersion: '3.6', seed });
  bench = await openBench(target);
};
afterEach(() => target.simulator.close());

const otherPool = (volume: ObservedVolume): string => bench.pools.find(({ nativeId }) => nativeId !== volume.poolNativeId)?.nativeId ?? '';

const itemOf = (volume: ObservedVolume, changed: object = {}) => ({
  ref: volume.name,
  volume: committed(volume),
  targetPoolNativeId: otherPool(volume),
  movesWith: [],
  ...changed,
});

const migrate = (...items: readonly object[]) => bench.output<BatchAnswer<ObservedVolume>>('migrateVolumes', { items });

describe('moving a volume to another pool', () => {
  it('goes on inside the array, is followed by its handle, and is done when it ends', async () => {
    await start();
    const volume = await bench.make();
    const { items, operation } = await migrate(itemOf(volume));
    expect(items).toMatchObject([{ status: 'inProgress' }]);
    expect(operation).toMatchObject({ percent: 0, cancellable: true });
    const poll = () => bench.output<OperationState>('pollOperation', { handle: operation?.handle });
    expect(await poll()).toMatchObject({ state: 'running' });
    target.simulator.advanceClock(120);
    expect(await poll()).toMatchObject({ state: 'succeeded', percent: 100 });
    expect(await migrate(itemOf(volume))).toMatchObject({
      items: [{ status: 'done', outcome: 'found', observed: { poolNativeId: otherPool(volume) } }],
    });
  });

  it('goes back when it is cancelled: it comes to rest, is sent back, and is where it was', async () => {
    await start();
    const volume = await bench.make();
    const { operation } = await migrate(itemOf(volume));
    const cancel = () => bench.output<OperationState>('cancelOperation', { handle: operation?.handle });
    target.simulator.advanceClock(60);
    expect(await cancel()).toMatchObject({ state: 'running', retryAfterSeconds: 1 });
    expect(await cancel()).toMatchObject({ state: 'running', retryAfterSeconds: 1 });
    target.simulator.advanceClock(10);
    expect(await cancel()).toMatchObject({ state: 'running', cancellable: false });
    expect(await bench.output<OperationState>('pollOperation', { handle: operation?.handle })).toMatchObject({ state: 'running' });
    target.simulator.advanceClock(120);
    expect(await cancel()).toMatchObject({ state: 'cancelled', percent: 0 });
    expect(only(await bench.named(volume.name)).poolNativeId).toBe(volume.poolNativeId);
    expect(target.simulator.log.changes().slice(-2)).toMatchObject([
      { verb: 'pauseVTreeMigration', body: { pauseType: 'Gracefully' } },
      { verb: 'migrateVTree', body: { destSPId: volume.poolNativeId } },
    ]);
  });

  it('is found under way by who lost the handle, and began once', async () => {
    await start();
    const volume = await bench.make();
    const first = await migrate(itemOf(volume));
    const second = await migrate(itemOf(volume));
    expect(second.operation?.handle).toBe(first.operation?.handle);
    expect(target.simulator.log.changes().filter(({ verb }) => verb === 'migrateVTree')).toHaveLength(1);
  });

  it('moves the whole tree, and only when all that shares its blocks is listed', async () => {
    await start({ ...slow, behaviour: { migrationSeconds: 0 } });
    const volume = await bench.make();
    const snapshot = await take(bench, volume);
    expect(await migrate(itemOf(volume))).toMatchObject({ items: [{ status: 'rejected', error: { code: 'object.inUse' } }] });
    expect(await migrate(itemOf(volume, { movesWith: [snapshot.nativeId] }))).toMatchObject({
      items: [{ status: 'done', outcome: 'made' }],
    });
    expect(only(await bench.named(snapshot.name)).poolNativeId).toBe(otherPool(volume));
  });

  it('asked of a volume and its snapshot in one batch is one move, and one handle', async () => {
    await start();
    const volume = await bench.make();
    const snapshot = await take(bench, volume);
    const { items, operation } = await migrate(itemOf(volume), itemOf(snapshot));
    expect(items.map(({ status }) => status)).toEqual(['inProgress', 'inProgress']);
    expect(operation).toBeDefined();
    expect(target.simulator.log.changes().filter(({ verb }) => verb === 'migrateVTree')).toHaveLength(1);
  });

  it('is refused of a tree in which something is not ours to move', async () => {
    const volumes = [
      { name: 'v', pool: 'pool1', sizeGb: 8 },
      { name: 's', ancestor: 'v', marks: { lockedAutoSnapshot: true } },
    ];
    await start({ ...slow, volumes });
    const [volume, snapshot] = [only(await bench.named('v')), only(await bench.named('s'))];
    expect(await migrate(itemOf(volume, { movesWith: [snapshot.nativeId] }))).toMatchObject({
      items: [{ error: { code: 'object.foreign' } }],
    });
  });

  it.each([
    ['thick', 'thin', 'ThickToThin'],
    ['thin', 'thick', 'ThinToThick'],
    ['thin', 'thin', 'NoConversion'],
    ['thick', undefined, 'NoConversion'],
  ] as const)('of a %s volume to become %s says %s', async (from, to, conversion) => {
    await start();
    const volume = await bench.make({ provisioningType: from });
    await migrate(itemOf(volume, to === undefined ? {} : { provisioningType: to }));
    expect(target.simulator.log.changes().at(-1)?.body).toMatchObject({ volTypeConversion: conversion, allowDuringRebuild: 'FALSE' });
  });

  it('waits while the array is not whole', async () => {
    await start();
    const volume = await bench.make({ provisioningType: 'thick' });
    await controlOf(target.simulator)('POST', '/sdss/sds1/connection', { connected: false });
    expect(await migrate(itemOf(volume))).toMatchObject({ items: [{ status: 'busy', error: { code: 'array.busy' } }] });
    expect(target.simulator.log.changes().some(({ verb }) => verb === 'migrateVTree')).toBe(false);
  });

  it('to a third pool waits while it is on its way to a second', async () => {
    await start({ ...slow, pools: ['pool1', 'pool2', 'pool3'].map((name) => ({ name, domain: 'pd1' })) });
    const volume = await bench.make();
    const [second, third] = bench.pools.map(({ nativeId }) => nativeId).filter((nativeId) => nativeId !== volume.poolNativeId);
    await migrate(itemOf(volume, { targetPoolNativeId: second }));
    expect(await migrate(itemOf(volume, { targetPoolNativeId: third }))).toMatchObject({ items: [{ status: 'busy' }] });
  });

  it.each([717, 718])('that the array refuses with %i, and that is not under way, is looked at again', async (errorCode) => {
    await start();
    const volume = await bench.make();
    target.simulator.addFault({ match: { verb: 'migrateVTree' }, effect: 'error', error: { errorCode } });
    expect(await migrate(itemOf(volume))).toMatchObject({ items: [{ status: 'uncertain' }] });
    expect(await migrate(itemOf(volume))).toMatchObject({ items: [{ status: 'inProgress' }] });
  });
});
