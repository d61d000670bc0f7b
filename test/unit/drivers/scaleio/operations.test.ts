import { describe, expect, it } from 'vitest';
import { readHandle, writeHandle } from '../../../../drivers/scaleio/handles.ts';
import { cancelOperation, pollOperation } from '../../../../drivers/scaleio/operations.ts';
import { DriverError } from '../../../../drivers/sdk/errors.ts';
import { fakeGateway } from '../../../support/fake-gateway.ts';

const hex = (value: number): string => value.toString(16).padStart(16, '0');
const moving = (count: number) => Array.from({ length: count }, (_, index) => ({ vtreeId: hex(index + 1), poolId: hex(1000) }));

describe('the handle of a move', () => {
  it('tells the trees and where they go', () => {
    expect(readHandle(writeHandle(moving(3)))).toEqual(moving(3));
  });

  it('is never longer than a handle may be', () => {
    expect(writeHandle(moving(1000)).length).toBeLessThanOrEqual(4096);
    expect(readHandle(writeHandle(moving(1000))).length).toBeGreaterThan(100);
  });

  it.each(['', 'm1.', 'm1.abc', 'made-up', 'm2.AAAAAAAAAAAAAAAAAAAAAA'])('%o is refused', (handle) => {
    expect(() => readHandle(handle)).toThrow(expect.objectContaining({ code: 'request.invalid' }));
  });
});

const there = { storagePoolId: hex(1000), vtreeMigrationInfo: { migrationStatus: 'NotInMigration' } };
const elsewhere = { storagePoolId: hex(7), vtreeMigrationInfo: { migrationStatus: 'NotInMigration' } };
const onItsWay = { storagePoolId: hex(7), vtreeMigrationInfo: { migrationStatus: 'MigrationNormal', destinationStoragePoolId: hex(1000) } };
const turnedAway = { storagePoolId: hex(7), vtreeMigrationInfo: { migrationStatus: 'Paused', destinationStoragePoolId: hex(8) } };
const goingBack = { storagePoolId: hex(7), vtreeMigrationInfo: { migrationStatus: 'MigrationNormal', destinationStoragePoolId: hex(7) } };
const withStatus = (migrationStatus: string) => ({ ...onItsWay, vtreeMigrationInfo: { ...onItsWay.vtreeMigrationInfo, migrationStatus } });
const gone = new DriverError('gone', { outcome: 'DriverRejected', code: 'object.missing', nativeCode: '3' });

const aVolume = { id: hex(50), sizeInKb: 8388608, storagePoolId: hex(7), volumeType: 'ThinProvisioned', creationTime: 0 };

const run = (trees: readonly (object | DriverError)[], volumes: readonly object[] = [aVolume]) => {
  const { gateway, calls } = fakeGateway({
    answer: (path) => {
      if (path.endsWith('relationships/Volume')) return volumes;
      if (path.includes('/action/')) return undefined;
      const index = Number.parseInt(path.slice(-16), 16) - 1;
      const tree = trees[index];
      if (tree instanceof DriverError) throw tree;
      return { id: hex(index + 1), ...tree };
    },
  });
  return { calls, gateway, limits: { atOnce: 1, startUntil: Number.MAX_SAFE_INTEGER, now: () => 0 } };
};

const handle = writeHandle(moving(2));

describe('a move', () => {
  it.each([
    ['is running while one tree is on its way, and half done', [there, onItsWay], { state: 'running', percent: 50, cancellable: true }],
    ['is running while one tree goes back', [there, goingBack], { state: 'running', percent: 50 }],
    ['has succeeded when all are there', [there, there], { state: 'succeeded', percent: 100 }],
    ['has failed when one stopped where it was', [there, elsewhere], { state: 'failed', percent: 50, error: { code: 'array.refused' } }],
    ['has failed when one goes to another pool', [there, turnedAway], { state: 'failed' }],
    ['is unknown when a tree is gone', [there, gone], { state: 'unknown' }],
  ])('%s', async (_name, trees, state) => {
    expect(await pollOperation(run(trees), { handle })).toMatchObject({ cancellable: false, ...state });
  });

  const actionsOf = (calls: readonly string[]) => calls.filter((path) => path.includes('/action/')).map((path) => path.split('/').at(-1));

  it.each([
    ['asks a tree that moves to come to rest', onItsWay, ['pauseVTreeMigration']],
    ['leaves a tree that comes to rest', withStatus('GracefullyPausing'), []],
    ['sends a tree back that rests', withStatus('Paused'), ['migrateVTree']],
    ['leaves a tree that goes back', goingBack, []],
  ])('that is cancelled %s', async (_, tree, actions) => {
    const cancelled = run([there, tree]);
    expect(await cancelOperation(cancelled, { handle })).toMatchObject({ state: 'running', percent: 50 });
    expect(actionsOf(cancelled.calls)).toEqual(actions);
  });

  it.each([
    ['has succeeded when all have arrived', [there, there], 'succeeded'],
    ['was cancelled when one is where it was', [there, elsewhere], 'cancelled'],
    ['is unknown when a tree is gone', [there, gone], 'unknown'],
  ])('that is cancelled and has ended %s, and changes nothing', async (_, trees, state) => {
    const cancelled = run(trees);
    const answer = await cancelOperation(cancelled, { handle });
    expect(answer).toMatchObject({ state, retryAfterSeconds: 0 });
    expect(answer).not.toHaveProperty('error');
    expect(actionsOf(cancelled.calls)).toEqual([]);
  });

  it('is not sent back when something in its tree is no longer ours to move', async () => {
    const locked = run([onItsWay, there], [aVolume, { ...aVolume, id: hex(51), lockedAutoSnapshot: true }]);
    await expect(cancelOperation(locked, { handle })).rejects.toMatchObject({ code: 'object.foreign' });
    expect(actionsOf(locked.calls)).toEqual([]);
  });

  it('of an empty tree is left alone', async () => {
    const cancelled = run([onItsWay, there], []);
    expect(await cancelOperation(cancelled, { handle })).toMatchObject({ state: 'running' });
    expect(actionsOf(cancelled.calls)).toEqual([]);
  });
});
