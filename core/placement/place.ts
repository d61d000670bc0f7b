import { formatGib } from '../capacity/size.ts';
import type { Condition } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import type { StoragePool } from '../inventory/schemas.ts';
import { type Candidate, judgePool, type PlacementRequest, type Refused } from './candidates.ts';
import { draw } from './draw.ts';

export interface Placed {
  readonly pool: StoragePool;
  readonly count: number;
  /** Of each volume. */
  readonly provisionedBytes: number;
  /** Of the write that takes the capacity. */
  readonly conditions: readonly Condition[];
  readonly why: string;
}

export interface Placement {
  readonly placed: readonly Placed[];
  readonly refused: readonly Refused[];
}

const subscribedShare = ({ totalBytes, subscribedBytes }: StoragePool): number => subscribedBytes / totalBytes;

/** Most free space first, then least subscribed, then by id, so that the same figures always give the same answer. */
const byRank = (a: Candidate, b: Candidate): number =>
  b.pool.freeBytes - a.pool.freeBytes || subscribedShare(a.pool) - subscribedShare(b.pool) || (a.pool.id < b.pool.id ? -1 : 1);

const figures = ({ freeBytes, totalBytes, subscribedBytes }: StoragePool): string =>
  `${formatGib(freeBytes)} of ${formatGib(totalBytes)} GiB free, ${Math.round((subscribedBytes / totalBytes) * 100)} % subscribed`;

const placedOn = (candidate: Candidate, count: number, why: string): Placed => ({
  pool: candidate.pool,
  count,
  provisionedBytes: candidate.provisionedBytes,
  conditions: [...candidate.bound.taking(candidate.provisionedBytes * count), ...candidate.counts.taking(count)],
  why: `${candidate.pool.name}: ${why}; ${figures(candidate.pool)}`,
});

/** Pools with nearly as much free space as the best, and not much more of them promised. */
const nearFreeShare = 0.9;
const nearSubscribedShare = 0.1;

const nearlyAsGood = (best: Candidate, { pool }: Candidate): boolean =>
  pool.freeBytes >= best.pool.freeBytes * nearFreeShare && subscribedShare(pool) <= subscribedShare(best.pool) + nearSubscribedShare;

const reason = (able: number, near: number): string => {
  if (able === 1) return 'the only one that takes all';
  return near === 1 ? `most free space of ${able}` : `drawn by the order's name from ${near} of ${able} with about the most free space`;
};

/** Orders spread over pools that are about equally free, so that they do not all wait for the same pool. */
const together = (ranked: readonly Candidate[], { count, seed }: PlacementRequest): Placed[] => {
  const able = ranked.filter(({ fits }) => fits >= count);
  const [best] = able;
  const near = able.filter((candidate) => best !== undefined && nearlyAsGood(best, candidate));
  const drawn = draw(seed, near, ({ pool }) => ({ name: pool.id, weight: pool.freeBytes }));
  return drawn ? [placedOn(drawn, count, reason(able.length, near.length))] : [];
};

const spread = (ranked: readonly Candidate[], count: number): Placed[] => {
  const placed: Placed[] = [];
  let left = count;
  for (const candidate of ranked) {
    const taken = Math.min(left, candidate.fits);
    if (taken > 0) placed.push(placedOn(candidate, taken, `takes ${taken} of ${count}, no pool takes all`));
    left -= taken;
  }
  return left === 0 ? placed : [];
};

const shownReasons = 20;

const sentence = ({ poolName, reasons }: Refused): string => `${poolName}: ${reasons.join(', ')}`;

const nothingFits = (request: PlacementRequest, refused: readonly Refused[]): ControlPlaneError => {
  const what = `${request.count} ${request.provisioning} volume(s) of ${formatGib(request.requestedBytes)} GiB`;
  const more = refused.length > shownReasons ? `; and ${refused.length - shownReasons} more` : '';
  const reasons = refused.slice(0, shownReasons).map(sentence).join('; ');
  return new ControlPlaneError(
    refused.length === 0
      ? `no pool is assigned to the virtual array, so ${what} cannot be placed`
      : `${what} cannot be placed: ${reasons}${more}`,
    { code: 'placement.none' },
  );
};

const isRefused = (judged: Candidate | Refused): judged is Refused => 'reasons' in judged;

const isCandidate = (judged: Candidate | Refused): judged is Candidate => !isRefused(judged);

/** Where the volumes go: all in one pool if one takes them, else spread. Throws `placement.none` with the reasons of every pool. */
export const place = (request: PlacementRequest): Placement => {
  const judged = request.pools.map((pool) => judgePool(pool, request));
  const refused = judged.filter(isRefused);
  const ranked = judged.filter(isCandidate).sort(byRank);
  const one = together(ranked, request);
  const placed = one.length > 0 ? one : spread(ranked, request.count);
  if (placed.length > 0) return { placed, refused };
  const short = ranked.map(
    (candidate): Refused => ({
      poolId: candidate.pool.id,
      poolName: candidate.pool.name,
      reasons: [`it takes ${candidate.fits} of ${request.count}`, ...candidate.limits],
    }),
  );
  throw nothingFits(request, [...short, ...refused]);
};
