import type { Condition } from '../change.ts';
import type { StoragePool } from '../inventory/schemas.ts';

/** What of a pool's row decides how much may be promised on it. */
export type PoolFigures = Pick<
  StoragePool,
  | 'totalBytes'
  | 'freeBytes'
  | 'subscribedBytes'
  | 'managedBytes'
  | 'managedThickBytes'
  | 'observedManagedBytes'
  | 'observedManagedThickBytes'
  | 'observation'
  | 'maxUtilizationPercent'
  | 'maxSubscriptionPercent'
>;

export type Provisioning = 'thin' | 'thick';

export const defaultMaxUtilizationPercent = 75;
export const defaultMaxSubscriptionPercent = 300;

export interface Bound {
  /** What may still be promised; negative when more was promised than is allowed now. */
  readonly leftBytes: number;
  /**
   * What must hold in the transaction that takes so many bytes: nobody took them since, and the figures are those that were judged.
   * The transaction adds as many to the same counters.
   */
  readonly taking: (bytes: number) => readonly Condition[];
}

/** Why a pool takes nothing at all. */
export interface NoBound {
  readonly refusal: string;
}

const keptFreeBytes = (pool: PoolFigures): number =>
  Math.ceil(pool.totalBytes * (1 - (pool.maxUtilizationPercent || defaultMaxUtilizationPercent) / 100));

/** By the last observation. Used space stops thin volumes whatever their size: they do not take it at once. */
const thinRoom = (pool: PoolFigures): number | NoBound => {
  const usedPercent = 100 - (pool.freeBytes / pool.totalBytes) * 100;
  const mostPercent = pool.maxUtilizationPercent || defaultMaxUtilizationPercent;
  if (usedPercent > mostPercent) return { refusal: `${usedPercent.toFixed(1)} % of it is used, more than the ${mostPercent} % allowed` };
  const share = (pool.maxSubscriptionPercent || defaultMaxSubscriptionPercent) / 100;
  return Math.floor(pool.totalBytes * share) - pool.subscribedBytes;
};

/** Thick volumes never reach into the share that is kept free, nor beyond what the array has. */
const thickRoom = (pool: PoolFigures): number => pool.freeBytes - Math.max(0, keptFreeBytes(pool));

const thinBound = (pool: PoolFigures, most: number): Bound => ({
  leftBytes: most - pool.managedBytes,
  taking: (bytes) => [
    { attribute: 'managedBytes', is: '<=', value: most - bytes },
    { attribute: 'observation', is: '=', value: pool.observation },
  ],
});

/**
 * A removed thin volume gives back its promise, but not as much space: thick volumes have a second bound, over thick ones alone. Where no
 * observation of those is known, none counts as observed, which is too careful and never too bold.
 */
const thickBound = (pool: PoolFigures, room: number): Bound => {
  const both = thinBound(pool, pool.observedManagedBytes + room);
  const most = (pool.observedManagedThickBytes ?? 0) + room;
  return {
    leftBytes: Math.min(both.leftBytes, most - pool.managedThickBytes),
    taking: (bytes) => [...both.taking(bytes), { attribute: 'managedThickBytes', is: '<=', value: most - bytes }],
  };
};

/**
 * How much may be promised on a pool. `managedBytes` may exceed what the last observation surely included by the room that this
 * observation left, and no more: later promises are in `managedBytes` and not yet in the observed figures.
 */
export const boundOf = (pool: PoolFigures, provisioning: Provisioning): Bound | NoBound => {
  if (pool.totalBytes <= 0) return { refusal: 'its capacity is not known' };
  if (provisioning === 'thick') return thickBound(pool, thickRoom(pool));
  const room = thinRoom(pool);
  return typeof room === 'number' ? thinBound(pool, pool.observedManagedBytes + room) : room;
};
