import { type Bound, boundOf, type Provisioning } from '../capacity/bound.ts';
import { type CountBound, countBoundOf } from '../capacity/count.ts';
import { formatGib, roundUp } from '../capacity/size.ts';
import type { StoragePool, StorageProvider } from '../inventory/schemas.ts';

export interface PlacementRequest {
  /** Decides among pools that are about equally free: the same seed and figures give the same answer. */
  readonly seed: string;
  readonly varrayId: string;
  readonly count: number;
  /** Of each volume. */
  readonly requestedBytes: number;
  readonly provisioning: Provisioning;
  readonly allowsUnzeroedPools: boolean;
  readonly pools: readonly StoragePool[];
  readonly providers: ReadonlyMap<string, Pick<StorageProvider, 'name' | 'operations' | 'removal'>>;
  /** Why the virtual pool does not take a pool, by the pool's id; none or empty when it does. */
  readonly mismatches: ReadonlyMap<string, readonly string[]>;
}

/** A pool that may be used, and how many of the volumes fit. */
export interface Candidate {
  readonly pool: StoragePool;
  readonly provisionedBytes: number;
  readonly fits: number;
  readonly bound: Bound;
  readonly counts: CountBound;
  /** Why not more fit. */
  readonly limits: readonly string[];
}

export interface Refused {
  readonly poolId: string;
  readonly poolName: string;
  readonly reasons: readonly string[];
}

const brakeReason = (pool: StoragePool, request: PlacementRequest): string | undefined => {
  const provider = request.providers.get(pool.providerId);
  if (!provider) return 'its storage provider is not known';
  if (provider.removal) return `its storage provider ${provider.name} is being removed`;
  return provider.operations === 'normal' ? undefined : `its storage provider ${provider.name} is set to ${provider.operations}`;
};

const zeroReason = (pool: StoragePool, request: PlacementRequest): string | undefined =>
  pool.unwrittenReadsZero === 'yes' || request.allowsUnzeroedPools
    ? undefined
    : 'new volumes on it may show what old ones held, and the virtual pool does not allow that (allow_unzeroed_pools)';

const stateReasons = (pool: StoragePool, request: PlacementRequest): (string | undefined)[] => [
  pool.inactive ? 'it was removed' : undefined,
  pool.assignedVarrayIds.includes(request.varrayId) ? undefined : 'it is not assigned to the virtual array',
  pool.registration === 'registered' ? undefined : 'it is not registered',
  pool.visibility === 'visible' ? undefined : `discovery has not found it since ${pool.notVisibleSince ?? 'its last run'}`,
  pool.state === 'offline' ? 'it is offline' : undefined,
];

const sizeReason = (pool: StoragePool, provisionedBytes: number): string | undefined => {
  if (provisionedBytes < pool.minVolumeBytes) return `its volumes have at least ${formatGib(pool.minVolumeBytes)} GiB`;
  return provisionedBytes > pool.maxVolumeBytes ? `its volumes have at most ${formatGib(pool.maxVolumeBytes)} GiB` : undefined;
};

const present = <T>(values: readonly (T | undefined)[]): T[] => values.filter((value) => value !== undefined);

const spaceLimit = (leftBytes: number, provisionedBytes: number, request: PlacementRequest) => ({
  left: Math.max(0, Math.floor(leftBytes / provisionedBytes)),
  text: () =>
    `${formatGib(provisionedBytes * request.count)} GiB are needed and ${formatGib(Math.max(0, leftBytes))} GiB are left for ${request.provisioning} volumes`,
});

const refused = (pool: StoragePool, reasons: readonly string[]): Refused => ({ poolId: pool.id, poolName: pool.name, reasons });

/** Judges one pool: a candidate with the number that fit, or every reason against it. */
export const judgePool = (pool: StoragePool, request: PlacementRequest): Candidate | Refused => {
  const provisionedBytes = roundUp(request.requestedBytes, pool.sizeGranularityBytes);
  const reasons = present([
    ...stateReasons(pool, request),
    brakeReason(pool, request),
    ...(request.mismatches.get(pool.id) ?? []),
    zeroReason(pool, request),
    sizeReason(pool, provisionedBytes),
  ]);
  const bound = boundOf(pool, request.provisioning);
  if ('refusal' in bound) return refused(pool, [...reasons, bound.refusal]);
  if (reasons.length > 0) return refused(pool, reasons);
  const counts = countBoundOf(pool);
  const limits = [spaceLimit(bound.leftBytes, provisionedBytes, request), ...counts.limits];
  const fits = Math.min(...limits.map(({ left }) => left));
  const short = limits.filter(({ left }) => left < request.count).map(({ text }) => text());
  return fits === 0 ? refused(pool, short) : { pool, provisionedBytes, fits, bound, counts, limits: short };
};
