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
const gone = new DriverError('gone', { outcome: 'DriverRejected', code: 'object.missing', nativeCode: '3' });

const run = (trees: readonly (object | DriverError)[]) => {
  const { gateway } = fakeGateway({
    answer: (path) => {
      const index = Number.parseInt(path.slice(-16), 16) - 1;
      const tree = trees[index];
      if (tree instanceof DriverError) throw tree;
      return { id: hex(index + 1), ...tree };
    },
  });
  return { gateway, limits: { atOnce: 1, startUntil: Number.MAX_SAFE_INTEGER, now: () => 0 } };
};

const handle = writeHandle(moving(2));

describe('a move', () => {
  it.each([
    ['is running while one tree is on its way, and half done', [there, onItsWay], { state: 'running', percent: 50 }],
    ['has succeeded when all are there', [there, there], { state: 'succeeded', percent: 100 }],
    ['has failed when one stopped where it was', [there, elsewhere], { state: 'failed', percent: 50, error: { code: 'array.refused' } }],
    ['has failed when one goes to another pool', [there, turnedAway], { state: 'failed' }],
    ['is unknown when a tree is gone', [there, gone], { state: 'unknown' }],
  ])('%s', async (_name, trees, state) => {
    expect(await pollOperation(run(trees), { handle })).toMatchObject({ ...state, cancellable: false });
  });

  it('cannot be cancelled while it runs, and answers its end when it has ended', async () => {
    await expect(cancelOperation(run([onItsWay, there]), { handle })).rejects.toMatchObject({ code: 'request.invalid' });
    expect(await cancelOperation(run([there, there]), { handle })).toMatchObject({ state: 'succeeded' });
  });
});
