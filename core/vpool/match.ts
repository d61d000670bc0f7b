import type { StoragePool, VirtualPool } from '../inventory/schemas.ts';

/** What of a virtual pool decides which storage pools it takes. */
export type PoolCriteria = Pick<
  VirtualPool,
  | 'protocols'
  | 'varrayIds'
  | 'provisioningType'
  | 'systemType'
  | 'driveType'
  | 'useMatchedPools'
  | 'assignedPoolIds'
  | 'allowsUnzeroedPools'
>;

export interface PoolMatch {
  readonly pool: StoragePool;
  /** Why the pool does not match; empty when it does. */
  readonly reasons: readonly string[];
}

const said = (reasons: readonly (string | false | undefined)[]): string[] => reasons.filter((reason) => typeof reason === 'string');

const listed = (values: readonly string[]): string => (values.length === 0 ? 'none' : values.join(', '));

const missingProtocols = (criteria: PoolCriteria, pool: StoragePool): string[] => {
  const offered = pool.protocols.map((protocol) => protocol.toLowerCase());
  return criteria.protocols.filter((protocol) => !offered.includes(protocol.toLowerCase()));
};

const hasDrive = (pool: StoragePool, driveType: string): boolean =>
  pool.driveTypes.some((type) => type.toLowerCase() === driveType.toLowerCase());

/** Why the virtual pool does not take this storage pool, by what both are; not by the pool's state or place. */
export const mismatchesOf = (criteria: PoolCriteria, pool: StoragePool): string[] => {
  const { systemType, driveType, provisioningType } = criteria;
  const missing = missingProtocols(criteria, pool);
  return said([
    systemType !== undefined &&
      systemType !== pool.systemType &&
      `its system_type is ${pool.systemType}, the virtual pool wants ${systemType}`,
    missing.length > 0 && `it offers the protocols ${listed(pool.protocols)}, the virtual pool wants ${missing.join(', ')}`,
    !pool.provisioningTypes.includes(provisioningType) &&
      `it makes ${listed(pool.provisioningTypes)} volumes, the virtual pool wants ${provisioningType}`,
    driveType !== undefined &&
      !hasDrive(pool, driveType) &&
      `its drive types are ${listed(pool.driveTypes)}, the virtual pool wants ${driveType}`,
    !criteria.useMatchedPools && !criteria.assignedPoolIds.includes(pool.id) && 'it is not one of those assigned to the virtual pool',
  ]);
};

const stateReasons = (criteria: PoolCriteria, pool: StoragePool): string[] =>
  said([
    pool.inactive && 'it was removed',
    pool.registration !== 'registered' && 'it is not registered',
    pool.visibility !== 'visible' && `discovery has not found it since ${pool.notVisibleSince ?? 'its last run'}`,
    !pool.assignedVarrayIds.some((id) => criteria.varrayIds.includes(id)) && "it is assigned to none of the virtual pool's virtual arrays",
    pool.unwrittenReadsZero !== 'yes' &&
      !criteria.allowsUnzeroedPools &&
      'new volumes on it may show what old ones held, and the virtual pool does not allow that (allow_unzeroed_pools)',
  ]);

/** Each pool with every reason why the virtual pool cannot use it now; without a reason it matches. */
export const matchPools = (criteria: PoolCriteria, pools: readonly StoragePool[]): PoolMatch[] =>
  pools.map((pool) => ({ pool, reasons: [...stateReasons(criteria, pool), ...mismatchesOf(criteria, pool)] }));

export const matchingPools = (criteria: PoolCriteria, pools: readonly StoragePool[]): StoragePool[] =>
  matchPools(criteria, pools).flatMap(({ pool, reasons }) => (reasons.length === 0 ? [pool] : []));
