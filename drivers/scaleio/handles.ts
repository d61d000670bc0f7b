import { DriverError } from '../sdk/errors.ts';

/** A tree on its way, and the pool it goes to. */
export interface Moving {
  vtreeId: string;
  poolId: string;
}

const prefix = 'm1.';
/** A handle has at most 4,096 characters. The trees beyond are told of by the verb that is called again. */
const mostTrees = 180;
const idLength = 16;

const unreadable = (): DriverError =>
  new DriverError('the handle was not given out by this driver', { outcome: 'DriverRejected', code: 'request.invalid' });

export const writeHandle = (trees: readonly Moving[]): string => {
  const ids = trees.slice(0, mostTrees).flatMap(({ vtreeId, poolId }) => [vtreeId, poolId]);
  return prefix + Buffer.from(ids.join(''), 'hex').toString('base64url');
};

export const readHandle = (handle: string): readonly Moving[] => {
  const ids = Buffer.from(handle.slice(prefix.length), 'base64url').toString('hex');
  if (!handle.startsWith(prefix) || ids === '' || ids.length % (2 * idLength) !== 0) throw unreadable();
  return Array.from({ length: ids.length / (2 * idLength) }, (_, index) => {
    const at = index * 2 * idLength;
    return { vtreeId: ids.slice(at, at + idLength), poolId: ids.slice(at + idLength, at + 2 * idLength) };
  });
};
